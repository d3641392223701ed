"""What mentees do: send, edit, revise, withdraw; and reopening, which mentors do too."""

from typing import Any

from django.db import transaction
from django.db.models import F

from core.accounts.models import Person
from core.accounts.services import lock
from core.kernel.clock import now
from core.kernel.events import tell
from core.mentorships import errors, events, queries, states
from core.mentorships.models import Mentorship, WaitingPlace
from core.mentorships.services.guards import check_send
from core.mentorships.services.steps import keep_revision, look_up, take, write_down
from core.mentorships.states import Action, Role
from core.programme.queries import words


def send(*, mentor: Person, area: str, statement: str, by: Person) -> Mentorship:
    """Ask a mentor (product C1). `area` is an option key of the institute's field of areas.

    Errors: NotTheirs, ProfileMissing, MentorUnavailable, MentorFull, AlreadyOpen, TooManyOpen,
    AreaUnknown. Nothing is written then.
    """
    with transaction.atomic():
        lock(by, mentor)  # one at a time: the limit is counted, not guessed
        by, mentor = queries.as_they_are(by, mentor)
        check_send(mentor=mentor, by=by)
        at = now()
        mentorship = Mentorship.objects.create(
            mentor=mentor,
            mentee=by,
            state=states.next_state(None, Action.SEND),
            area=area,
            area_label=label_of(area),
            statement=statement.strip(),
            sent_at=at,
            changed_at=at,
            waiting_since=at,
        )
        WaitingPlace.objects.filter(mentor=mentor, mentee=by).delete()
        revision = keep_revision(mentorship)
        write_down(mentorship, Action.SEND, before=None, by=by, role=Role.MENTEE, revision=revision)
        tell(events.RequestSent(mentorship_id=mentorship.pk, by_id=by.pk))
    return mentorship


def edit(mentorship: Mentorship, *, area: str, statement: str, by: Person) -> Mentorship:
    """Change what waits for the mentor, who is told (product C2). The clock runs on (C5).

    The same text once more changes nothing and tells nobody.
    Errors: NotTheirs, NoLongerPossible, TooOften, AreaUnknown. Nothing is written then.
    """
    with transaction.atomic():
        mentorship = look_up(mentorship, Action.EDIT, by=by, hold=True)
        if not _rewrite(mentorship, area, statement):
            return mentorship
        mentorship = _take_rewritten(mentorship, Action.EDIT, by=by)
        tell(events.RequestEdited(mentorship_id=mentorship.pk, by_id=by.pk))
    return mentorship


def revise(mentorship: Mentorship, *, area: str, statement: str, by: Person) -> Mentorship:
    """Send a new version to a mentor who asked for changes; the clock goes on where it stood.

    Errors: NotTheirs, NoLongerPossible, AreaUnknown. Nothing is written then.
    """
    with transaction.atomic():
        mentorship = look_up(mentorship, Action.REVISE, by=by, hold=True)
        _rewrite(mentorship, area, statement)
        mentorship = _take_rewritten(mentorship, Action.REVISE, by=by, **going_on(mentorship))
        tell(events.RequestRevised(mentorship_id=mentorship.pk, by_id=by.pk))
    return mentorship


def withdraw(mentorship: Mentorship, *, reason: str = "", by: Person) -> Mentorship:
    """Take back an unanswered request (product C6); `reason` is for staff alone.

    Errors: NotTheirs, NoLongerPossible. Nothing is written then.
    """
    with transaction.atomic():
        mentorship = look_up(mentorship, Action.WITHDRAW, by=by, hold=True)
        mentorship = take(mentorship, Action.WITHDRAW, by=by, told_staff=reason.strip())
        tell(events.RequestWithdrawn(mentorship_id=mentorship.pk, by_id=by.pk))
    return mentorship


def reopen(
    mentorship: Mentorship, *, area: str | None = None, statement: str | None = None, by: Person
) -> Mentorship:
    """Make an ask again of what came to nothing or ended (product C6, D9).

    The mentee reopens what was withdrawn, lapsed or ended, perhaps in other words; the mentor
    what they declined. It waits for the mentor's answer then, and the clock starts afresh.
    Errors: NotTheirs, NoLongerPossible, AlreadyOpen, MentorUnavailable, MentorFull, TooManyOpen,
    AccountNotInUse, AreaUnknown. Nothing is written then.
    """
    with transaction.atomic():
        lock(mentorship.mentor, mentorship.mentee)
        mentorship = look_up(mentorship, Action.REOPEN, by=by, hold=True)
        if statement is not None and by.pk == mentorship.mentee_id:
            _rewrite(mentorship, area if area is not None else mentorship.area, statement)
        at = now()
        mentorship = _take_rewritten(
            mentorship, Action.REOPEN, by=by,
            sent_at=at, waiting_since=at, paused_at=None, reminded_day=0,
            answered_at=None, reason="", note="", mentor_done_at=None, mentee_done_at=None,
            invited_back_at=None,
        )  # fmt: skip
        tell(events.RequestReopened(mentorship_id=mentorship.pk, by_id=by.pk))
    return mentorship


def pause(*, mentor: Person, mentee: Person) -> None:
    """The mentor has written to the mentee: the clock of what waits stands still (product C5)."""
    Mentorship.objects.filter(
        mentor=mentor, mentee=mentee, state=states.State.PROPOSED, paused_at=None
    ).update(paused_at=now())


def resume(*, mentor: Person, mentee: Person) -> None:
    """The mentee has written back, so it is the mentor's turn: the clock goes on."""
    at = now()
    Mentorship.objects.filter(
        mentor=mentor, mentee=mentee, state=states.State.PROPOSED, paused_at__isnull=False
    ).update(waiting_since=F("waiting_since") + (at - F("paused_at")), paused_at=None)


def going_on(mentorship: Mentorship) -> dict[str, Any]:
    """The changes that let a clock which stands still go on where it stood."""
    if mentorship.paused_at is None:
        return {}
    stood = now() - mentorship.paused_at
    return {"waiting_since": mentorship.waiting_since + stood, "paused_at": None}


def _rewrite(mentorship: Mentorship, area: str, statement: str) -> bool:
    """Write other words into the row in hand; False when they are the same."""
    before = (mentorship.area, mentorship.statement)
    label = mentorship.area_label if area == mentorship.area else label_of(area)
    mentorship.area, mentorship.area_label = area, label
    mentorship.statement = statement.strip()
    changed = before != (mentorship.area, mentorship.statement)
    mentorship.by_team = mentorship.by_team and not changed
    return changed


def _take_rewritten(
    mentorship: Mentorship, action: Action, *, by: Person, **changes: Any
) -> Mentorship:
    return take(
        mentorship,
        action,
        by=by,
        revision=keep_revision(mentorship),
        area=mentorship.area,
        area_label=mentorship.area_label,
        statement=mentorship.statement,
        by_team=mentorship.by_team,
        **changes,
    )


def label_of(area: str) -> str:
    """An area of support in words. Errors: AreaUnknown."""
    known = {one.key: one.label for one in queries.areas(queries.area_field(), None)}
    if known and area not in known:
        raise errors.AreaUnknown(f"Choose {words()['area'].form('article')} from the list.")
    return known.get(area, "")
