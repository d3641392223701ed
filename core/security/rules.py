"""Browsers in words, what makes two of them the same, and what stand-ins may open. No database."""

import hashlib
import re
from datetime import timedelta
from enum import StrEnum
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


class StandInKind(StrEnum):
    """Who stands in: one of the programme team for a member, or an operator for nobody."""

    STAFF = "staff"
    OPERATOR = "operator"


STAFF_MINUTES: Final = 30
LONGEST_VISIT: Final = 240
"""Minutes: the longest support visit."""
LINK_LIVES: Final = timedelta(minutes=5)
VISIT: Final = "support-visit"
"""The purpose of the link that begins a support visit."""
SHOWN: Final = "support-visit-shown"
"""The purpose of the link with which an operator who was asked again comes back to the visit."""
SHOWN_LIVES: Final = timedelta(minutes=2)
IN_SESSION: Final = "stand_in"
GOES_ON: Final = "visit_goes_on"
"""Where in the session the page is kept to which such a link leads."""

_EVERYBODY = frozenset({
    "brand_css", "brand_logo", "brand_icon", "front", "help:faqs", "help:faq", "help:legal",
    "account_logout", "security:stop", "security:visit", "security:again",
    "security:visit_shown", "security:unsent",
})  # fmt: skip
_OPEN_TO_STAFF = _EVERYBODY | frozenset({
    "accounts:edit", "accounts:role", "profiles:edit", "profiles:preview", "profiles:ready",
    "matching:search", "mentorships:mentor", "mentorships:waiting", "mentorships:availability",
    "mentorships:dashboard", "mentorships:detail", "mentorships:act", "resources:list",
    "resources:guide", "resources:picture", "resources:video", "resources:captions",
    "institute_file",
})  # fmt: skip
_OPEN_TO_OPERATORS = _EVERYBODY | frozenset({
    "resources:picture", "resources:video", "resources:captions", "institute_file",
    "papers:paper", "papers:file",
})  # fmt: skip


def is_open(kind: StandInKind, view_name: str) -> bool:
    """Whether a stand-in may open a page of this name ("diary:list").

    Whatever is not named is closed: messages, diary, shared sheets and goals, meetings and their
    notes, feedback, video chat, blocks, and all that decides over the account or its sign-in.
    """
    if kind is StandInKind.OPERATOR:
        return view_name in _OPEN_TO_OPERATORS or view_name.startswith("staff:")
    return view_name in _OPEN_TO_STAFF


def names_of_open_pages() -> frozenset[str]:
    """Every name in the lists, so that a test finds the dead ones."""
    return _OPEN_TO_STAFF | _OPEN_TO_OPERATORS
