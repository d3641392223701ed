"""Conversations of two accounts become those of one; nothing unread is taken for read."""

from datetime import datetime
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Q

from core.accounts.models import Person
from core.messaging.models import Conversation, Message, Side
from core.messaging.queries import unread_key

FAR = 1_000_000_000
"""Numbers of messages are put out of the way by this much while they are dealt anew."""


def merge_talks(kept: Person, closed: Person) -> int:
    """Give the kept account the closed one's conversations; out: how many messages moved.

    Call it inside a transaction. The two have no conversation with each other.
    """
    keys = [unread_key(kept.pk), unread_key(closed.pk)]
    moved = Message.objects.filter(sender=closed).count()
    for talk in Conversation.objects.filter(Q(first=closed) | Q(second=closed)):
        partner = talk.second_id if talk.first_id == closed.pk else talk.first_id
        first, second = sorted((kept.pk, partner))
        own = Conversation.objects.filter(first_id=first, second_id=second).first()
        if own is None:
            _rename(talk, kept, closed)
        else:
            _pour(talk, own, kept, closed, partner)
        keys.append(unread_key(partner))
    transaction.on_commit(lambda: cache.delete_many(keys), robust=True)
    return moved


def _rename(talk: Conversation, kept: Person, closed: Person) -> None:
    partner = talk.second_id if talk.first_id == closed.pk else talk.first_id
    talk.first_id, talk.second_id = sorted((kept.pk, partner))
    talk.save(update_fields=["first", "second"])
    talk.messages.filter(sender=closed).update(sender=kept)
    talk.sides.filter(person=closed).update(person=kept)
    talk.sides.filter(partner=closed).update(partner=kept)


def _pour(
    talk: Conversation, own: Conversation, kept: Person, closed: Person, partner: Any
) -> None:
    """Put the messages of one conversation between those of another, by when they were sent."""
    read = {
        side.person_id: side for side in Side.objects.select_for_update().filter(conversation=own)
    }
    theirs = {side.person_id: side for side in Side.objects.filter(conversation=talk)}
    unread = {
        kept.pk: _unread(own, read[kept.pk]) | _unread(talk, theirs[closed.pk]),
        partner: _unread(own, read[partner]) | _unread(talk, theirs[partner]),
    }
    talk.messages.filter(sender=closed).update(sender=kept)
    own.messages.update(number=F("number") + FAR)
    talk.messages.update(number=F("number") + FAR + FAR // 2, conversation=own)
    rows = list(own.messages.order_by("sent_at", "id"))
    for number, message in enumerate(rows, start=1):
        message.number = number
    Message.objects.bulk_update(rows, ["number"], batch_size=500)
    for person, waiting in unread.items():
        side = read[person]
        first_unread = next((one.number for one in rows if one.pk in waiting), len(rows) + 1)
        side.read_number = first_unread - 1
        if not waiting:
            side.mail_due_at = None
        else:
            other = theirs[closed.pk if person == kept.pk else person]
            side.mail_due_at = _earlier(side.mail_due_at, other.mail_due_at)
        side.save(update_fields=["read_number", "mail_due_at"])
    own.last_number = len(rows)
    own.last_at = max(own.last_at, talk.last_at)
    own.started_at = min(own.started_at, talk.started_at)
    own.save(update_fields=["last_number", "last_at", "started_at"])
    talk.delete()


def _unread(talk: Conversation, side: Side) -> set[Any]:
    rows = talk.messages.filter(number__gt=side.read_number).exclude(sender_id=side.person_id)
    return set(rows.values_list("pk", flat=True))


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min(filter(None, (one, other)), default=None)
