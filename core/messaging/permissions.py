"""Who may write to whom.

Messaging knows of two people and their conversation. Why somebody may write first is known above
it: other apps register their reasons at start.
"""

from collections.abc import Callable

from django.db.models import Q

from core.accounts.models import Person
from core.accounts.queries import blocked_between
from core.kernel.clock import now
from core.messaging.models import Mute, Side
from core.profiles.queries import is_complete

Reason = Callable[[Person, Person], bool]
_reasons: list[Reason] = []
_reasons_to_ask: list[Reason] = []
_reasons_to_report: list[Reason] = []


def offer_reason(reason: Reason) -> Reason:
    """Register a function (writer, reader) → whether what is between them lets the one write."""
    if reason not in _reasons:
        _reasons.append(reason)
    return reason


def offer_reason_to_ask(reason: Reason) -> Reason:
    """Register a function (mentee, mentor) → whether the mentor takes questions from strangers.

    Every registered function has to agree.
    """
    if reason not in _reasons_to_ask:
        _reasons_to_ask.append(reason)
    return reason


def offer_reason_to_report(reason: Reason) -> Reason:
    """Register a function (reporter, about) → whether they have had to do with each other."""
    if reason not in _reasons_to_report:
        _reasons_to_report.append(reason)
    return reason


def know_each_other(person: Person, partner: Person) -> bool:
    """Whether there is, or may be, a conversation: the thread's page opens then."""
    if person.pk == partner.pk:
        return False
    if Side.objects.filter(person=person, partner=partner).exists():
        return True
    return open_between(person, partner) and any(reason(person, partner) for reason in _reasons)


def open_between(one: Person, other: Person) -> bool:
    """Whether messages between these two are taken now; ask `know_each_other` first.

    A closed account and a block look the same from outside (product D10).
    """
    return (
        one.pk != other.pk and one.is_active and other.is_active and not blocked_between(one, other)
    )


def is_muted(person: Person) -> bool:
    """Whether the programme team has taken writing away from a person for now."""
    in_force = Q(until=None) | Q(until__gt=now())
    return Mute.objects.filter(in_force, person=person, lifted_at=None).exists()


def may_write(writer: Person, reader: Person) -> bool:
    """Whether this person can write to that one now; ask `know_each_other` first."""
    return open_between(writer, reader) and not is_muted(writer)


def may_report(person: Person, about: Person) -> bool:
    """Whom one has to do with, or could find: people one writes with, and mentors (D10)."""
    if person.pk == about.pk:
        return False
    if Side.objects.filter(person=person, partner=about).exists():
        return True
    if any(reason(person, about) for reason in (*_reasons, *_reasons_to_report)):
        return True
    return person.is_mentee and about.is_mentor and about.is_active and is_complete(about, "mentor")


def may_ask(mentee: Person, mentor: Person) -> bool:
    """Whether this mentee can ask this mentor a question before any request (product B9)."""
    return (
        mentee.is_mentee
        and mentor.is_mentor
        and may_write(mentee, mentor)
        and all(reason(mentee, mentor) for reason in _reasons_to_ask)
    )
