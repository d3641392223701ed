"""When a mail tells of messages: once for those of a few minutes, never while they are read."""

from django.db import transaction
from django.db.models import F

from core.kernel.clock import now
from core.kernel.events import tell
from core.messaging import permissions
from core.messaging.events import MessagesWaiting
from core.messaging.models import Side

AT_ONCE = 200


def announce_waiting() -> int:
    """Tell of every side whose messages have waited long enough; returns how many.

    Safe to run twice or late: the due time is taken away in the transaction of the mail.
    """
    told = 0
    while done := _announce_some():
        told += done
    return told


def _announce_some() -> int:
    with transaction.atomic():
        due = list(
            Side.objects.select_for_update(skip_locked=True, of=("self",))
            .filter(mail_due_at__lte=now())
            .select_related("person", "partner")
            .annotate(unread=F("conversation__last_number") - F("read_number"))
            .order_by("mail_due_at")[:AT_ONCE]
        )
        Side.objects.filter(pk__in=[side.pk for side in due]).update(mail_due_at=None)
        for side in due:
            if side.unread and permissions.open_between(side.person, side.partner):
                tell(
                    MessagesWaiting(
                        conversation_id=side.conversation_id,
                        person_id=side.person_id,
                        count=side.unread,
                    )
                )
    return len(due)
