"""Writing, asking, reading and drafting."""

from collections.abc import Sequence
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from django.db.models import F

from core.accounts.models import Person
from core.kernel import audit
from core.kernel.clock import now
from core.kernel.events import tell
from core.kernel.limits import allow
from core.messaging import errors, events, permissions, queries
from core.messaging.models import Conversation, Draft, Kind, Message, Side
from core.messaging.rules import writing as rules
from core.messaging.services.files import Checked, forget, keep
from core.programme.queries import current


def send(*, to: Person, text: str, key: UUID, by: Person, files: Sequence[Checked] = ()) -> Message:
    """Write to somebody one is, or may be, in conversation with (product D4).

    `key` comes with the form: the same key again gives the message that is there already.
    Errors: NotBetweenThem, CannotWrite, NothingWritten, TooLong, TooMuch. Nothing is written then.
    """
    if not permissions.know_each_other(by, to):
        raise errors.NotBetweenThem("There is no such conversation.")
    _check_open(by, to)
    return _write(to=to, text=text, key=key, by=by, kind=Kind.MESSAGE, files=files)


def ask(*, to: Person, text: str, key: UUID, by: Person, files: Sequence[Checked] = ()) -> Message:
    """Ask a mentor something before requesting anything (product B9).

    Errors: NotBetweenThem, CannotWrite, NothingWritten, TooLong, TooMuch. Nothing is written then.
    """
    check_ask(mentor=to, by=by)
    asked = allow(f"question:{by.pk}", limit=rules.QUESTIONS_A_DAY, seconds=86_400)
    if not asked and not _known(by, to, key):
        raise errors.TooMuch(
            f"You have asked {rules.QUESTIONS_A_DAY} questions today. Wait for the answers, and "
            "ask again tomorrow."
        )
    return _write(to=to, text=text, key=key, by=by, kind=Kind.QUESTION, files=files)


def check_ask(*, mentor: Person, by: Person) -> None:
    """Raise what `ask` would raise now, whatever is written."""
    if not (mentor.is_mentor and by.is_mentee) or mentor.pk == by.pk:
        raise errors.NotBetweenThem("There is nobody here whom you can ask.")
    _check_open(by, mentor)
    if not (queries.takes_questions(mentor) and permissions.may_ask(by, mentor)):
        raise errors.CannotWrite(f"{mentor.full_name} takes no questions at present.")


def obstacle(by: Person, to: Person) -> str:
    """Why nothing can be sent now, as a sentence; empty when nothing stands in the way."""
    try:
        _check_open(by, to)
    except errors.CannotWrite as broken:
        return broken.message
    return ""


def mark_read(*, partner: Person, number: int, by: Person) -> bool:
    """Note that everything up to `number` was seen; False when it was known already."""
    changed = Side.objects.filter(
        person=by,
        partner=partner,
        read_number__lt=number,
        conversation__last_number__gte=number,
    ).update(read_number=number, read_at=now(), mail_due_at=None)
    if changed:
        cache.delete(queries.unread_key(by.pk))
    return bool(changed)


def keep_draft(*, to: Person, text: str, by: Person, key: UUID | None = None) -> None:
    """Keep what is being written; an empty text forgets it. What is too long is cut.

    A draft that arrives after its form was sent (the same `key`) comes too late and is dropped.
    Errors: NotBetweenThem when this person can neither write to nor ask the other.
    """
    if not (permissions.know_each_other(by, to) or permissions.may_ask(by, to)):
        raise errors.NotBetweenThem("There is no such conversation.")
    if key is not None and _known(by, to, key):
        return
    text = text.replace("\x00", "")[: 2 * rules.LONGEST_TEXT]
    if not text.strip():
        Draft.objects.filter(writer=by, reader=to).delete()
        return
    Draft.objects.update_or_create(writer=by, reader=to, defaults={"text": text, "saved_at": now()})


def _check_open(by: Person, to: Person) -> None:
    if permissions.is_muted(by):
        raise errors.CannotWrite(
            "Your messages are stopped for now. "
            f"Write to {current().contact_email} to talk about it."
        )
    if not permissions.open_between(by, to):
        raise errors.CannotWrite(f"Messages to {to.full_name} cannot be sent at present.")


def _known(by: Person, to: Person, key: UUID) -> bool:
    return Message.objects.filter(sender=by, key=key, conversation__sides__person=to).exists()


def _write(
    *, to: Person, text: str, key: UUID, by: Person, kind: Kind, files: Sequence[Checked]
) -> Message:
    text = rules.clean(text)
    if not text and not files:
        raise errors.NothingWritten("Write something first, or add a file.")
    if len(text) > rules.LONGEST_TEXT:
        raise errors.TooLong(
            f"Use {rules.LONGEST_TEXT} characters or fewer. You have used {len(text)}."
        )
    if not allow(f"messages:{by.pk}", limit=rules.MESSAGES_IN_TEN_MINUTES, seconds=600):
        raise errors.TooMuch("That was a lot in a short time. Send this in a few minutes.")
    stored: list[str] = []
    try:
        with transaction.atomic():
            talk = _begun(by, to)
            if sent := Message.objects.filter(conversation=talk, sender=by, key=key).first():
                return sent
            message = _added(talk, text, key=key, by=by, kind=kind)
            stored = keep(message, files)
            _count(talk, message, by=by, to=to)
            Draft.objects.filter(writer=by, reader=to).delete()
            if kind == Kind.QUESTION:
                audit.record("question asked", thing=talk, by=by)
                tell(events.QuestionAsked(message_id=message.pk))
            tell(events.MessageSent(message_id=message.pk))
    except BaseException:
        forget(stored)
        raise
    return message


def _added(talk: Conversation, text: str, *, key: UUID, by: Person, kind: Kind) -> Message:
    at, number = now(), talk.last_number + 1
    Conversation.objects.filter(pk=talk.pk).update(last_number=number, last_at=at)
    return Message.objects.create(
        conversation=talk, number=number, sender=by, kind=kind, text=text, sent_at=at, key=key
    )


def _begun(by: Person, to: Person) -> Conversation:
    """The pair's conversation, locked: messages are numbered by one at a time."""
    first, second = sorted((by.pk, to.pk))
    talk, new = Conversation.objects.get_or_create(first_id=first, second_id=second)
    if new:
        Side.objects.bulk_create(
            [
                Side(conversation=talk, person=by, partner=to),
                Side(conversation=talk, person=to, partner=by),
            ]
        )
    return Conversation.objects.select_for_update().get(pk=talk.pk)


def _count(talk: Conversation, message: Message, *, by: Person, to: Person) -> None:
    """The writer has read what stands above; for the reader a mail is due if none was yet."""
    sides = Side.objects.filter(conversation=talk)
    sides.filter(person=by).update(
        read_number=message.number, read_at=message.sent_at, mail_due_at=None
    )
    waiting = sides.filter(
        person=to, mail_due_at=None, read_number__lt=F("conversation__last_number")
    )
    waiting.update(mail_due_at=message.sent_at + rules.MAIL_AFTER)
    keys = [queries.unread_key(by.pk), queries.unread_key(to.pk)]
    transaction.on_commit(lambda: cache.delete_many(keys), robust=True)
