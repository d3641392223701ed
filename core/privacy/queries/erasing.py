"""Who asked to be erased, who may not be, and what there would be to do."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q, QuerySet

from core.accounts.models import Person
from core.messaging.models import Report
from core.messaging.models.reports import ReportState
from core.privacy.models import OPEN, AskState, ErasureRequest, LegalHold


def held() -> QuerySet[Person]:
    """People of whom nothing may go."""
    return Person.objects.filter(pk__in=LegalHold.objects.filter(ended_at=None).values("person"))


def hold_on(person: Person) -> LegalHold | None:
    """The hold in force on what is stored about a person."""
    return LegalHold.objects.filter(person__in=accounts_of(person), ended_at=None).first()


def accounts_of(person: Person) -> list[Person]:
    """The person's account and those that were merged into it, however often."""
    found, ask = {person.pk: person}, [person.pk]
    while ask:
        more = Person.objects.filter(merged_into__in=ask).exclude(pk__in=found)
        ask = [one.pk for one in more]
        found |= {one.pk: one for one in more}
    return list(found.values())


def open_report_about(people: Iterable[Person]) -> bool:
    """Whether the safeguarding queue holds something of theirs that is not settled."""
    keys: list[UUID] = [one.pk for one in people]
    waiting = Report.objects.exclude(state=ReportState.RESOLVED)
    return waiting.filter(Q(about__in=keys) | Q(reporter__in=keys)).exists()


def why_not(person: Person) -> str:
    """Why a person cannot be erased now, as a sentence for the team; "" when they can."""
    if person.erased_at is not None:
        return "Everything about this person was erased already."
    if person.is_operator:
        return "This is no member's account."
    if person.merged_into is not None:
        return f"This account was merged into {person.merged_into.full_name}'s: erase that one."
    if hold_on(person) is not None:
        return f"There is a hold on what is stored about {person.full_name}."
    if open_report_about(accounts_of(person)):
        return f"Settle first what waits in the safeguarding queue about {person.full_name}."
    return ""


def open_request(person: Person) -> ErasureRequest | None:
    """What a person asked for and nobody settled yet."""
    return ErasureRequest.objects.filter(person=person, state__in=OPEN).first()


def waiting() -> QuerySet[ErasureRequest]:
    """What the team has to decide, the oldest first."""
    found = ErasureRequest.objects.filter(state=AskState.WAITING)
    return found.select_related("person").order_by("received_at")
