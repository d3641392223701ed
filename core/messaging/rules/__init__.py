"""Rules of writing and of files, without a database."""
