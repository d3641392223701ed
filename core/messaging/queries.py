"""Reading conversations: for the two alone. Staff have no way here (decision 4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from django.core.cache import cache
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum

from core.accounts.models import Person
from core.kernel.clock import now
from core.messaging.models import Attachment, Conversation, Draft, Message, Mute, Report, Side
from core.messaging.rules.writing import MESSAGES_A_PAGE
from core.profiles.queries import profile_of

_SECONDS = 60


@dataclass(frozen=True)
class Thread:
    """A stretch of a conversation, oldest message first."""

    messages: Sequence[Message]
    earlier: bool
    later: bool
    last_number: int = 0
    read: int = 0
    partner_read: int = 0
    partner_read_at: datetime | None = None


def conversation_between(one: Person, other: Person) -> Conversation | None:
    """The conversation of a pair, if one was begun."""
    first, second = sorted((one.pk, other.pk))
    return Conversation.objects.filter(first_id=first, second_id=second).first()


def last_message_between(one: Person, other: Person) -> Message | None:
    """The newest message either of the two wrote to the other."""
    first, second = sorted((one.pk, other.pk))
    found = Message.objects.filter(conversation__first_id=first, conversation__second_id=second)
    return found.order_by("-number").first()


def thread(reader: Person, partner: Person, *, before: int | None = None) -> Thread:
    """The newest messages, or those before a number; three queries, however long it is."""
    sides = Side.objects.filter(
        Q(person=reader, partner=partner) | Q(person=partner, partner=reader)
    ).select_related("conversation")
    by_person = {side.person_id: side for side in sides}
    if not by_person:
        return Thread([], earlier=False, later=False)
    own, other = by_person[reader.pk], by_person[partner.pk]
    found = _messages(own.conversation)
    if before is not None:
        found = found.filter(number__lt=before)
    rows = list(found.order_by("-number")[: MESSAGES_A_PAGE + 1])
    shown = rows[:MESSAGES_A_PAGE][::-1]
    last = own.conversation.last_number
    return Thread(
        shown,
        earlier=len(rows) > MESSAGES_A_PAGE,
        later=bool(shown) and shown[-1].number < last,
        last_number=last,
        read=own.read_number,
        partner_read=other.read_number,
        partner_read_at=other.read_at,
    )


def standing(reader: Person, partner: Person) -> Side | None:
    """How the partner's side stands, with the conversation: one look-up by a unique index."""
    return (
        Side.objects.filter(person=partner, partner=reader).select_related("conversation").first()
    )


def news(conversation: Conversation, after: int) -> list[Message]:
    """The messages after a number."""
    return list(_messages(conversation).filter(number__gt=after)[:MESSAGES_A_PAGE])


def _messages(conversation: Conversation) -> QuerySet[Message]:
    return (
        Message.objects.filter(conversation=conversation)
        .select_related("sender")
        .prefetch_related("files")
    )


def draft_of(writer: Person, reader: Person) -> str:
    """What the writer has not sent yet."""
    return (
        Draft.objects.filter(writer=writer, reader=reader).values_list("text", flat=True).first()
        or ""
    )


def unread_key(person_id: UUID) -> str:
    """Where the number of unread messages is remembered; sending and reading forget it."""
    return f"messages:unread:{person_id}"


def unread_total(person: Person) -> int:
    """How many messages wait for this person; remembered for a minute."""
    known = cast("int | None", cache.get(unread_key(person.pk)))
    if known is None:
        unread = F("conversation__last_number") - F("read_number")
        known = Side.objects.filter(person=person).aggregate(sum=Sum(unread))["sum"] or 0
        cache.set(unread_key(person.pk), known, _SECONDS)
    return known


def unread_by_partner(person: Person) -> dict[UUID, int]:
    """How many messages of each partner wait for this person; one query, for cards."""
    unread = F("conversation__last_number") - F("read_number")
    rows = Side.objects.filter(person=person, conversation__last_number__gt=F("read_number"))
    return dict(rows.annotate(unread=unread).values_list("partner_id", "unread"))


def talks(person: Person) -> QuerySet[Side]:
    """All conversations of a person, newest first, each with `unread` and its `last_text`."""
    newest = Message.objects.filter(
        conversation=OuterRef("conversation"), number=OuterRef("conversation__last_number")
    )
    return (
        Side.objects.filter(person=person)
        .select_related("conversation", "partner")
        .annotate(
            unread=F("conversation__last_number") - F("read_number"),
            last_text=Subquery(newest.values("text")[:1]),
            last_sender=Subquery(newest.values("sender_id")[:1]),
        )
        .order_by("-conversation__last_at", "-id")
    )


def takes_questions(mentor: Person) -> bool:
    """Whether the mentor's profile is complete and they are available (product B9, B11)."""
    profile = profile_of(mentor, "mentor")
    return profile is not None and profile.complete and profile.available


def first_waiting(conversation_id: UUID, person_id: UUID) -> Message | None:
    """The oldest message that a person has not read in a conversation."""
    side = Side.objects.filter(conversation_id=conversation_id, person_id=person_id).first()
    if side is None:
        return None
    found = Message.objects.filter(
        conversation_id=conversation_id, number__gt=side.read_number, sender_id=side.partner_id
    )
    return found.select_related("sender", "conversation").first()


def file_for(reader: Person, attachment_id: UUID) -> Attachment | None:
    """A file of a conversation, for one of the two."""
    found = Attachment.objects.filter(pk=attachment_id, message__conversation__sides__person=reader)
    return found.first()


def message_of(reader: Person, partner: Person, number: int) -> Message | None:
    """A message that the partner wrote to the reader."""
    found = Message.objects.filter(
        sender=partner, number=number, conversation__sides__person=reader
    )
    return found.select_related("sender", "conversation").first()


def around(message: Message, *, before: int, after: int) -> list[Message]:
    """A message with some of those before and after it, oldest first."""
    found = _messages(message.conversation).filter(
        number__gte=message.number - before, number__lte=message.number + after
    )
    return list(found)


def latest(one: Person, other: Person, count: int) -> list[Message]:
    """The newest messages of a pair, oldest first."""
    talk = conversation_between(one, other)
    return list(_messages(talk).order_by("-number")[:count])[::-1] if talk else []


def reports_for(member_of_team: Person) -> QuerySet[Report]:
    """The safeguarding queue; nobody on the team finds what is about themselves."""
    return Report.objects.exclude(about=member_of_team).select_related(
        "reporter", "about", "taken_by"
    )


def muted_among(*people: Person) -> dict[UUID, Mute]:
    """Who of these people cannot write now, by key."""
    in_force = Q(until=None) | Q(until__gt=now())
    found = Mute.objects.filter(in_force, person__in=people, lifted_at=None)
    return {mute.person_id: mute for mute in found.select_related("by")}


def file_in(report: Report, attachment_id: UUID) -> Attachment | None:
    """A file of the messages that a report has frozen."""
    named = {file["id"] for one in report.snapshot for file in one.get("files", [])}
    if str(attachment_id) not in named:
        return None
    return Attachment.objects.filter(pk=attachment_id).first()
