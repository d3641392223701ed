"""Where a person is signed in, whether a second step is asked of them, and who stands in."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import QuerySet
from django.urls import reverse

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.signing import BadToken, unsign
from core.programme.queries import policies
from core.security.models import StandIn
from core.security.rules import (
    LINK_LIVES,
    SHOWN,
    SHOWN_LIVES,
    VISIT,
    StandInKind,
    browser_in_words,
)

PRIMARY = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True)
class Place:
    """One sign-in that is still good."""

    pk: int
    browser: str
    address: str
    since: datetime
    is_this: bool


def has_second_step(person: Person) -> bool:
    """Whether the person has an authenticator app or a passkey."""
    return bool(Authenticator.objects.filter(user=person, type__in=PRIMARY).exists())


def must_have_second_step(person: Person) -> bool:
    """Whether the institute asks it of this person (product A5)."""
    if person.is_operator:  # asked for it on their own site
        return False
    return person.is_staff and policies().second_factor == "staff"


def places(person: Person, session_key: str | None) -> list[Place]:
    """The person's sign-ins, this one first, then the latest."""
    found = [
        Place(
            pk=row.pk,
            browser=browser_in_words(row.user_agent),
            address=str(row.ip),
            since=row.created_at,
            is_this=row.session_key == session_key,
        )
        for row in UserSession.objects.purge_and_list(person)
    ]
    return sorted(found, key=lambda one: (not one.is_this, -one.since.timestamp()))


def support_visits() -> QuerySet[StandIn]:
    """The visits of the platform's operators to this institute, latest first."""
    return StandIn.objects.filter(kind=StandInKind.OPERATOR)


def stand_ins_of_staff() -> QuerySet[StandIn]:
    """When the programme team signed in as members, latest first."""
    return StandIn.objects.filter(kind=StandInKind.STAFF).select_related("person")


def visit_of(token: str) -> StandIn | None:
    """The visit that a one-time link would begin; None when it is not good, or no longer."""
    try:
        key = UUID(unsign(VISIT, token, LINK_LIVES))
    except (BadToken, ValueError):
        return None
    found = support_visits().filter(pk=key, begun_at=None, ended_at=None, ends_at__gt=now())
    return found.first()


def shown_by(token: str) -> tuple[UUID, str] | None:
    """The visit whose operator has shown who they are, and the token's own number; None when the
    link is not good, or no longer."""
    try:
        key, _, number = unsign(SHOWN, token, SHOWN_LIVES).partition(":")
        return UUID(key), number
    except (BadToken, ValueError):
        return None


def stand_in_of(key: object) -> StandIn | None:
    """The stand-in whose key a session holds, with its people."""
    try:
        found = StandIn.objects.filter(pk=UUID(str(key)))
    except ValueError:
        return None
    return found.select_related("by", "person").first()


def way_back(stand_in: StandIn) -> str:
    """The page on which one of the team began: the member's on the staff site."""
    if stand_in.person_id is None:
        return reverse("staff:index")
    return reverse("staff:accounts_person_change", args=[stand_in.person_id])
