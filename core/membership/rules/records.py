"""What the society tells us of one person, and what follows for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, Final

LONGEST_SUBJECT: Final = 255
LONGEST_NUMBER: Final = 80
SOCIETY: Final = "society"
"""Issuer of subjects that come by hand-over, SCIM, pull or import: the society's own list."""


class Status(StrEnum):
    """How somebody stands with the society."""

    CURRENT = "current"
    LAPSED = "lapsed"
    ENDED = "ended"


class Source(StrEnum):
    """By which bridge something came."""

    OIDC = "oidc"
    SAML = "saml"
    HANDOVER = "handover"
    SCIM = "scim"
    PULL = "pull"
    IMPORT = "import"


PUSHED: Final = frozenset({Source.SCIM, Source.PULL, Source.IMPORT})
"""Bridges over which nobody is there in person: they never touch the programme team."""
SIGN_INS: Final = frozenset({Source.OIDC, Source.SAML})
"""Bridges over which a provider vouches for who is there."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """One member as the society describes them.

    subject: the society's own key of the person, which never changes. issuer: whose key that is
    (an OIDC or SAML provider's id); keys of two issuers never meet. status: "lapsed" and "ended"
    both begin the days of grace. answers: values of profile fields by key. None says
    nothing and leaves things as they are.
    """

    subject: str = ""
    email: str = ""
    email_verified: bool = False
    first_name: str | None = None
    last_name: str | None = None
    number: str | None = None
    status: Status | str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    roles: tuple[str, ...] = ()
    issuer: str = SOCIETY
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """What is open to a person at this moment.

    sentence: why not everything is, "" when all is well. may_act: False for whoever may only look.
    """

    may_sign_in: bool = True
    may_ask: bool = True
    may_act: bool = True
    sentence: str = ""


def grace(days: int) -> timedelta:
    """How long everything stays open to somebody whose membership has lapsed."""
    return timedelta(days=days)
