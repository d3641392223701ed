"""What happens to people's data."""
