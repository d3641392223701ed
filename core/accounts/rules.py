"""What a name, a username, a role and a time zone may be. No database."""

import re
import unicodedata
import zoneinfo
from datetime import datetime, timedelta
from functools import cache

ROLE_KEYS = ("mentor", "mentee")
USERNAME_LENGTH = 50
"""Of usernames made from names: room is left for a number."""
ROLE_IN_SESSION = "acting_as"
SIGNED_IN_AT = "signed_in_at"
RECENTLY = timedelta(minutes=5)
"""So long nobody is asked again who they are (`ACCOUNT_REAUTHENTICATION_TIMEOUT` says the same)."""
RETURN = "account-return"
"""The purpose of the link that opens a deleted account again."""

# Names that a stranger could pass for the institute's own.
RESERVED_USERNAMES = frozenset(
    [
        "abuse", "admin", "administrator", "help", "helpdesk", "info", "moderator", "no-reply",
        "noreply", "postmaster", "programme", "root", "security", "staff", "support", "system",
        "team", "webmaster",
    ]
)  # fmt: skip

_NOT_IN_NAMES = re.compile(r"[<>@\\{}|^~\[\]]|://|www\.|https?:", re.IGNORECASE)


def microseconds(at: datetime) -> int:
    """A moment as one number, for links."""
    return round(at.timestamp() * 1_000_000)


class NameRefusedError(ValueError):
    """A name of a person or a workplace cannot be kept; the text is for people."""


def clean_name(text: str) -> str:
    """Give a name in one line.

    Names are printed in mails to strangers, so whatever looks like an address or hidden
    characters is refused with NameRefusedError.
    """
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    if _NOT_IN_NAMES.search(text) or any(unicodedata.category(c)[0] == "C" for c in text):
        raise NameRefusedError("Use letters, numbers, spaces and plain punctuation only.")
    return text


def clean_phone(text: str) -> str:
    """Give a telephone number as people write it; NameRefusedError for anything else."""
    text = " ".join(text.split())
    if text and not re.fullmatch(r"\+?[0-9 ().\-/x]{5,40}", text):
        raise NameRefusedError("Enter a telephone number, for example +44 20 7946 0000.")
    return text


def username_from(first: str, last: str) -> str:
    """ "Zoë", "O'Neill" → "zoe.oneill"; "" when no letter of it can stand in a username."""
    parts = []
    for text in (first, last):
        plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
        parts.append(re.sub(r"[^a-z0-9]+", "", plain))
    return ".".join(part for part in parts if part)[:USERNAME_LENGTH].strip(".")


@cache
def time_zones() -> tuple[str, ...]:
    """The zones to choose from: places, and UTC."""
    places = (
        "Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian",
        "Pacific",
    )  # fmt: skip
    known = zoneinfo.available_timezones()
    return (*sorted(zone for zone in known if zone.split("/")[0] in places), "UTC")
