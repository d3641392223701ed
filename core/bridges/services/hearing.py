"""A provider says behind the browser's back that somebody signed out there.

OpenID Connect Back-Channel Logout 1.0. Source: product A6, single log-out.
"""

import logging
import time
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest

from core.accounts.models import Person
from core.bridges.errors import ProviderDown
from core.bridges.models import Provider
from core.bridges.rules import is_name
from core.bridges.services.discovery import keys_at_hand
from core.bridges.services.leaving import IN_SESSION
from core.bridges.services.tokens import OLDEST, SKEW, UNREADABLE, claims_of, header_of
from core.kernel import audit

EVENT: Final = "http://schemas.openid.net/event/backchannel-logout"
_TYPES: Final = (None, "jwt", "logout+jwt", "application/logout+jwt")
_log = logging.getLogger(__name__)


class NotHeard(Exception):
    """What came ends no session; the message is for the provider's staff."""


@dataclass(frozen=True)
class SignedOut:
    """Who signed out there: a subject, one session of theirs, or both. An empty one is not said."""

    subject: str
    session: str


def heard(row: Provider, token: str) -> SignedOut:
    """Out: whom a logout token of this provider, meant for us and new, signs out.

    Errors: NotHeard.
    """
    try:
        header = header_of(token)
        kind = header.get("typ")
        if (kind.lower() if isinstance(kind, str) else kind) not in _TYPES:
            raise NotHeard("This is another kind of token.")
        keys = keys_at_hand(row, header.get("kid"))
        claims = claims_of(row, token, keys, ("jti", "events"))
        at = float(claims["iat"])
    except UNREADABLE as wrong:
        _log.warning("a logout token of provider %s was refused: %s", row.pk, wrong)
        raise NotHeard("The token does not count: signature, issuer, audience or time.") from None
    except ProviderDown:
        raise NotHeard("The provider’s keys cannot be read at the moment.") from None
    events = claims["events"]
    if not isinstance(events, dict) or not isinstance(events.get(EVENT), dict):
        raise NotHeard("The token does not tell of a sign-out.")
    if "nonce" in claims:
        raise NotHeard("A logout token has no nonce.")
    if at < time.time() - OLDEST - SKEW:
        raise NotHeard("The token is too old.")
    who = SignedOut(_name(claims, "sub"), _name(claims, "sid"))
    if who == SignedOut("", ""):
        raise NotHeard("The token names neither a subject nor a session.")
    if not _is_new(row, claims["jti"]):
        raise NotHeard("The token was used before.")
    return who


def end_sessions(row: Provider, who: SignedOut) -> int:
    """End what began here with the provider's session, or all of the person's; gives how many."""
    named = {"subject": who.subject, "sid": who.session}
    asked = {f"data__{key}": value for key, value in named.items() if value}
    places: dict[Person, int] = {}
    with transaction.atomic():
        rows = UserSession.objects.filter(data__bridge=str(row.pk), data__tie=row.tie, **asked)
        for one in rows.select_related("user"):
            one.end()
            places[one.user] = places.get(one.user, 0) + 1
        for person, count in places.items():
            audit.record("bridge.signed_out", thing=person, provider=row.name, places=count)
    return sum(places.values())


def note_session(request: HttpRequest, person: Person) -> None:
    """Write down with which session of which provider the one of this browser began.

    What somebody else who did not finish signing in has left in the browser is forgotten.
    """
    kept = request.session.get(IN_SESSION)
    if not isinstance(kept, dict):
        return
    if kept.get("person") != str(person.pk):
        del request.session[IN_SESSION]
        return
    data = {
        "bridge": kept.get("provider", ""),
        "tie": kept.get("tie", ""),
        "subject": kept.get("subject", ""),
        "sid": kept.get("sid", ""),
    }
    # The library, which may hear of it after us, removes rows of sessions that hold nobody yet.
    request.session.save()
    UserSession.objects.create_from_request(request)
    UserSession.objects.filter(session_key=request.session.session_key).update(data=data)


def _name(claims: dict[str, Any], name: str) -> str:
    value = claims.get(name, "")
    if not isinstance(value, str) or not is_name(value or "-"):
        raise NotHeard(f"“{name}” cannot be read.")
    return value


def _is_new(row: Provider, number: Any) -> bool:
    """Whether the token's number was not seen at this institute, as long as the token counts."""
    if not isinstance(number, str) or not number:
        return False
    name = sha256(f"{row.tie} {number}".encode()).hexdigest()
    return bool(cache.add(f"bridges:heard:{name}", True, OLDEST + 3 * SKEW))
