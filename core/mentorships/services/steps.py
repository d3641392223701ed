"""How any step is taken: look it up, move the row by compare-and-swap, write it down.

Of two people at once exactly one wins; state, history, audit and mails stand or fall together
(product, decision 6).
"""

from typing import Any, Final

from core.accounts.models import Person
from core.kernel import audit
from core.kernel.clock import now
from core.mentorships import errors, permissions, queries, states
from core.mentorships.models import Mentorship, MentorshipStep, Revision
from core.mentorships.services.guards import BUILT, hindrance
from core.mentorships.states import Action, Role, State

DEEDS: Final = {
    Action.SEND: "sent",
    Action.PROPOSE: "proposed",
    Action.MATCH: "matched",
    Action.EDIT: "edited",
    Action.ASK_CHANGES: "changes asked",
    Action.REVISE: "revised",
    Action.ACCEPT: "accepted",
    Action.DECLINE: "declined",
    Action.WITHDRAW: "withdrawn",
    Action.LAPSE: "lapsed",
    Action.REOPEN: "reopened",
    Action.INVITE_BACK: "invited back",
    Action.GO_ON: "resumed",
    Action.MARK_DONE: "marked done",
    Action.TAKE_BACK: "mark taken back",
    Action.COMPLETE: "completed",
    Action.END: "ended",
}


def look_up(
    mentorship: Mentorship, action: Action, *, by: Person, hold: bool = False
) -> Mentorship:
    """The row as it stands now, if this person may take the step; `hold` locks it.

    Errors: NotTheirs, NoLongerPossible, AccountNotInUse, and what `hindrance` finds.
    """
    rows = queries.with_people()
    if hold:
        rows = rows.select_for_update(of=("self",))
    found = rows.get(pk=mentorship.pk)
    role = permissions.role_of(by, found)
    if role not in states.roles_for(action):
        raise errors.NotTheirs("There is nothing here that you can do.")
    if (State(found.state), action) not in states.TABLE:
        raise errors.NoLongerPossible(queries.standing(found))
    if role not in states.step(State(found.state), action).by:
        raise errors.NotTheirs("There is nothing here that you can do.")
    if not BUILT[action](by, found):
        raise errors.AccountNotInUse(
            "One of the two accounts is not in use at present, so this cannot go on."
        )
    if in_the_way := hindrance(action, found, by):
        raise in_the_way
    return found


def take(
    mentorship: Mentorship,
    action: Action,
    *,
    by: Person,
    told: str = "",
    told_staff: str = "",
    revision: Revision | None = None,
    **changes: Any,
) -> Mentorship:
    """Move the row by compare-and-swap and write the step down; raises NoLongerPossible.

    `told` are words that both read in the history, `told_staff` such that staff alone read.
    """
    before = State(mentorship.state)
    after = states.next_state(before, action)
    changes |= {"state": after, "changed_at": now()}
    moved = Mentorship.objects.filter(pk=mentorship.pk, state=before).update(**changes)
    if not moved:
        raise errors.NoLongerPossible(queries.standing(queries.with_people().get(pk=mentorship.pk)))
    for name, value in changes.items():
        setattr(mentorship, name, value)
    role = permissions.role_of(by, mentorship) or Role.STAFF
    write_down(
        mentorship, action, before=before, by=by, role=role,
        note=told, staff_note=told_staff, revision=revision,
    )  # fmt: skip
    return mentorship


def write_down(
    mentorship: Mentorship,
    action: Action,
    *,
    before: State | None,
    by: Person,
    role: Role,
    **more: Any,
) -> None:
    """A line of history and one of audit; `more` are further fields of the step."""
    MentorshipStep.objects.create(
        mentorship=mentorship,
        action=action,
        before=before or "",
        after=mentorship.state,
        by=by,
        role=role,
        at=mentorship.changed_at,
        **more,
    )
    audit.record(
        f"mentorship {DEEDS[action]}",
        thing=mentorship,
        by=by,
        before=before,
        after=mentorship.state,
    )


def keep_revision(mentorship: Mentorship) -> Revision:
    """Keep what is asked as it stands now."""
    return Revision.objects.create(
        mentorship=mentorship,
        area=mentorship.area,
        area_label=mentorship.area_label,
        statement=mentorship.statement,
    )
