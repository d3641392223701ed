"""What the programme team does with a message: every step is kept and audited (product F2)."""

from uuid import UUID

from django.db import transaction
from django.urls import reverse

from core.accounts.models import Person
from core.help import errors, rules
from core.help.models import Enquiry, EnquiryNote, EnquiryState, NoteKind
from core.help.queries import mail_values
from core.kernel import audit
from core.kernel.clock import now
from core.kernel.ids import new_id
from core.kernel.links import absolute
from core.programme.services import write_mail


@transaction.atomic
def take(enquiry: Enquiry, *, by: Person) -> Enquiry:
    """Say that one looks after it, also when somebody else did before."""
    enquiry = _locked(enquiry)
    if enquiry.taken_by_id != by.pk:
        enquiry.taken_by = by
        enquiry.save(update_fields=["taken_by"])
        _noted(enquiry, NoteKind.STEP, "Took it in hand.", "taken in hand", by)
    return enquiry


@transaction.atomic
def add_note(enquiry: Enquiry, text: str, *, by: Person, key: UUID | None = None) -> Enquiry:
    """Write down what the team knows; the sender never reads it. Errors: NothingWritten."""
    enquiry = _locked(enquiry)
    if not _is_done(key):
        text = _words(text, "Write the note first.")
        _noted(enquiry, NoteKind.NOTE, text, "noted", by, key)
    return enquiry


@transaction.atomic
def acknowledge(enquiry: Enquiry, *, by: Person) -> Enquiry:
    """Confirm to the sender of a complaint that it is being looked into: its clock stops."""
    enquiry = _locked(enquiry)
    if not enquiry.is_complaint or enquiry.acknowledged_at is not None:
        return enquiry
    enquiry.acknowledged_at = now()
    enquiry.taken_by = enquiry.taken_by or by
    enquiry.save(update_fields=["acknowledged_at", "taken_by"])
    _noted(enquiry, NoteKind.STEP, "Confirmed the complaint by mail.", "acknowledged", by)
    _write("complaint_acknowledged", enquiry)
    return enquiry


@transaction.atomic
def answer(
    enquiry: Enquiry, text: str, *, by: Person, seen: int | None = None, key: UUID | None = None
) -> Enquiry:
    """Answer by mail and keep the answer. Safe to repeat with the same `key`.

    `seen` is how many notes and steps whoever answers had before them. Errors: NothingWritten;
    Overtaken, when somebody of the team did something since.
    """
    enquiry = _locked(enquiry)
    if _is_done(key):
        return enquiry
    text = _words(text, "Write the answer first.")
    if seen is not None and enquiry.notes.count() != seen:
        raise errors.Overtaken(
            "Somebody of the team did something here while you were writing. Read it below; your "
            "answer is still in the box and was not sent."
        )
    enquiry.state, enquiry.answered_at, enquiry.closed_at = EnquiryState.ANSWERED, now(), None
    enquiry.acknowledged_at = enquiry.acknowledged_at or enquiry.answered_at
    enquiry.taken_by = enquiry.taken_by or by
    enquiry.save()
    _noted(enquiry, NoteKind.ANSWER, text, "answered", by, key)
    _write("enquiry_answered", enquiry, answer=text)
    return enquiry


@transaction.atomic
def close(enquiry: Enquiry, reason: str, *, by: Person) -> Enquiry:
    """Close it without (another) answer. A complaint that nobody confirmed needs a reason.

    Errors: NothingWritten.
    """
    enquiry = _locked(enquiry)
    if enquiry.state == EnquiryState.CLOSED:
        return enquiry
    reason = rules.clean(reason)[: rules.LONGEST_NOTE]
    if enquiry.acknowledge_by is not None and not reason:
        raise errors.NothingWritten(
            "Nobody has confirmed this complaint. Confirm it, or say why it needs no answer."
        )
    enquiry.state, enquiry.closed_at = EnquiryState.CLOSED, now()
    enquiry.save(update_fields=["state", "closed_at"])
    said = f"Closed: {reason}" if reason else "Closed."
    _noted(enquiry, NoteKind.STEP, said, "closed", by)
    return enquiry


@transaction.atomic
def reopen(enquiry: Enquiry, *, by: Person) -> Enquiry:
    """Put it back among the open ones; the clock of an unconfirmed complaint goes on."""
    enquiry = _locked(enquiry)
    if enquiry.state != EnquiryState.OPEN:
        enquiry.state, enquiry.closed_at = EnquiryState.OPEN, None
        enquiry.save(update_fields=["state", "closed_at"])
        _noted(enquiry, NoteKind.STEP, "Opened it again.", "reopened", by)
    return enquiry


def _locked(enquiry: Enquiry) -> Enquiry:
    return Enquiry.objects.select_for_update().get(pk=enquiry.pk)


def _is_done(key: UUID | None) -> bool:
    return key is not None and EnquiryNote.objects.filter(key=key).exists()


def _words(text: str, missing: str) -> str:
    text = rules.clean(text)[: rules.LONGEST_NOTE]
    if not text:
        raise errors.NothingWritten(missing)
    return text


def _noted(
    enquiry: Enquiry, kind: NoteKind, text: str, verb: str, by: Person, key: UUID | None = None
) -> None:
    EnquiryNote.objects.create(
        enquiry=enquiry, kind=kind, text=text, by=by, at=now(), key=key or new_id()
    )
    audit.record(f"message to the team {verb}", thing=enquiry, by=by)


def _write(template: str, enquiry: Enquiry, **context: str) -> None:
    write_mail(
        template=f"mails/{template}",
        to=(enquiry.name, enquiry.email),
        kind=template,
        about=enquiry,
        thread=f"enquiry-{enquiry.pk}",
        context={
            **mail_values(enquiry),
            "page": absolute(reverse("help:faqs")),
            **context,
        },
    )
