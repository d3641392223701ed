"""The doors for the society's systems."""
