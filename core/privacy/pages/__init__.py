"""What members do with their own data."""
