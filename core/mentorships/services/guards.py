"""What stands in the way of a step besides the table: places, limits, the institute's policies.

Services refuse by these functions and pages ask them, so a button that would fail is never drawn
and a step without a button is never taken.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from core.accounts.models import Person
from core.accounts.queries import blocked_between
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.membership.queries import standing_of
from core.mentorships import errors, permissions, queries, rules
from core.mentorships.models import Mentorship
from core.mentorships.states import Action, Role
from core.profiles.queries import profile_of
from core.programme.queries import policies, words

Guard = Callable[[Person, Mentorship], bool]

BUILT: Final[dict[Action, Guard]] = {
    Action.ACCEPT: permissions.may_accept,
    Action.ASK_CHANGES: permissions.may_ask_changes,
    Action.DECLINE: permissions.may_decline,
    Action.EDIT: permissions.may_edit,
    Action.REVISE: permissions.may_revise,
    Action.WITHDRAW: permissions.may_withdraw,
    Action.GO_ON: permissions.may_go_on,
    Action.REOPEN: permissions.may_reopen,
    Action.INVITE_BACK: permissions.may_invite_back,
    Action.MARK_DONE: permissions.may_mark_done,
    Action.TAKE_BACK: permissions.may_take_back,
    Action.COMPLETE: permissions.may_complete,
    Action.END: permissions.may_end,
}
"""What people do with a mentorship that is there, in the order in which pages show it."""


def available_actions(person: Person, mentorship: Mentorship) -> tuple[Action, ...]:
    """What this person may do now: table, permissions, policies and places (product C7).

    Pages, API and tests all ask this: a button that would fail is never drawn.
    """
    return tuple(
        action
        for action, may in BUILT.items()
        if may(person, mentorship) and hindrance(action, mentorship, person) is None
    )


def hindrance(action: Action, mentorship: Mentorship, by: Person) -> RuleBroken | None:
    """What hinders a step that table and permissions allow, or None."""
    try:
        if check := _CHECKS.get(action):
            check(mentorship, by)
    except RuleBroken as broken:
        return broken
    return None


def check_send(*, mentor: Person, by: Person) -> None:
    """Raise what `send` would raise now, whatever is written (see there)."""
    ask = words()["request"]
    if not permissions.may_send(by, mentor) or blocked_between(by, mentor):
        raise errors.NotTheirs(f"You cannot send {mentor.full_name} {ask.form('article')}.")
    _are_members(by, mentor)
    _nothing_open(mentor, by)
    if policies().profile_gate:
        own = profile_of(by, "mentee")
        if own is None or not own.complete:
            raise errors.ProfileMissing(
                f"Complete your profile first: mentors read it together with your {ask.singular}."
            )
    _takes_somebody(mentor, by)
    _within_limit(by)


def _may_accept(mentorship: Mentorship, by: Person) -> None:
    _are_members(by, mentorship.mentee)
    if not queries.room_of(mentorship.mentor):
        raise errors.MentorFull(queries.full(mentorship.mentor, by))


def _may_ask_changes(mentorship: Mentorship, by: Person) -> None:
    if policies().negotiation != "ask_for_changes":
        raise errors.NotThisWay(
            "Changes are not asked for here. Write a message, then accept or decline."
        )


def _may_edit(mentorship: Mentorship, by: Person) -> None:
    since = now() - timedelta(days=1)
    if mentorship.steps.filter(action=Action.EDIT, at__gt=since).count() >= rules.CHANGES_A_DAY:
        raise errors.TooOften(
            "You have changed this many times today, and each change is told to "
            f"{mentorship.mentor.full_name}. Come back tomorrow."
        )


def _may_reopen(mentorship: Mentorship, by: Person) -> None:
    mentor, mentee = mentorship.mentor, mentorship.mentee
    if blocked_between(mentor, mentee):  # whoever is blocked is not told so
        if by.pk == mentor.pk:
            raise errors.AccountNotInUse("This cannot be reopened at present.")
        raise errors.MentorUnavailable(_unavailable(mentor, by))
    _are_members(by, mentee if by.pk == mentor.pk else mentor)
    _nothing_open(mentor, mentee)
    _takes_somebody(mentor, by)
    if by.pk == mentee.pk:
        _within_limit(mentee)


def _may_invite_back(mentorship: Mentorship, by: Person) -> None:
    if blocked_between(mentorship.mentor, mentorship.mentee):
        raise errors.AccountNotInUse("They cannot be asked at present.")
    if queries.is_invited_back(mentorship):
        raise errors.NotThisWay(
            f"You have asked {mentorship.mentee.full_name} already. You get an e-mail when they "
            "answer."
        )
    _there_is_a_place(mentorship, by)


def _may_go_on(mentorship: Mentorship, by: Person) -> None:
    if not queries.is_invited_back(mentorship):
        raise errors.NotThisWay(f"Ask {mentorship.mentor.full_name} first whether they would.")
    if blocked_between(mentorship.mentor, mentorship.mentee):
        raise errors.MentorUnavailable(_unavailable(mentorship.mentor, by))
    _there_is_a_place(mentorship, by)


def _there_is_a_place(mentorship: Mentorship, by: Person) -> None:
    mentor, mentee = mentorship.mentor, mentorship.mentee
    _are_members(by, mentee if by.pk == mentor.pk else mentor)
    _nothing_open(mentorship.mentor, mentorship.mentee)
    if not queries.room_of(mentorship.mentor):
        raise errors.MentorFull(queries.full(mentorship.mentor, by))


def _may_mark_done(mentorship: Mentorship, by: Person) -> None:
    role = permissions.role_of(by, mentorship)
    nobody_yet = mentorship.mentor_done_at is None and mentorship.mentee_done_at is None
    match policies().who_completes:
        case "each" if nobody_yet:
            return
        case "mentor_when_asked" if nobody_yet and role is Role.MENTEE:
            return
    raise errors.NotThisWay("There is nothing to mark at present.")


def _may_take_back(mentorship: Mentorship, by: Person) -> None:
    if mentorship.mentor_done_at is None and mentorship.mentee_done_at is None:
        raise errors.NotThisWay("Nobody has marked the journey as complete.")


def _may_complete(mentorship: Mentorship, by: Person) -> None:
    role = permissions.role_of(by, mentorship)
    theirs = mentorship.mentee_done_at if role is Role.MENTOR else mentorship.mentor_done_at
    match policies().who_completes:
        case "either":
            return
        case "each" if theirs is not None:
            return
        case "mentor_when_asked" if theirs is not None and role is Role.MENTOR:
            return
        case "mentor" | "mentee" as one if role == one:
            return
        case "mentor" | "mentee" as one:
            raise errors.NotThisWay(f"The {words()[one].singular} completes the journey here.")
    raise errors.NotThisWay("The other one of you has to say so first.")


_CHECKS: Final[dict[Action, Callable[[Mentorship, Person], None]]] = {
    Action.ACCEPT: _may_accept,
    Action.ASK_CHANGES: _may_ask_changes,
    Action.EDIT: _may_edit,
    Action.REOPEN: _may_reopen,
    Action.INVITE_BACK: _may_invite_back,
    Action.GO_ON: _may_go_on,
    Action.MARK_DONE: _may_mark_done,
    Action.TAKE_BACK: _may_take_back,
    Action.COMPLETE: _may_complete,
}


def _are_members(by: Person, other: Person) -> None:
    """Whether both may begin something new; the other's membership is not spoken of."""
    standing = standing_of(by)
    if not standing.may_ask:
        raise errors.NotAMember(standing.sentence)
    if not standing_of(other).may_ask:
        raise errors.AccountNotInUse(f"{other.full_name} cannot begin anything new at present.")


def _nothing_open(mentor: Person, mentee: Person) -> None:
    if existing := queries.open_between(mentor=mentor, mentee=mentee):
        raise errors.AlreadyOpen(
            f"You have already sent {mentor.full_name} {words()['request'].form('article')}.",
            existing.pk,
        )


def _takes_somebody(mentor: Person, by: Person) -> None:
    profile = profile_of(mentor, "mentor")
    if profile is None or not profile.complete or not profile.available:
        raise errors.MentorUnavailable(_unavailable(mentor, by))
    if not queries.room_of(mentor, profile):
        raise errors.MentorFull(queries.full(mentor, by))


def _unavailable(mentor: Person, by: Person) -> str:
    if by.pk == mentor.pk:
        return "You are unavailable at present. Make yourself available in Edit Account first."
    return f"{mentor.full_name} is not available at present."


def _within_limit(mentee: Person) -> None:
    ask = words()["request"]
    limit = policies().open_request_limit
    if limit is not None and queries.unanswered_count(mentee) >= limit:
        many = f"{limit} {ask.singular if limit == 1 else ask.plural}"
        one = "it" if limit == 1 else "one of them"
        raise errors.TooManyOpen(
            f"You have {many} waiting for an answer, which is as many as can be open at once. "
            f"Wait for an answer, or withdraw {one}."
        )
