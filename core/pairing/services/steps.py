"""How a run is changed: hold its row, ask the table, count the change, write it down."""

from typing import Any
from uuid import UUID

from django.db import OperationalError, transaction

from core.accounts.models import Person
from core.kernel import audit
from core.pairing import errors, states
from core.pairing.models import LeftOut, Pool
from core.pairing.permissions import may_pair
from core.pairing.rules import Reason
from core.pairing.states import Action, State

_STANDING = {
    State.ORDERED: "This run is being worked out. Wait until its draft is there.",
    State.DRAFT: "This run is a draft already.",
    State.PUBLISHED: "This run has been published. What came of it stands below.",
    State.DISCARDED: "This run was discarded.",
}


def held(pool_id: UUID, action: Action, *, by: Person, wait: bool = False) -> Pool:
    """The run with its row locked, if this person may do this to it now.

    Errors: NotTheirs, NoLongerPossible; without `wait` also when a job has it in hand.
    """
    if not may_pair(by):
        raise errors.NotTheirs("There is nothing here that you can do.")
    rows = Pool.objects.select_for_update(nowait=not wait)
    try:
        with transaction.atomic():
            pool = rows.get(pk=pool_id)
    except OperationalError:
        raise errors.NoLongerPossible(
            "This draft is being worked on at this moment. Try again in a little while."
        ) from None
    if not states.can(pool.state, action):
        raise errors.NoLongerPossible(_STANDING[State(pool.state)])
    return pool


def note_change(pool: Pool, deed: str, *, by: Person, **facts: Any) -> None:
    """Count one more change of the draft, so that nobody publishes what they have not seen."""
    pool.changes += 1
    pool.save(update_fields=["changes"])
    audit.record(f"pool {deed}", thing=pool, by=by, **facts)


def leave_out(pool: Pool, mentee: Person, reason: Reason, detail: str = "") -> None:
    """Say that a mentee has nobody, and why; an earlier reason gives way."""
    LeftOut.objects.update_or_create(
        pool=pool, mentee=mentee, defaults={"reason": reason.value, "detail": detail}
    )
