"""Signing out elsewhere, and telling of a sign-in from a new browser."""

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.urls import reverse

from core.accounts.models import Person
from core.kernel import audit
from core.kernel.clock import now
from core.kernel.links import absolute
from core.programme.services import write_mail
from core.security.models import KnownBrowser
from core.security.rules import browser_in_words, digest_of_browser


def end_place(person: Person, pk: int) -> bool:
    """Sign the person out in one other place; False when there is no such sign-in of theirs."""
    with transaction.atomic():
        row = UserSession.objects.filter(user=person, pk=pk).first()
        if row is None:
            return False
        row.end()
        audit.record("signed out elsewhere", thing=person, by=person)
    return True


def end_other_places(person: Person, session_key: str | None) -> int:
    """Sign the person out everywhere but here; gives in how many places."""
    with transaction.atomic():
        others = list(UserSession.objects.filter(user=person).exclude(session_key=session_key))
        for row in others:
            row.end()
        audit.record("signed out everywhere else", thing=person, by=person, places=len(others))
    return len(others)


def is_new_browser(person: Person, user_agent: str) -> bool:
    """Remember the browser; whether it is a new one beside known ones. Inside a transaction."""
    known = KnownBrowser.objects.filter(person=person)
    is_first = not known.exists()
    _, is_new = KnownBrowser.objects.update_or_create(
        person=person, digest=digest_of_browser(user_agent), defaults={"seen_at": now()}
    )
    return is_new and not is_first


def note_sign_in(person: Person, user_agent: str) -> bool:
    """Remember the browser; a mail goes out when it is a new one beside known ones.

    Gives whether a mail was written.
    """
    with transaction.atomic():
        if not is_new_browser(person, user_agent):
            return False
        write_mail(
            template="mails/new_sign_in",
            to=(person.full_name, person.email),
            kind="new_sign_in",
            about=person,
            context={
                "browser": browser_in_words(user_agent),
                "page": absolute(reverse("security:places")),
            },
        )
    return True
