"""Why somebody is left out of a draft, in a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from core.matching.rules import Wanted
from core.pairing.rules.grid import Grid, Marks, Points


class Reason(StrEnum):
    """Why a mentee of the pool has nobody in the draft."""

    MUST = "must"
    BELOW = "below"
    BARRED = "barred"
    FULL = "full"
    TAKEN = "taken"
    NOBODY = "nobody"
    INCOMPLETE = "incomplete"
    EXCLUDED = "excluded"
    APART = "apart"
    WAITING = "waiting"


@dataclass(frozen=True)
class Spoken:
    """The institute's words for mentors."""

    one: str
    many: str


def explained(
    row: int,
    grid: Grid,
    *,
    allowed: Marks,
    places: Points,
    minimum: int,
    spoken: Spoken,
) -> tuple[Reason, str]:
    """The first thing that would have to change for this mentee to get somebody."""
    if not grid.points.shape[1]:
        return Reason.NOBODY, f"There is no {spoken.one} who could be found."
    fitting = allowed[row]
    if (fitting & (places > 0)).any():
        count = int((fitting & (places > 0)).sum())
        return Reason.TAKEN, (
            f"The one fitting {spoken.one} is full with closer matches."
            if count == 1
            else f"All {count} fitting {spoken.many} are full with closer matches."
        )
    if fitting.any():
        count = int(fitting.sum())
        return Reason.FULL, (
            f"The one fitting {spoken.one} has no place."
            if count == 1
            else f"None of the {count} fitting {spoken.many} has a place."
        )
    meets = grid.meets_musts[row]
    enough = meets & (grid.share[row] >= minimum)
    if enough.any():
        return Reason.BARRED, (
            "Whoever fits cannot be offered: blocked, tried before, or taken apart by the team "
            f"({int(enough.sum())})."
        )
    if meets.any():
        best = int(grid.share[row][meets].max())
        return Reason.BELOW, f"The closest {spoken.one} meets {best} % of what was asked for."
    return Reason.MUST, _musts(row, grid.musts, grid.wanted[row], spoken)


def _musts(row: int, musts: Mapping[str, Marks], wanted: Wanted, spoken: Spoken) -> str:
    """Which musts nobody meets: each that fails alone, else all of them together."""
    texts = {
        want.question.key: f"{want.question.label}: {' or '.join(want.labels)}"
        for want in wanted.exact
    }
    alone = [texts[key] for key, met in musts.items() if key in texts and not met[row].any()]
    if alone:
        return f"No {spoken.one} meets {_listed(alone)}."
    return f"No {spoken.one} meets all of {_listed(list(texts.values()))}."


def _listed(parts: Sequence[str]) -> str:
    quoted = [f"“{part}”" for part in parts]
    return quoted[0] if len(quoted) == 1 else f"{', '.join(quoted[:-1])} and {quoted[-1]}"
