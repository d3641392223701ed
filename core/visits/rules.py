"""What a visit is (issue 2, part 10): pure rules, no database and no Django.

A visit is one stay of a browser. Thirty minutes without a page end it. Pages that a robot or the
browser itself asked for are no visits.
"""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

SILENCE: Final = 30 * 60  # seconds
IN_SESSION: Final = "stay"

_ROBOT: Final = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|scrap|archiv|monitor|uptime|pingdom|health|probe|headless|"
    r"lighthouse|preview|facebookexternalhit|whatsapp|embedly|feed|validator|scanner|nikto|sqlmap|"
    r"^(curl|wget|python|go-http|java|okhttp|ruby|perl|php|axios|node|libwww|httpie|postman|"
    r"apache-httpclient|aiohttp|httpx|django)\b|-http-?client|http_request",
    re.IGNORECASE,
)


class Kind(StrEnum):
    """Who came."""

    GUEST = "guest"
    MENTOR = "mentor"
    MENTEE = "mentee"
    STAFF = "staff"


def is_robot(user_agent: str) -> bool:
    """Whether a browser's name is that of a machine. Every browser of a person has a name."""
    return not user_agent.strip() or _ROBOT.search(user_agent) is not None


def is_looking_ahead(headers: Mapping[str, str]) -> bool:
    """Whether the browser fetches or draws a page that nobody has opened yet."""
    purposes = (headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"))
    return any("prefetch" in purpose or "preview" in purpose for purpose in purposes)


def kind_of(*, is_staff: bool, acting_as: str | None, is_mentor: bool, is_mentee: bool) -> Kind:
    """The kind of a person who is signed in.

    Staff count as staff whatever else they are. Everybody else counts by the role in force; who
    has not chosen one counts by the role they have, and who has none yet as a guest.
    """
    if is_staff:
        return Kind.STAFF
    if acting_as in (Kind.MENTOR, Kind.MENTEE):
        return Kind(acting_as)
    if is_mentee:
        return Kind.MENTEE
    return Kind.MENTOR if is_mentor else Kind.GUEST
