"""Everybody of a demo institute has agreed to its pages on the day when they came."""

from datetime import datetime, timedelta

from core.accounts.models import Person
from core.kernel import clock
from core.privacy.models import How
from core.privacy.services.consenting import agree, note_versions


def fill(at: datetime) -> None:
    """The pages are as old as the programme."""
    with clock.frozen(at - timedelta(days=720)):
        documents = list(note_versions().values())
    for person in Person.objects.filter(support_key=None).order_by("joined_at", "id"):
        with clock.frozen(person.joined_at):
            agree(person, documents, how=How.FIRST_SIGN_IN)
