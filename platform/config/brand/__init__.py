"""The brand editor on the staff site. It stands here because looks know nothing of the core."""
