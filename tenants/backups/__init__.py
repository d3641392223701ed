"""Backing up, restoring and deleting one institute: its schema and its files in one archive."""
