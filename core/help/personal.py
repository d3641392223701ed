"""What people write to the institute with the contact form, and what the team answers."""

from typing import Any

from django.db.models import Q

from core.help.models import Enquiry, EnquiryState
from core.kernel.ageing import delete
from core.kernel.personal import (
    YOU_AND_TEAM,
    Blank,
    Group,
    Kept,
    keeps,
    kinds,
    nothing,
    retention,
)


def _signed_out(person: Any) -> Q:
    return Q(person=None, email__iexact=person.email)


def _of_signed_out(person: Any) -> Q:
    return Q(enquiry__person=None, enquiry__email__iexact=person.email)


keeps(
    nothing("help.Faq", "a text of the institute", "key audience topic question answer order"),
    nothing("help.LegalPage", "a text of the institute", "slug title body changed_at"),
    Kept(
        "help.Enquiry",
        "Your messages to the {programme_team}",
        group=Group.FEEDBACK,
        purpose="So that the {programme_team} can answer you, and keep to the time that the law"
        " sets for complaints.",
        seen_by=YOU_AND_TEAM,
        people=("person",),
        also=_signed_out,
        unseen=("taken_by",),
        fields=kinds(
            identity="name",
            contact="email",
            words="subject message",
            choices="kind",
            activity="made_at state acknowledged_at answered_at closed_at reminded_at",
            technical="key",
        ),
        retention="enquiries",
        on_erase=Blank(name="Erased", email="", subject="Erased", message=""),
    ),
    Kept(
        "help.EnquiryNote",
        "Answers of the {programme_team}",
        group=Group.FEEDBACK,
        purpose="So that what was said can be read again.",
        seen_by=YOU_AND_TEAM,
        people=("enquiry__person",),
        also=_of_signed_out,
        unseen=("by",),
        fields=kinds(words="text", activity="kind at", technical="key"),
        beside={"About": "enquiry__subject"},
        shown=Q(kind="answer"),
        hidden_because="Notes between members of the {programme_team} can speak of other people.",
        retention="enquiries",
        on_erase=Blank(text=""),
    ),
)

retention(
    "enquiries",
    "Messages to the team that are closed, with their answers",
    default_days=None,
    least_days=30,
    due=lambda before: Enquiry.objects.filter(state=EnquiryState.CLOSED, closed_at__lt=before),
    remove=delete,
)
