"""Who is in the pool of a run now, and how everybody fits everybody: as many queries for ten
people as for thousands."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from numpy.typing import NDArray

from core.accounts.models import Person
from core.accounts.queries import blocked_pairs
from core.matching.models import Listing
from core.matching.queries import questions
from core.matching.rules import Receipt, receipt_of, values_of
from core.mentorships.models import Mentorship
from core.mentorships.queries import ASKED
from core.mentorships.states import OPEN, UNANSWERED, State
from core.pairing.models import Pool, Role
from core.pairing.rules import Choices, Grid, Mentee, Mentor, asked_in, grid_of
from core.pairing.rules.grid import Marks
from core.profiles.models import Field, Option, Profile
from core.profiles.rules import Audience, Kind

TRIED = ASKED | {State.ENDED}
"""What has been between two who are not put together again by a run."""


@dataclass(frozen=True)
class Ground:
    """The pool of a run as it is now, in the order of keys.

    tried: rows and columns of those who block each other, or have tried it.
    incomplete, excluded: mentees who belong to the pool and cannot be matched.
    """

    choices: Choices
    mentees: tuple[Mentee, ...]
    mentors: tuple[Mentor, ...]
    grid: Grid
    barred: Marks
    incomplete: frozenset[UUID]
    excluded: frozenset[UUID]

    @cached_property
    def row(self) -> Mapping[UUID, int]:
        """The row of each mentee by key."""
        return {one.key: number for number, one in enumerate(self.mentees)}

    @cached_property
    def column(self) -> Mapping[UUID, int]:
        """The column of each mentor by key."""
        return {one.key: number for number, one in enumerate(self.mentors)}

    @cached_property
    def places(self) -> NDArray[np.int64]:
        """The places of each mentor in this run."""
        return np.array([one.places for one in self.mentors], dtype=np.int64)

    @cached_property
    def taken(self) -> NDArray[np.int64]:
        """The mentees of each mentor at present."""
        return np.array([one.taken for one in self.mentors], dtype=np.int64)

    @cached_property
    def allowed(self) -> Marks:
        """Which pairs may be put together, places aside."""
        enough = self.grid.share >= self.choices.minimum
        return self.grid.meets_musts & enough & ~self.barred

    def receipt(self, row: int, column: int) -> Receipt:
        """Why these two, in the words that members know."""
        return receipt_of(self.grid.wanted[row], self.mentors[column].tokens)


def ground(pool: Pool, *, only: Collection[UUID] | None = None) -> Ground:
    """Read the pool of a run; `only` some of its mentees."""
    choices = pool.choices
    out = {role: set[UUID]() for role in Role.values}
    for person_id, role in pool.exclusions.values_list("person_id", "role"):
        out[role].add(person_id)
    ready, incomplete, excluded = _mentees(choices, out[Role.MENTEE], only)
    mentors = _mentors(choices, out[Role.MENTOR])
    grid = grid_of(asked_in(choices, questions()), choices.musts, ready, mentors)
    return Ground(
        choices=choices,
        mentees=ready,
        mentors=mentors,
        grid=grid,
        barred=_barred(ready, mentors),
        incomplete=frozenset(incomplete),
        excluded=frozenset(excluded),
    )


def fields_to_filter() -> QuerySet[Field]:
    """The fields with a list of answers that mentees are asked, with their options."""
    options = Prefetch("options", Option.objects.filter(active=True), "choices_now")
    return Field.objects.filter(
        active=True,
        kind__in=[Kind.CHOICE, Kind.CHOICES],
        audience__in=[Audience.MENTEE, Audience.BOTH],
    ).prefetch_related(options)


def receipt_kept(receipt: Receipt) -> dict[str, Any]:
    """A receipt as it is kept with a pair, readable after criteria have changed."""
    return {
        "words": receipt.words,
        "met": [_kept(one.text, one.exact) for one in receipt.met],
        "unmet": [_kept(one.text, one.exact) for one in receipt.unmet],
    }


def _kept(text: str, exact: bool) -> dict[str, Any]:
    return {"text": text, "exact": exact}


def _mentees(
    choices: Choices, excluded: Collection[UUID], only: Collection[UUID] | None
) -> tuple[tuple[Mentee, ...], set[UUID], set[UUID]]:
    """Mentees without anything open who pass the filters: those who can be matched, and others."""
    busy = Mentorship.objects.filter(mentee=OuterRef("pk"), state__in=OPEN)
    people = Person.objects.filter(~Exists(busy), is_active=True, is_mentee=True)
    if only is not None:
        people = people.filter(pk__in=only)
    keys = list(people.order_by("pk").values_list("pk", flat=True))
    profiles = {
        person_id: (answers, complete)
        for person_id, answers, complete in Profile.objects.filter(
            role=Audience.MENTEE, person__in=people
        ).values_list("person_id", "answers", "complete")
    }
    ready, incomplete, out = [], set[UUID](), set[UUID]()
    for key in keys:
        answers, complete = profiles.get(key, ({}, False))
        if not _passes(choices, answers):
            continue
        if key in excluded:
            out.add(key)
        elif complete:
            ready.append(Mentee(key, answers))
        else:
            incomplete.add(key)
    return tuple(ready), incomplete, out


def _passes(choices: Choices, answers: Mapping[str, object]) -> bool:
    return all(values_of(answers.get(key)) & set(let_in) for key, let_in in choices.filters.items())


def _mentors(choices: Choices, excluded: Collection[UUID]) -> tuple[Mentor, ...]:
    """Everybody who can be found, the full ones too: they explain why somebody is left out."""
    listings = Listing.objects.filter(listed=True).exclude(person__in=excluded)
    waiting: dict[UUID, int] = {}
    if choices.hold:
        asks = Mentorship.objects.filter(state__in=UNANSWERED).order_by()
        waiting = dict(asks.values_list("mentor").annotate(number=Count("pk")))
    return tuple(
        Mentor(
            one.person_id,
            frozenset(one.tokens),
            _places(one.room - waiting.get(one.person_id, 0), choices.cap),
            one.taken,
        )
        for one in listings.order_by("person_id")
    )


def _places(room: int, cap: int | None) -> int:
    return max(0, room if cap is None else min(room, cap))


def _barred(mentees: Sequence[Mentee], mentors: Sequence[Mentor]) -> Marks:
    rows = {one.key: number for number, one in enumerate(mentees)}
    columns = {one.key: number for number, one in enumerate(mentors)}
    barred: Marks = np.zeros((len(rows), len(columns)), dtype=bool)
    tried = Mentorship.objects.filter(Q(state__in=TRIED))
    pairs = [*tried.order_by().values_list("mentee_id", "mentor_id")]
    for one, other in blocked_pairs():
        pairs += [(one, other), (other, one)]
    pairs += [(key, key) for key in rows.keys() & columns.keys()]
    for mentee, mentor in pairs:
        if mentee in rows and mentor in columns:
            barred[rows[mentee], columns[mentor]] = True
    return barred
