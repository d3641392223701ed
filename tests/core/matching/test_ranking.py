"""The ranking in SQL held against the plainest reading of the rules."""

from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.accounts.models import Person
from core.matching.models import Criterion, Listing
from core.matching.queries import questions, ranking, results, search
from core.matching.queries.ranking import Pool, counts, ranked
from core.matching.rules import Want, Wanted, meets, points, tokens_of
from core.profiles.models import Field
from tests.factories.matching import make_criterion, make_found, make_listings, make_seeker
from tests.factories.mentorships import make_person

AREAS = ["leadership", "cpd", "career", "study"]
REGIONS = ["north_west", "wales", "london"]
FUNCTIONS = ["rail", "ports", "warehousing"]

answers = st.fixed_dictionaries(
    {},
    optional={
        "areas": st.lists(st.sampled_from(AREAS), unique=True, max_size=3),
        "region": st.sampled_from(REGIONS),
        "function": st.sampled_from(FUNCTIONS),
    },
)
pools = st.lists(st.tuples(answers, st.integers(0, 2), st.integers(0, 2)), max_size=12)


def some(keys: list[str], most: int) -> st.SearchStrategy[tuple[tuple[str, ...], bool]]:
    chosen = st.lists(st.sampled_from(keys), unique=True, max_size=most).map(tuple)
    return st.tuples(chosen, st.booleans())


choices = st.tuples(some(AREAS, 3), some(REGIONS, 1), some(FUNCTIONS, 2))


def place(person: Person, lot: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select uuid_hash_extended(%s, %s)", [person.pk, lot])
        ((number,),) = cursor.fetchall()
    return int(number)


@pytest.mark.parametrize("many", [0, 10_000], ids=["index first", "one scan"])
@pytest.mark.parametrize("full_shown", [True, False], ids=["full shown", "full hidden"])
def test_sql_and_the_plain_rules_agree_on_any_pool(
    criteria: list[Criterion], monkeypatch: pytest.MonkeyPatch, many: int, full_shown: bool
) -> None:
    monkeypatch.setattr(ranking, "MANY", many)
    asked = questions()
    people = [make_person() for _ in range(12)]
    pool = Pool(people[0].pk, full_shown=full_shown)
    lots = {person.pk: place(person, pool.lot) for person in people}

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(pools, choices)
    def agree(
        rows: list[tuple[dict[str, Any], int, int]],
        chosen: tuple[tuple[tuple[str, ...], bool], ...],
    ) -> None:
        wanted = Wanted(
            tuple(
                Want(question, values, exact and bool(values))
                for question, (values, exact) in zip(asked, chosen, strict=True)
            )
        )
        with transaction.atomic():
            make_listings(
                (person, given_answers, taken, room)
                for person, (given_answers, taken, room) in zip(people, rows, strict=False)
            )
            counted = counts(pool, wanted)
            found = ranked(pool, wanted, offset=0, limit=50, candidates=counted.total.number)
            first = ranked(pool, wanted, offset=0, limit=2, candidates=counted.total.number)
            third = ranked(pool, wanted, offset=2, limit=3, candidates=counted.total.number)
            transaction.set_rollback(True)
        held = [
            (person.pk, tokens_of(row, row), taken, room)
            for person, (row, taken, room) in list(zip(people, rows, strict=False))[1:]
            if full_shown or room
        ]

        def passing(search: Wanted) -> list[Any]:
            return [row for row in held if all(meets(want, row[1]) for want in search.exact)]

        expected = sorted(
            passing(wanted),
            key=lambda row: (-points(wanted, row[1]), not row[3], row[2], lots[row[0]], row[0]),
        )
        assert [row.person_id for row in found] == [row[0] for row in expected]
        assert [row.score for row in found] == [points(wanted, row[1]) for row in expected]
        assert [sorted(row.tokens) for row in found] == [row[1] for row in expected]
        assert first + third == found[:5]
        assert counted.total.number == len(expected)
        assert counted.everyone.number == len(held)
        assert {key: count.number for key, count in counted.without.items()} == {
            want.question.key: len(passing(wanted.relaxed(want.question.key))) - len(expected)
            for want in wanted.exact
        }

    agree()


def crowd(size: int) -> None:
    for number in range(size):
        make_found(answers={"region": "wales" if number % 3 else "london"})


def leaf(seeker: Person, wanted: Wanted) -> list[Person]:
    first = search(seeker, wanted, 1)
    pages = [first, *(search(seeker, wanted, number) for number in range(2, first.last + 1))]
    return [result.person for page in pages for result in page.results]


def wanted_region(region: str, *, exact: bool = False) -> Wanted:
    return Wanted(
        tuple(
            Want(one, (region,), exact) if one.key == "region" else Want(one) for one in questions()
        )
    )


def test_mentee_leafs_through_all_pages_and_meets_everybody_once(
    criteria: list[Criterion], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(results, "PAGE_SIZE", 4)
    crowd(18)
    seeker = make_seeker({})
    people = leaf(seeker, wanted_region("wales"))
    assert len(people) == len({person.pk for person in people}) == 18
    assert [one.pk for one in people] == [one.pk for one in leaf(seeker, wanted_region("wales"))]
    answers_in_order = [one.profiles.get().answers["region"] for one in people]
    assert answers_in_order == sorted(answers_in_order, reverse=True)


def test_two_mentees_get_different_lots_and_each_keeps_theirs(criteria: list[Criterion]) -> None:
    crowd(12)
    one, other = make_seeker({}), make_seeker({})
    orders = [[p.pk for p in leaf(seeker, Wanted())] for seeker in (one, other, one)]
    assert orders[0] == orders[2] != orders[1]
    assert sorted(orders[0]) == sorted(orders[1])


def test_mentor_with_fewer_mentees_stands_first_among_equals(criteria: list[Criterion]) -> None:
    busy, idle = make_found(answers={}), make_found(answers={})
    Listing.objects.filter(person=busy).update(taken=1)
    for _ in range(4):
        assert leaf(make_seeker({}), Wanted()) == [idle, busy]


def test_many_mentors_are_counted_up_to_a_bound_and_said_so(
    criteria: list[Criterion], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ranking, "COUNTED", 8)
    monkeypatch.setattr(results, "PAGE_SIZE", 4)
    crowd(11)
    seeker = make_seeker({})
    page = search(seeker, Wanted(), 50)
    assert page.total.words == "more than 8"
    assert page.total.beyond
    assert (page.number, page.last) == (2, 2)
    assert len({person.pk for person in leaf(seeker, Wanted())}) == 8


def test_mentee_with_musts_that_nobody_meets_hears_which_one_to_take_off(
    criteria: list[Criterion],
) -> None:
    make_found(answers={"region": "wales", "function": "rail"})
    make_found(answers={"region": "wales", "function": "rail"})
    make_found(answers={"region": "london", "function": "ports"})
    by_key = {one.key: one for one in questions()}
    wanted = Wanted(
        (Want(by_key["region"], ("wales",), True), Want(by_key["function"], ("ports",), True))
    )
    page = search(make_seeker({}), wanted, 1)
    assert not page.results
    assert page.easing is not None
    want, count = page.easing
    assert (want.question.key, count.words) == ("function", "2")
    eased = search(make_seeker({}), wanted.relaxed("function"), 1)
    assert eased.total.number == 2


def test_yes_and_no_can_be_matched(criteria: list[Criterion]) -> None:
    criterion = make_criterion("remote")
    Field.objects.filter(pk=criterion.mentor_field_id).update(kind="boolean")
    yes, no = make_found(answers={"remote": True}), make_found(answers={"remote": False})
    question = next(one for one in questions() if one.key == "remote")
    for value, person in (("yes", yes), ("no", no)):
        page = search(make_seeker({}), Wanted((Want(question, (value,), True),)), 1)
        assert [result.person for result in page.results] == [person]


def test_person_with_both_roles_never_finds_themselves(criteria: list[Criterion]) -> None:
    both = make_found(answers={"region": "wales"}, is_mentee=True)
    assert leaf(both, Wanted()) == []
