"""What staff fill in about their programme."""
