"""What happens to invitations and files of people."""
