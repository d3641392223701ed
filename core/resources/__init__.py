"""Guides for mentors and mentees, and who has read which."""
