"""Reports of members, and what the programme team does with them (product D10).

Whoever on the team reads one is written into the audit trail (decision 4).
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from core.accounts.models import Person
from core.kernel import audit
from core.kernel.clock import now
from core.kernel.events import tell
from core.kernel.limits import allow
from core.messaging import errors, permissions, queries
from core.messaging.events import ReportMade
from core.messaging.models import Message, Mute, Report, ReportKind, ReportNote, ReportState
from core.messaging.rules import reporting as rules
from core.messaging.rules.writing import clean


def report(
    *,
    about: Person,
    kind: ReportKind,
    text: str,
    key: UUID,
    by: Person,
    reason: str = "",
    message: Message | None = None,
    with_messages: bool = False,
) -> Report:
    """Tell the programme team, with a frozen copy of the messages that it is about.

    A reported message takes those around it along; a report about a person takes the newest ones
    only when the reporter lets them be read. Safe to repeat with the same `key`.
    Errors: NotBetweenThem, TooMuch. Nothing is written then.
    """
    if not permissions.may_report(by, about):
        raise errors.NotBetweenThem("There is nobody here whom you could report.")
    if made := Report.objects.filter(reporter=by, key=key).first():
        return made
    if not allow(f"report:{by.pk}", limit=rules.REPORTS_A_DAY, seconds=86_400):
        raise errors.TooMuch("You have made many reports today. Write to the team by e-mail.")
    try:
        with transaction.atomic():
            return _made(about, kind, text, key, by, reason, message, with_messages)
    except IntegrityError:  # the same form at the same moment
        return Report.objects.get(reporter=by, key=key)


def _made(
    about: Person,
    kind: ReportKind,
    text: str,
    key: UUID,
    by: Person,
    reason: str,
    message: Message | None,
    with_messages: bool,
) -> Report:
    if message is not None:
        context = queries.around(message, before=rules.BEFORE, after=rules.AFTER)
    else:
        context = queries.latest(by, about, rules.LATEST) if with_messages else []
    made = Report.objects.create(
        reporter=by,
        about=about,
        message=message,
        kind=kind,
        reason=reason,
        text=clean(text)[: rules.LONGEST_REPORT],
        snapshot=[_frozen(one, message) for one in context],
        key=key,
        made_at=now(),
    )
    audit.record("report made", thing=made, by=by, kind=str(kind))
    tell(ReportMade(report_id=made.pk, step_in=kind == ReportKind.STEP_IN))
    return made


def _frozen(one: Message, reported: Message | None) -> dict[str, Any]:
    return {
        "number": one.number,
        "sender": one.sender.full_name,
        "sender_id": str(one.sender_id),
        "sent_at": one.sent_at,
        "text": one.text,
        "files": [{"id": str(file.pk), "name": file.name} for file in one.files.all()],
        "reported": one == reported,
    }


def open_report(found: Report, *, by: Person) -> None:
    """Note who of the team reads a report."""
    audit.record("report read", thing=found, by=by)


def open_file(found: Report, name: str, *, by: Person) -> None:
    """Note who of the team opens a file of a report."""
    audit.record("file of a report opened", thing=found, by=by, file=name)


@transaction.atomic
def take(found: Report, *, by: Person) -> Report:
    """Take a report in hand, also one that was resolved before."""
    found = _locked(found)
    found.state, found.taken_by = ReportState.IN_HAND, by
    found.outcome, found.resolved_at = "", None
    found.save()
    return _noted(found, "Took the report in hand.", "report taken in hand", by)


@transaction.atomic
def add_note(found: Report, text: str, *, by: Person) -> Report:
    """Write down what the team knows or has done; members never read it."""
    return _noted(_locked(found), clean(text)[: rules.LONGEST_NOTE], "report noted", by)


@transaction.atomic
def resolve(found: Report, outcome: str, *, by: Person) -> Report:
    """Close a report with what came of it. Errors: NothingWritten."""
    outcome = clean(outcome)[: rules.LONGEST_NOTE]
    if not outcome:
        raise errors.NothingWritten("Say in a sentence what came of it.")
    found = _locked(found)
    found.state, found.outcome, found.resolved_at = ReportState.RESOLVED, outcome, now()
    found.save()
    return _noted(found, f"Resolved: {outcome}", "report resolved", by)


@transaction.atomic
def mute(found: Report, person: Person, *, days: int, by: Person) -> Mute:
    """Stop one of the two in a report from sending messages for days; 0 is until it is lifted.

    Errors: NotBetweenThem for anybody else.
    """
    found = _locked(found)
    if person.pk not in (found.about_id, found.reporter_id) or days not in rules.MUTE_DAYS:
        raise errors.NotBetweenThem("This report is not about them.")
    at = now()
    Mute.objects.filter(person=person, lifted_at=None).update(lifted_at=at)
    until = at + timedelta(days=days) if days else None
    made = Mute.objects.create(person=person, report=found, by=by, begun_at=at, until=until)
    audit.record("person muted", thing=person, by=by, days=days or None)
    _noted(found, f"Muted {person.full_name}{f' for {days} days' if days else ''}.", "", by)
    return made


@transaction.atomic
def lift_mute(found: Report, person: Person, *, by: Person) -> bool:
    """Let a person write again; False when they could."""
    found = _locked(found)
    lifted = Mute.objects.filter(person=person, lifted_at=None).update(lifted_at=now())
    if lifted:
        audit.record("mute lifted", thing=person, by=by)
        _noted(found, f"Let {person.full_name} write again.", "", by)
    return bool(lifted)


def _locked(found: Report) -> Report:
    return Report.objects.select_for_update(of=("self",)).get(pk=found.pk)


def _noted(found: Report, text: str, verb: str, by: Person) -> Report:
    if not text:
        raise errors.NothingWritten("Write the note first.")
    ReportNote.objects.create(report=found, by=by, text=text, at=now())
    if verb:
        audit.record(verb, thing=found, by=by)
    return found
