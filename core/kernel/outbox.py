"""Mails: written in the transaction of the change, sent after it.

PostgreSQL is the truth, the queue only a bell. A row is claimed by compare-and-swap before it is
sent, so in normal running it goes out at most once. When a sender dies between handing the mail
over and marking the row, the sweep sends it once more under the same Message-ID: at least once
under faults. A mail server that does not answer is left alone for a while, so that whoever sends
mails has time for other work.
"""

import time
from base64 import b64decode, b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import formataddr
from typing import NotRequired, TypedDict, Unpack
from uuid import UUID

from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.db.models import F, Q

from core.kernel.clock import now
from core.kernel.ids import new_id
from core.kernel.models import MailState, OutboxMail

LEASE = timedelta(minutes=5)
BACKOFF = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=4),
    timedelta(hours=12),
)
SLOW = 10.0
"""Seconds after which a mail that did not go out tells that the mail server hangs."""
REST = 60.0
"""Seconds for which this process then sends none; the sweep offers them again."""
_rests_until = 0.0


def one_line(text: str) -> str:
    """A header value: every run of white space and control characters becomes one space."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


ATTACHMENTS_LARGEST = 100_000


@dataclass(frozen=True)
class Attached:
    """A small file that goes along; `type` may carry parameters: "text/calendar; method=CANCEL"."""

    name: str
    type: str
    content: bytes


def made(
    *,
    kind: str,
    to: tuple[str, str],
    sender: tuple[str, str],
    subject: str,
    text: str,
    html: str,
    reply_to: str = "",
    about: tuple[str, str] = ("", ""),
    in_reply_to: str = "",
    attachments: Sequence[Attached] = (),
) -> OutboxMail:
    """A mail that is in no outbox yet.

    `to` and `sender` are (name, address); `about` is (model label, key) of what the mail is about.
    Raises ValueError for attachments that are too large to be kept beside the mail.
    """
    if sum(len(one.content) for one in attachments) > ATTACHMENTS_LARGEST:
        raise ValueError("attachments too large for the outbox")
    key = new_id()
    return OutboxMail(
        id=key,
        kind=kind,
        to_name=one_line(to[0])[:200],
        to_address=to[1],
        from_name=one_line(sender[0])[:200],
        from_address=sender[1],
        reply_to=reply_to,
        subject=one_line(subject)[:250],
        text=text,
        html=html,
        message_id=f"<{key}@{sender[1].rpartition('@')[2]}>",
        in_reply_to=in_reply_to,
        about_type=about[0],
        about_id=about[1],
        attachments=[
            {"name": one.name, "type": one.type, "base64": b64encode(one.content).decode()}
            for one in attachments
        ],
    )


class Fields(TypedDict):
    """What `made` takes, for those who pass it on."""

    kind: str
    to: tuple[str, str]
    sender: tuple[str, str]
    subject: str
    text: str
    html: str
    reply_to: NotRequired[str]
    about: NotRequired[tuple[str, str]]
    in_reply_to: NotRequired[str]
    attachments: NotRequired[Sequence[Attached]]


def queue(**fields: Unpack[Fields]) -> OutboxMail:
    """Write a mail into the outbox (see `made`) and ring the bell after commit."""
    from core.kernel.tasks import deliver_mail  # app ready: tasks import this module

    mail = made(**fields)
    mail.save(force_insert=True)
    transaction.on_commit(lambda: deliver_mail.delay(str(mail.pk)), robust=True)
    return mail


def queue_all(mails: Sequence[OutboxMail]) -> None:
    """Write many mails into the outbox in one statement; the sweep sends them within a minute."""
    OutboxMail.objects.bulk_create(mails)


def due(at: datetime) -> Q:
    """The condition of rows that may be sent at a moment: queued and due, or claimed and left."""
    return Q(state__in=(MailState.QUEUED, MailState.SENDING), due_at__lte=at)


def deliver(mail_id: UUID) -> bool:
    """Send one mail if it is due. True when this call sent it; the outcome is on the row."""
    global _rests_until
    began = time.monotonic()
    if began < _rests_until:
        return False
    claimed_at = now()
    claimed = OutboxMail.objects.filter(due(claimed_at), id=mail_id).update(
        state=MailState.SENDING, due_at=claimed_at + LEASE, attempts=F("attempts") + 1
    )
    if not claimed:
        return False
    mail = OutboxMail.objects.get(id=mail_id)
    try:
        _message(mail).send()
    except Exception as error:  # whatever the mail server does, the row must say so
        if time.monotonic() - began > SLOW:
            _rests_until = time.monotonic() + REST
        _put_back(mail, error)
        return False
    OutboxMail.objects.filter(id=mail_id).update(state=MailState.SENT, sent_at=now(), last_error="")
    return True


def _message(mail: OutboxMail) -> EmailMultiAlternatives:
    headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    if mail.in_reply_to:
        headers |= {"In-Reply-To": mail.in_reply_to, "References": mail.in_reply_to}
    message = EmailMultiAlternatives(
        subject=mail.subject,
        body=mail.text,
        from_email=formataddr((mail.from_name, mail.from_address)),
        to=[formataddr((mail.to_name, mail.to_address))],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=headers,
    )
    message.attach_alternative(mail.html, "text/html")
    for one in mail.attachments:
        content = b64decode(one["base64"])
        if one["type"].startswith("text/calendar"):
            # The alternative is what mail programmes act on, the attachment what people keep.
            message.attach_alternative(content.decode(), one["type"])
        message.attach(one["name"], content, one["type"])
    return message


def _put_back(mail: OutboxMail, error: Exception) -> None:
    attempt = mail.attempts
    given_up = attempt > len(BACKOFF)
    OutboxMail.objects.filter(id=mail.id, state=MailState.SENDING, attempts=attempt).update(
        state=MailState.FAILED if given_up else MailState.QUEUED,
        due_at=mail.due_at if given_up else now() + BACKOFF[attempt - 1],
        last_error=f"{type(error).__name__}: {error}"[:2000],
    )


def left_over(limit: int = 500) -> list[UUID]:
    """Keys of due mails, oldest first: what a dead worker or a lost bell left behind.

    A row younger than its bell's usual journey is left to the bell.
    """
    at = now()
    rows = OutboxMail.objects.filter(due(at), due_at__lte=at - timedelta(seconds=15))
    return list(rows.order_by("due_at").values_list("id", flat=True)[:limit])
