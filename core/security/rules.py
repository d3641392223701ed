"""Browsers in words, and what makes two of them the same. No database."""

import hashlib
import re
from typing import Final

_FAMILIES: Final = (
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"), ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"),
    ("Mac OS X", "macOS"), ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def browser_in_words(user_agent: str) -> str:
    """ "Firefox on Windows", as far as the browser says."""
    family = next((name for mark, name in _FAMILIES if mark in user_agent), "A browser")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{family} on {system}" if system else family


def digest_of_browser(user_agent: str) -> str:
    """The same for each version of a browser: an update is no new browser."""
    kind = re.sub(r"[\d._]+", "", user_agent)
    return hashlib.sha256(kind.encode()).hexdigest()[:32]
