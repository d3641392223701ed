"""What is stored about a person: shown, downloaded, erased, kept no longer than needed."""
