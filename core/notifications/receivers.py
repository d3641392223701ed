"""Mails along the way of a mentorship, written in the transaction of the change (product A13, C4).

Contact details go into the two mails of acceptance and into no other (product D1).
"""

from typing import Any

from django.urls import reverse

from core.accounts.models import Person
from core.kernel.events import receives
from core.kernel.links import absolute
from core.kernel.outbox import one_line
from core.matching.queries import Result
from core.mentorships import queries
from core.mentorships.events import (
    MentorshipEvent,
    RequestAccepted,
    RequestDeclined,
    RequestSent,
    RequestWithdrawn,
)
from core.mentorships.models import Mentorship
from core.mentorships.queries import Contact
from core.programme.services import write_mail


@receives(RequestSent)
def tell_mentor_of_request(event: RequestSent) -> None:
    """To the mentor: who asks, for what, in their own words."""
    mentorship = _find(event)
    _write("request_received", mentorship, to=mentorship.mentor)


@receives(RequestAccepted)
def tell_both_of_acceptance(event: RequestAccepted) -> None:
    """To both: the other's contact details; the mentee is asked to arrange the first talk (D3)."""
    mentorship = _find(event)
    mentor, mentee = mentorship.mentor, mentorship.mentee
    _write("request_accepted", mentorship, to=mentee, contact=_contact(mentor))
    _write("relationship_begun", mentorship, to=mentor, contact=_contact(mentee))


@receives(RequestDeclined)
def tell_mentee_of_decline(event: RequestDeclined) -> None:
    """To the mentee: the answer, kind words if there are some, and who fits next (C4)."""
    mentorship = _find(event)
    closest = [_fitting(result) for result in queries.closest_left(mentorship.mentee)]
    _write("request_declined", mentorship, to=mentorship.mentee, closest=closest)


@receives(RequestWithdrawn)
def tell_mentor_of_withdrawal(event: RequestWithdrawn) -> None:
    """To the mentor: there is nothing to answer any more (C6)."""
    mentorship = _find(event)
    _write("request_withdrawn", mentorship, to=mentorship.mentor)


def _fitting(result: Result) -> str:
    name, receipt = one_line(result.person.full_name), result.receipt
    return f"{name}. {one_line(receipt.sentence)}" if receipt.lines else name


def _find(event: MentorshipEvent) -> Mentorship:
    return queries.with_people().get(pk=event.mentorship_id)


def _contact(person: Person) -> Contact:
    found = queries.contact_of(person)
    return Contact(
        name=one_line(found.name),
        email=found.email,
        job_title=one_line(found.job_title),
        organisation=one_line(found.organisation),
        phone=one_line(found.phone),
    )


def _write(kind: str, mentorship: Mentorship, *, to: Person, **more: Any) -> None:
    write_mail(
        template=f"mails/{kind}",
        to=to,
        kind=kind,
        about=mentorship,
        context={
            "mentor_name": one_line(mentorship.mentor.full_name),
            "mentee_name": one_line(mentorship.mentee.full_name),
            "area": mentorship.area_label,
            "statement": mentorship.statement,
            "reason": mentorship.reason_text,
            "note": mentorship.note,
            "page": absolute(mentorship.get_absolute_url()),
            "dashboard": absolute(reverse("mentorships:dashboard")),
            **more,
        },
    )
