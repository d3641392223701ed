"""Reading invitations, imports and people by many signs at once."""

from core.people.queries.invitations import (
    STATES,
    Standing,
    by_token,
    invitations,
    member_with,
    standing_of,
    waiting_account,
)

__all__ = [
    "STATES",
    "Standing",
    "by_token",
    "invitations",
    "member_with",
    "standing_of",
    "waiting_account",
]
