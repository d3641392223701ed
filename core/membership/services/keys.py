"""Keys of the hand-over and tokens of SCIM: made, followed by others, withdrawn."""

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from django.db import transaction

from core.kernel import audit
from core.kernel.audit import Actor
from core.kernel.clock import now
from core.kernel.errors import Conflict
from core.kernel.sealing import seal
from core.membership.models import Key, Token

PURPOSE: Final = "membership hand-over"
OVERLAP: Final = timedelta(days=7)
"""How long a key stays good beside the one that follows it."""
SEEN_EVERY: Final = timedelta(minutes=5)


@transaction.atomic
def make_key(label: str, *, by: Actor, instead_of: Key | None = None) -> tuple[Key, str]:
    """Make a key for hand-overs. Out: it, and its secret, which is shown this once.

    In: `instead_of` is good for seven days more, so that the society's site can change over.
    """
    secret = secrets.token_urlsafe(48)
    made = Key.objects.create(
        kid=secrets.token_hex(8),
        label=label,
        sealed=seal(PURPOSE, secret),
        made_by_name=by.full_name,
    )
    audit.record("hand-over key made", thing=made, by=by, label=label)
    if instead_of is not None:
        Key.objects.filter(pk=instead_of.pk, withdrawn_at=None, ends_at=None).update(
            ends_at=now() + OVERLAP
        )
    return made, secret


@transaction.atomic
def make_token(label: str, *, by: Actor) -> tuple[Token, str]:
    """Make a token for SCIM. Out: it, and its text, which is shown this once."""
    text = "scim_" + secrets.token_urlsafe(40)
    made = Token.objects.create(
        label=label, digest=digest_of(text), hint=text[-4:], made_by_name=by.full_name
    )
    audit.record("scim token made", thing=made, by=by, label=label)
    return made, text


@transaction.atomic
def withdraw(thing: Key | Token, *, by: Actor) -> None:
    """Let a key or a token be good no more, at once. Errors: Conflict when it was withdrawn."""
    rows = type(thing).objects.filter(pk=thing.pk, withdrawn_at=None)
    if not rows.update(withdrawn_at=now()):
        raise Conflict("This was withdrawn already.")
    verb = "hand-over key withdrawn" if isinstance(thing, Key) else "scim token withdrawn"
    audit.record(verb, thing=thing, by=by, label=thing.label)


def token_of(text: str) -> Token | None:
    """The token that somebody shows; None for one that is not good."""
    if not 20 <= len(text) <= 200:
        return None
    found = Token.objects.filter(digest=digest_of(text), withdrawn_at=None).first()
    if found is not None:
        mark_used(found)
    return found


def mark_used(thing: Key | Token) -> None:
    """Remember when it was used last, to a few minutes."""
    at = now()
    if thing.used_at is None or thing.used_at < at - SEEN_EVERY:
        type(thing).objects.filter(pk=thing.pk).update(used_at=at)


def digest_of(text: str) -> str:
    """What is kept of a token: it is long and random, so a plain digest is enough."""
    return hashlib.sha256(text.encode()).hexdigest()
