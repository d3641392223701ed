"""Where a person is signed in, and whether a second step is asked of them."""

from dataclasses import dataclass
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession

from core.accounts.models import Person
from core.programme.queries import policies
from core.security.rules import browser_in_words

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
