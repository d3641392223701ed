"""Reminds the team of complaints whose thirty days run (product F2)."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse

from core.help import rules
from core.help.models import Enquiry
from core.help.queries import waiting_complaints
from core.kernel.clock import now
from core.kernel.links import absolute
from core.programme.queries import current
from core.programme.services import write_mail


@transaction.atomic
def remind_of_complaints() -> int:
    """One mail to the team's mailbox about all complaints that need it now; how many these are.

    A complaint is named ten days before its clock runs out, when it has, and each week after.
    Safe to run twice or late.
    """
    at = now()
    due = [one for one in waiting_complaints().select_for_update() if _wants_reminder(one, at)]
    if not due:
        return 0
    Enquiry.objects.filter(pk__in=[one.pk for one in due]).update(reminded_at=at)
    programme = current()
    overdue = sum(one.is_overdue for one in due)
    write_mail(
        template="mails/complaints_waiting",
        to=(programme.contact_name, programme.contact_email),
        kind="complaints_waiting",
        context={
            "count": len(due),
            "overdue": overdue,
            "days": rules.ACKNOWLEDGE_WITHIN.days,
            "page": absolute(reverse("staff:help_enquiry_changelist")),
        },
    )
    return len(due)


def _wants_reminder(one: Enquiry, at: datetime) -> bool:
    ends = one.made_at + rules.ACKNOWLEDGE_WITHIN
    if one.reminded_at is None:
        return at >= ends - rules.REMIND_BEFORE
    if one.reminded_at < ends:
        return at >= ends
    return at >= one.reminded_at + rules.REMIND_AGAIN
