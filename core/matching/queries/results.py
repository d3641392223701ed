"""Search results as pages show them."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from core.accounts.models import Person
from core.accounts.queries import blocked_ids
from core.matching.queries.criteria import indexed_keys, questions, wanted_of
from core.matching.queries.ranking import (
    Count,
    Counts,
    Pool,
    Ranked,
    counts,
    ranked,
    ranked_for_all,
)
from core.matching.rules import (
    PAGE_SIZE,
    Receipt,
    Want,
    Wanted,
    receipt_of,
    tokens_of,
    wanted_from_answers,
)
from core.profiles.models import Field, Profile
from core.profiles.rules import Audience, Kind, Visibility
from core.programme.queries import policies

LINE_LENGTH = 220


@dataclass(frozen=True)
class Result:
    """A mentor in the list: who, why here, and a line of what they say of themselves."""

    person: Person
    receipt: Receipt
    line: str
    full: bool


@dataclass(frozen=True)
class ResultPage:
    """A page of the order with everything that is said around it."""

    wanted: Wanted
    results: list[Result]
    number: int
    counts: Counts
    full_shown: bool = False

    @property
    def total(self) -> Count:
        """How many mentors are found."""
        return self.counts.total

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total.bounded // PAGE_SIZE))

    @property
    def first_place(self) -> int:
        """The place in the order of the first mentor on the page."""
        return (self.number - 1) * PAGE_SIZE + 1

    @property
    def easing(self) -> tuple[Want, Count] | None:
        """Of an empty page: the must whose taking off finds most mentors, if one alone does."""
        if self.total:
            return None
        found = [
            (want, self.counts.without[want.question.key])
            for want in self.wanted.exact
            if self.counts.without[want.question.key]
        ]
        return max(found, key=lambda pair: pair[1].number) if found else None


def search(seeker: Person, wanted: Wanted, page: int) -> ResultPage:
    """A page of mentors for a mentee, closest first (product B4 to B7, B10); five queries.

    In: a page number from 1; one beyond the end gives the last page.
    """
    pool = Pool(
        seeker.pk,
        full_shown=policies().full_mentors == "shown",
        without=blocked_ids(seeker),
    )
    counted = counts(pool, wanted)
    number = min(page, max(1, -(-counted.total.bounded // PAGE_SIZE)))
    rows = ranked(
        pool,
        wanted,
        offset=(number - 1) * PAGE_SIZE,
        limit=PAGE_SIZE,
        candidates=counted.total.number,
    )
    return ResultPage(wanted, _results(rows, wanted), number, counted, pool.full_shown)


def next_closest(mentee: Person, exclude: Collection[UUID], n: int) -> list[Result]:
    """The `n` closest mentors to the mentee's profile who have room, except some (product C4)."""
    wanted = wanted_of(mentee)
    pool = Pool(mentee.pk, without={*exclude, *blocked_ids(mentee)})
    return _results(ranked(pool, wanted, offset=0, limit=n), wanted)


def next_closest_for_all(
    mentees: Collection[Person], exclude: Mapping[UUID, Collection[UUID]], n: int
) -> dict[UUID, list[Result]]:
    """`next_closest` for many mentees at once: as many queries as for one.

    In: by the mentee's key whom not to name; people who are blocked belong in there.
    """
    asked = questions()
    answers = {
        profile.person_id: profile.answers
        for profile in Profile.objects.filter(role=Audience.MENTEE, person__in=mentees)
    }
    searches = [
        (
            Pool(mentee.pk, without=exclude.get(mentee.pk, ())),
            wanted_from_answers(asked, answers.get(mentee.pk, {})),
        )
        for mentee in mentees
    ]
    rows = ranked_for_all(searches, n)
    shown = _shown([row for found in rows for row in found])
    return {
        mentee.pk: _results(found, wanted, shown)
        for mentee, (_pool, wanted), found in zip(mentees, searches, rows, strict=True)
    }


def receipt(mentee: Person, mentor: Person) -> Receipt:
    """What of the mentee's profile one mentor meets (product B7, B8)."""
    return receipts(mentee, [mentor])[mentor.pk]


def receipts(mentee: Person, mentors: Iterable[Person]) -> Mapping[UUID, Receipt]:
    """The same for several mentors at once, in as many queries as for one."""
    wanted, keys = wanted_of(mentee), indexed_keys()
    found: dict[UUID, Receipt] = {one.pk: receipt_of(wanted, ()) for one in mentors}
    for profile in Profile.objects.filter(role=Audience.MENTOR, person_id__in=found):
        found[profile.person_id] = receipt_of(wanted, tokens_of(keys, profile.answers))
    return found


@dataclass(frozen=True)
class _Shown:
    """What results show of mentors besides their place."""

    profiles: Mapping[UUID, Profile]
    line_key: str | None


def _shown(rows: Iterable[Ranked]) -> _Shown:
    found = Profile.objects.filter(
        role=Audience.MENTOR, person_id__in={row.person_id for row in rows}
    ).select_related("person")
    return _Shown({profile.person_id: profile for profile in found}, _line_key())


def _results(rows: list[Ranked], wanted: Wanted, shown: _Shown | None = None) -> list[Result]:
    shown = shown or _shown(rows)
    return [
        Result(
            person=profile.person,
            receipt=receipt_of(wanted, row.tokens),
            line=_shortened(profile.answers.get(shown.line_key)) if shown.line_key else "",
            full=row.room == 0,
        )
        for row in rows
        if (profile := shown.profiles.get(row.person_id)) is not None
    ]


def _line_key() -> str | None:
    """The field that results quote: the first text of mentors that everyone may see."""
    return (
        Field.objects.filter(
            active=True,
            kind__in=[Kind.LONG_TEXT, Kind.SHORT_TEXT],
            audience__in=[Audience.MENTOR, Audience.BOTH],
            visible_to=Visibility.EVERYONE,
        )
        .values_list("key", flat=True)
        .first()
    )


def _shortened(answer: object) -> str:
    """The beginning of a text, cut between two words."""
    text = " ".join(answer.split()) if isinstance(answer, str) else ""
    if len(text) <= LINE_LENGTH:
        return text
    return text[:LINE_LENGTH].rsplit(" ", 1)[0].rstrip(" ,;:.–-") + "…"
