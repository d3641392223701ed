"""What happens to a mentorship: one function a thing, each in one transaction.

The state moves by compare-and-swap, so of two people at once exactly one wins; state, history,
audit and mails stand or fall together (product, decision 6).
"""

from collections.abc import Callable
from typing import Any, Final

from django.db import transaction

from core.accounts.models import Person
from core.accounts.queries import blocked_between
from core.accounts.services import lock
from core.kernel import audit
from core.kernel.clock import now
from core.kernel.events import tell
from core.matching.services import set_room
from core.mentorships import errors, events, permissions, queries, rules, states
from core.mentorships.models import Mentorship, MentorshipStep
from core.mentorships.states import Action, Role, State
from core.profiles.queries import profile_of
from core.programme.queries import policies, words


def send(*, mentor: Person, area: str, statement: str, by: Person) -> Mentorship:
    """Ask a mentor (product C1). `area` is an option key of the institute's field of areas.

    Errors: NotTheirs, ProfileMissing, MentorUnavailable, MentorFull, AlreadyOpen, TooManyOpen,
    AreaUnknown. Nothing is written then.
    """
    with transaction.atomic():
        lock(by, mentor)  # one at a time: the limit is counted, not guessed
        check_send(mentor=mentor, by=by)
        area_label = _label_of(area)
        at = now()
        mentorship = Mentorship.objects.create(
            mentor=mentor,
            mentee=by,
            state=states.next_state(None, Action.SEND),
            area=area,
            area_label=area_label,
            statement=statement.strip(),
            sent_at=at,
            changed_at=at,
        )
        _write_down(mentorship, Action.SEND, before=None, by=by, role=Role.MENTEE)
        tell(events.RequestSent(mentorship_id=mentorship.pk, by_id=by.pk))
    return mentorship


def accept(mentorship: Mentorship, *, by: Person) -> Mentorship:
    """Say yes: the relationship is active and takes one of the mentor's places (product C3, D1).

    Errors: NotTheirs, NoLongerPossible, MentorFull. Nothing is written then.
    """
    with transaction.atomic():
        lock(mentorship.mentor)  # places are counted by one at a time
        mentorship = look_up(mentorship, Action.ACCEPT, by=by)
        places = queries.room_of(mentorship.mentor)
        if not places:
            raise errors.MentorFull(queries.full(mentorship.mentor, by))
        mentorship = _take(mentorship, Action.ACCEPT, by=by, answered_at=now())
        set_room(mentorship.mentor, places - 1)
        tell(events.RequestAccepted(mentorship_id=mentorship.pk, by_id=by.pk))
    return mentorship


def decline(mentorship: Mentorship, *, reason: str = "", note: str = "", by: Person) -> Mentorship:
    """Say no, with an optional reason (a key of `rules.REASONS`) and kind words (product C3).

    Errors: NotTheirs, NoLongerPossible. Nothing is written then.
    """
    with transaction.atomic():
        mentorship = look_up(mentorship, Action.DECLINE, by=by)
        mentorship = _take(
            mentorship,
            Action.DECLINE,
            by=by,
            answered_at=now(),
            reason=rules.Reason(reason) if reason else "",
            note=note.strip(),
        )
        tell(events.RequestDeclined(mentorship_id=mentorship.pk, by_id=by.pk))
    return mentorship


def withdraw(mentorship: Mentorship, *, by: Person) -> Mentorship:
    """Take back an unanswered request (product C6).

    Errors: NotTheirs, NoLongerPossible. Nothing is written then.
    """
    with transaction.atomic():
        mentorship = look_up(mentorship, Action.WITHDRAW, by=by)
        mentorship = _take(mentorship, Action.WITHDRAW, by=by)
        tell(events.RequestWithdrawn(mentorship_id=mentorship.pk, by_id=by.pk))
    return mentorship


_DEEDS: Final = {
    Action.SEND: "sent",
    Action.ACCEPT: "accepted",
    Action.DECLINE: "declined",
    Action.WITHDRAW: "withdrawn",
}

Guard = Callable[[Person, Mentorship], bool]

BUILT: Final[dict[Action, Guard]] = {
    Action.ACCEPT: permissions.may_accept,
    Action.DECLINE: permissions.may_decline,
    Action.WITHDRAW: permissions.may_withdraw,
}
"""The actions that have a service and a page. The table knows more: they come with their issues."""


def available_actions(person: Person, mentorship: Mentorship) -> tuple[Action, ...]:
    """What this person may do now: table, permissions, what is built, and room (product C7).

    Pages, API and tests all ask this: a button that would fail is never drawn.
    """
    allowed = [action for action, may in BUILT.items() if may(person, mentorship)]
    if Action.ACCEPT in allowed and not queries.room_of(mentorship.mentor):
        allowed.remove(Action.ACCEPT)
    return tuple(allowed)


def check_send(*, mentor: Person, by: Person) -> None:
    """Raise what `send` would raise now, whatever is written (see there)."""
    ask = words()["request"]
    policy = policies()
    if not permissions.may_send(by, mentor) or blocked_between(by, mentor):
        raise errors.NotTheirs(f"You cannot send {mentor.full_name} {ask.form('article')}.")
    if existing := queries.open_between(mentor=mentor, mentee=by):
        raise errors.AlreadyOpen(
            f"You have already sent {mentor.full_name} {ask.form('article')}.", existing.pk
        )
    if policy.profile_gate:
        own = profile_of(by, "mentee")
        if own is None or not own.complete:
            raise errors.ProfileMissing(
                f"Complete your profile first: mentors read it together with your {ask.singular}."
            )
    profile = profile_of(mentor, "mentor")
    if profile is None or not profile.complete or not profile.available:
        raise errors.MentorUnavailable(f"{mentor.full_name} is not available at present.")
    if not queries.room_of(mentor, profile):
        raise errors.MentorFull(queries.full(mentor, by))
    limit = policy.open_request_limit
    if limit is not None and queries.unanswered_count(by) >= limit:
        many = f"{limit} {ask.singular if limit == 1 else ask.plural}"
        one = "it" if limit == 1 else "one of them"
        raise errors.TooManyOpen(
            f"You have {many} waiting for an answer, which is as many as can be open at once. "
            f"Wait for an answer, or withdraw {one}."
        )


def _label_of(area: str) -> str:
    known = {one.key: one.label for one in queries.areas(queries.area_field(), None)}
    if known and area not in known:
        raise errors.AreaUnknown(f"Choose {words()['area'].form('article')} from the list.")
    return known.get(area, "")


def look_up(mentorship: Mentorship, action: Action, *, by: Person) -> Mentorship:
    """The row as it stands now, if this person may take the step.

    Errors: NotTheirs, NoLongerPossible, AccountNotInUse.
    """
    found = queries.with_people().get(pk=mentorship.pk)
    role = permissions.role_of(by, found)
    if role not in states.roles_for(action):
        raise errors.NotTheirs("There is nothing here that you can do.")
    if (State(found.state), action) not in states.TABLE:
        raise errors.NoLongerPossible(queries.standing(found))
    if not BUILT[action](by, found):
        raise errors.AccountNotInUse(
            "One of the two accounts is not in use at present, so this cannot go on."
        )
    return found


def _take(mentorship: Mentorship, action: Action, *, by: Person, **changes: Any) -> Mentorship:
    """Move the row by compare-and-swap and write the step down; raises NoLongerPossible."""
    before = State(mentorship.state)
    after = states.next_state(before, action)
    changes |= {"state": after, "changed_at": now()}
    moved = Mentorship.objects.filter(pk=mentorship.pk, state=before).update(**changes)
    if not moved:
        raise errors.NoLongerPossible(queries.standing(queries.with_people().get(pk=mentorship.pk)))
    for name, value in changes.items():
        setattr(mentorship, name, value)
    role = permissions.role_of(by, mentorship)
    _write_down(mentorship, action, before=before, by=by, role=role or Role.STAFF)
    return mentorship


def _write_down(
    mentorship: Mentorship, action: Action, *, before: State | None, by: Person, role: Role
) -> None:
    MentorshipStep.objects.create(
        mentorship=mentorship,
        action=action,
        before=before or "",
        after=mentorship.state,
        by=by,
        role=role,
        at=mentorship.changed_at,
    )
    audit.record(
        f"mentorship {_DEEDS[action]}",
        thing=mentorship,
        by=by,
        before=before,
        after=mentorship.state,
    )
