"""What other criteria would change: whom mentees would find first (product F5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import TextField
from django.db.models.functions import MD5, Cast

from core.accounts.models import Person
from core.accounts.queries import blocked_ids_of_all
from core.matching.models import Criterion, Listing
from core.matching.queries.criteria import questions, questions_of
from core.matching.queries.ranking import Pool, Ranked, ranked_for_all
from core.matching.rules import Question, wanted_from_answers
from core.profiles.models import Profile
from core.profiles.rules import Audience

MOST: Final = 200
FEWEST: Final = 20
WORK: Final = 400_000
"""Pairs of a mentee and a mentor that one preview may look at, so that it stays a page."""
AT_ONCE: Final = 25
DEEP: Final = 10
SHOWN: Final = 15


@dataclass(frozen=True)
class Shift:
    """A mentee who would find somebody else first. was: the place of the new first one till now,
    None when it was beyond the tenth."""

    mentee: Person
    before: Person | None
    after: Person | None
    was: int | None


@dataclass(frozen=True)
class Comparison:
    """A sample of mentees before and after. biggest: those whose new first was farthest down."""

    mentees: int
    sample: int
    other_first: int
    biggest: list[Shift]

    @property
    def is_whole(self) -> bool:
        """Whether every mentee was looked at."""
        return self.sample == self.mentees


def compare(criteria: Sequence[Criterion]) -> Comparison:
    """Search for a sample of mentees by the criteria in force and by others, as many queries
    however many mentees there are up to the sample's size.

    In: all criteria as they would be, unsaved.
    """
    old, new = questions(), questions_of(criteria)
    ready = Profile.objects.filter(
        role=Audience.MENTEE, complete=True, person__is_active=True, person__is_mentee=True
    )
    listed = Listing.objects.filter(listed=True, room__gt=0).count()
    size = max(FEWEST, min(MOST, WORK // max(1, 2 * listed)))
    drawn = list(
        ready.select_related("person").order_by(MD5(Cast("pk", TextField())))[:size]
    )  # fmt: skip
    blocked = blocked_ids_of_all([profile.person for profile in drawn])
    before, after = (_found(drawn, asked, blocked) for asked in (old, new))
    moved = [
        (profile, was, now)
        for profile, was, now in zip(drawn, before, after, strict=True)
        if _first(was) != _first(now)
    ]
    people = Person.objects.in_bulk(
        {one for _, was, now in moved for one in (_first(was), _first(now)) if one}
    )
    shifts = [
        Shift(
            mentee=profile.person,
            before=people.get(_first(was)),
            after=people.get(_first(now)),
            was=_place(was, _first(now)),
        )
        for profile, was, now in moved
    ]
    shifts.sort(key=lambda one: (-(one.was or DEEP + 1), one.mentee.last_name, str(one.mentee.pk)))
    total = len(drawn) if len(drawn) < size else ready.count()
    return Comparison(total, len(drawn), len(shifts), shifts[:SHOWN])


def _found(
    drawn: Sequence[Profile], asked: list[Question], blocked: Mapping[UUID, set[UUID]]
) -> list[list[Ranked]]:
    searches = [
        (
            Pool(profile.person_id, without=blocked[profile.person_id]),
            wanted_from_answers(asked, profile.answers),
        )
        for profile in drawn
    ]
    return [
        found
        for start in range(0, len(searches), AT_ONCE)
        for found in ranked_for_all(searches[start : start + AT_ONCE], DEEP)
    ]


def _first(found: Sequence[Ranked]) -> UUID | None:
    return found[0].person_id if found else None


def _place(found: Sequence[Ranked], person: UUID | None) -> int | None:
    return next(
        (place for place, one in enumerate(found, 1) if one.person_id == person), None
    )  # fmt: skip
