"""How much may be written and how often (pure)."""

from datetime import timedelta

LONGEST_TEXT = 8000
MESSAGES_A_PAGE = 30
TALKS_A_PAGE = 25

MESSAGES_IN_TEN_MINUTES = 40
QUESTIONS_A_DAY = 10

MAIL_AFTER = timedelta(minutes=3)
"""How long a message waits for its reader before a mail tells of it and of what came since."""

POLL_SECONDS = 6


def clean(text: str) -> str:
    """What somebody typed, with one kind of line end and without control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or c.isprintable()).strip()
