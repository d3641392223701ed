"""What mentors offer and mentees want: the institute's own fields and people's answers."""
