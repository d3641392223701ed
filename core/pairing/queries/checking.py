"""Whether a draft still holds: everything is looked at again before it is published."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from core.accounts.models import Person
from core.mentorships.services import obstacles
from core.pairing.models import PairDraft, Pool
from core.pairing.queries.drafts import pairs
from core.pairing.queries.ground import ground


@dataclass(frozen=True)
class Check:
    """The pairs that can be published now, and those that cannot, each with a sentence.

    seal: says which draft and which refusals staff have seen; another one is another check.
    """

    good: tuple[PairDraft, ...]
    refused: tuple[tuple[PairDraft, str], ...]
    seal: str


def check(pool: Pool, *, at_once: bool, by: Person) -> Check:
    """Hold each pair of the draft against people as they are now."""
    rows = list(pairs(pool))
    refused = _refusals(pool, rows, at_once=at_once, by=by)
    told = "\n".join(sorted(f"{row.pk} {refused[row]}" for row in refused))
    seal = hashlib.sha256(f"{pool.pk} {pool.changes}\n{told}".encode()).hexdigest()
    return Check(
        good=tuple(row for row in rows if row not in refused),
        refused=tuple(refused.items()),
        seal=seal[:32],
    )


def _refusals(
    pool: Pool, rows: Sequence[PairDraft], *, at_once: bool, by: Person
) -> dict[PairDraft, str]:
    """What the run's own choices say first; then the door through which every match goes."""
    found = ground(pool, only=[row.mentee_id for row in rows])
    refused: dict[PairDraft, str] = {}
    for row in rows:
        at, column = found.row.get(row.mentee_id), found.column.get(row.mentor_id)
        there = row.mentee.is_active and row.mentee.is_mentee
        if at is None and there and row.mentee_id not in found.incomplete:
            refused[row] = (
                f"{row.mentee.full_name} has asked somebody or begun with somebody since, or no "
                "longer belongs to the pool."
            )
        elif at is not None and column is not None and not found.allowed[at, column]:
            refused[row] = "The two no longer fit by the choices of this run."
    left = [row for row in rows if row not in refused]
    keys = [(row.mentor_id, row.mentee_id) for row in left]
    told = obstacles(keys, at_once=at_once, by=by)
    for row, key in zip(left, keys, strict=True):
        if key in told:
            refused[row] = told[key]
    return refused
