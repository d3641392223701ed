"""What happens when the society speaks of its members."""

from core.membership.services.arriving import read_ticket, use_ticket
from core.membership.services.keys import make_key, make_token, token_of, withdraw
from core.membership.services.restoring import noted, put_back
from core.membership.services.taking import Taken, find, take

__all__ = [
    "Taken",
    "find",
    "make_key",
    "make_token",
    "noted",
    "put_back",
    "read_ticket",
    "take",
    "token_of",
    "use_ticket",
    "withdraw",
]
