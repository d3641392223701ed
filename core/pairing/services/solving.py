"""Order a run, and work out its draft."""

from collections.abc import Callable, Iterator
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from core.accounts.models import Person
from core.kernel import audit, jobs
from core.kernel.clock import now
from core.kernel.models import Job
from core.pairing import errors
from core.pairing.models import LeftOut, PairDraft, Pool, Standing
from core.pairing.permissions import may_pair
from core.pairing.queries import Ground, ground, receipt_kept
from core.pairing.rules import (
    Choices,
    Reason,
    Solution,
    Spoken,
    TooLarge,
    explained,
    one_by_one,
)
from core.pairing.rules import solve as best
from core.pairing.rules.grid import Marks, Points
from core.pairing.services.steps import held
from core.pairing.states import Action, State
from core.programme.queries import words

SOLVE = "pairing.solve"
Tell = Callable[[int, int], None]
STEPS = 4


def order(choices: Choices, *, by: Person) -> Job:
    """Begin a run with these choices; the draft is worked out as a job. Errors: NotTheirs."""
    if not may_pair(by):
        raise errors.NotTheirs("There is nothing here that you can do.")
    with transaction.atomic():
        document = choices.model_dump(mode="json")
        pool = Pool.objects.create(document=document, made_by=by)
        audit.record("pool ordered", thing=pool, by=by, **document)
        return _job(pool, by)


def order_solving(pool_id: UUID, *, by: Person) -> Job:
    """Have the draft worked out again; what staff kept stays. Errors: those of `held`."""
    with transaction.atomic():
        return _job(held(pool_id, Action.SOLVE, by=by), by)


def solve(pool_id: UUID, *, by: Person, told: Tell = lambda done, total: None) -> Pool:
    """Work out the draft: kept pairs stay, the others are found anew, all of it or nothing.

    Errors: NotTheirs, NoLongerPossible, PoolTooLarge.
    """
    with transaction.atomic():
        pool = held(pool_id, Action.SOLVE, by=by, wait=True)
        told(0, STEPS)
        found = ground(pool)
        told(1, STEPS)
        kept = _kept(pool, found)
        apart = set(
            pool.pairs.filter(standing=Standing.APART).values_list("mentee_id", "mentor_id")
        )
        allowed = found.allowed.copy()
        for mentee, mentor in apart:
            if mentee in found.row and mentor in found.column:
                allowed[found.row[mentee], found.column[mentor]] = False
        places = found.places.copy()
        for row, column in kept.items():
            places[column] -= 1
            allowed[row] = False
        try:
            solution = best(found.grid.points, allowed, places, found.taken, pool.choices.goal)
        except TooLarge:
            spoken = words()
            raise errors.PoolTooLarge(
                "These are too many people and places to be matched at once. Choose a part of the "
                f"{spoken['mentee'].plural}, or fewer places for each "
                f"{spoken['mentor'].singular}."
            ) from None
        told(2, STEPS)
        pool.pairs.exclude(standing=Standing.APART).exclude(
            mentee__in=[found.mentees[row].key for row in kept]
        ).delete()
        PairDraft.objects.bulk_create(_drafted(pool, found, solution), batch_size=500)
        told(3, STEPS)
        pool.left_out.all().delete()
        LeftOut.objects.bulk_create(
            _left_out(pool, found, solution, kept, allowed, places), batch_size=500
        )
        _note(pool, found, solution, kept, allowed, places)
        audit.record("pool solved", thing=pool, by=by, **pool.figures)
        told(STEPS, STEPS)
    return pool


def _job(pool: Pool, by: Person) -> Job:
    return jobs.order(
        kind=SOLVE,
        title="Match of the whole pool",
        about={"pool": str(pool.pk)},
        by=by,
        done_url=pool.get_absolute_url(),
        back_url=reverse("staff:pairing"),
    )


def _kept(pool: Pool, found: Ground) -> dict[int, int]:
    """Rows and columns of the pairs that staff decided on, as far as they can still be."""
    left = found.places.copy()
    kept: dict[int, int] = {}
    rows = pool.pairs.filter(standing__in=[Standing.PINNED, Standing.BY_HAND])
    for mentee, mentor in rows.order_by("pk").values_list("mentee_id", "mentor_id"):
        row, column = found.row.get(mentee), found.column.get(mentor)
        if row is None or column is None or not found.allowed[row, column] or left[column] < 1:
            continue
        left[column] -= 1
        kept[row] = column
    return kept


def _drafted(pool: Pool, found: Ground, solution: Solution) -> Iterator[PairDraft]:
    for row, column in enumerate(solution.chosen):
        if column >= 0:
            yield drafted(pool, found, row, column, Standing.SOLVED)


def drafted(pool: Pool, found: Ground, row: int, column: int, standing: Standing) -> PairDraft:
    """A pair with its receipt, not saved yet."""
    receipt = found.receipt(row, column)
    return PairDraft(
        pool=pool,
        mentee_id=found.mentees[row].key,
        mentor_id=found.mentors[column].key,
        standing=standing,
        points=receipt.score,
        most=receipt.most,
        share=receipt.share,
        receipt=receipt_kept(receipt),
    )


def _left_out(
    pool: Pool,
    found: Ground,
    solution: Solution,
    kept: dict[int, int],
    allowed: Marks,
    places: Points,
) -> Iterator[LeftOut]:
    spoken = Spoken(words()["mentor"].singular, words()["mentor"].plural)
    for row, column in enumerate(solution.chosen):
        if column < 0 and row not in kept:
            reason, detail = explained(
                row,
                found.grid,
                allowed=allowed,
                places=places,
                minimum=pool.choices.minimum,
                spoken=spoken,
            )
            yield LeftOut(pool=pool, mentee_id=found.mentees[row].key, reason=reason, detail=detail)
    for key in sorted(found.incomplete):
        yield LeftOut(pool=pool, mentee_id=key, reason=Reason.INCOMPLETE)
    for key in sorted(found.excluded):
        yield LeftOut(pool=pool, mentee_id=key, reason=Reason.EXCLUDED)


def _note(
    pool: Pool,
    found: Ground,
    solution: Solution,
    kept: dict[int, int],
    allowed: Marks,
    places: Points,
) -> None:
    """Keep what the page tells about the run as a whole."""
    plain = one_by_one(found.grid.points, allowed, places)
    held_points = sum(int(found.grid.points[row, column]) for row, column in kept.items())
    pool.figures = {
        "mentees": len(found.mentees) + len(found.incomplete) + len(found.excluded),
        "mentors": int((found.places > 0).sum()),
        "places": int(found.places.sum()),
        "matched": solution.matched + len(kept),
        "total": solution.total + held_points,
        "plain_matched": plain.matched + len(kept),
        "plain_total": plain.total + held_points,
    }
    pool.state, pool.solved_at = State.DRAFT, now()
    pool.changes += 1
    pool.save(update_fields=["figures", "state", "solved_at", "changes"])
