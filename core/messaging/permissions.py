"""Who may write to whom.

Messaging knows of two people and their conversation. Why somebody may write first is known above
it: other apps register their reasons at start.
"""

from collections.abc import Callable

from core.accounts.models import Person
from core.accounts.queries import blocked_between
from core.messaging.models import Side

Reason = Callable[[Person, Person], bool]
_reasons: list[Reason] = []
_reasons_to_ask: list[Reason] = []


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


def know_each_other(person: Person, partner: Person) -> bool:
    """Whether there is, or may be, a conversation: the thread's page opens then."""
    if person.pk == partner.pk:
        return False
    if Side.objects.filter(person=person, partner=partner).exists():
        return True
    return may_write(person, partner) and any(reason(person, partner) for reason in _reasons)


def may_write(writer: Person, reader: Person) -> bool:
    """Whether messages between these two are taken now; ask `know_each_other` first.

    A closed account and a block look the same from outside (product D10).
    """
    return (
        writer.pk != reader.pk
        and writer.is_active
        and reader.is_active
        and not blocked_between(writer, reader)
    )


def may_ask(mentee: Person, mentor: Person) -> bool:
    """Whether this mentee can ask this mentor a question before any request (product B9)."""
    return (
        mentee.is_mentee
        and mentor.is_mentor
        and may_write(mentee, mentor)
        and all(reason(mentee, mentor) for reason in _reasons_to_ask)
    )
