"""What a survey is, and what may be shown of its answers. No database."""
