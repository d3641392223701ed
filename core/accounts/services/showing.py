"""When a person showed who they are."""

from django.contrib.sessions.backends.base import SessionBase

from core.accounts.models import Person
from core.accounts.rules import SIGNED_IN_AT
from core.kernel.clock import now


def note_shown(session: SessionBase, person: Person) -> None:
    """Keep that this session signed in, or was asked once more, now: dangerous acts look at it."""
    session[SIGNED_IN_AT] = [str(person.pk), now().timestamp()]


def forget_shown(session: SessionBase) -> None:
    """Somebody is signed in without having shown just now who they are."""
    session.pop(SIGNED_IN_AT, None)
