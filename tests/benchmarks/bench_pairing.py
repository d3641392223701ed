"""Matching a pool of 2,000 mentees with 1,000 mentors (product F4): how long, and how much better
than one after another."""

import random
from time import perf_counter
from typing import Any

from core.accounts.models import Person
from core.kernel.clock import now
from core.matching.models import Listing
from core.matching.queries import questions
from core.matching.rules import points, tokens_of
from core.pairing import queries, services
from core.pairing.models import Pool
from core.pairing.rules import Choices, asked_in, grid_of
from core.profiles.models import Profile
from tenants.context import tenant_context
from tenants.services import create_institute
from tests.benchmarks.ground import fresh_database
from tests.benchmarks.report import Comparison, Limit, Section, seconds
from tests.factories.matching import clear_criteria, make_criterion
from tests.factories.programmes import ensure_programme

MENTEES, MENTORS = 2_000, 1_000
SCORED = 500
"""Mentees who are scored both ways."""
#: Criterion, answers there are, how many a mentor gives, how many a mentee asks for, weight.
SHAPE = (
    ("areas", 12, (1, 4), (2, 3), 3),
    ("region", 12, (1, 1), (1, 1), 2),
    ("role", 8, (1, 1), (1, 1), 1),
    ("languages", 20, (1, 3), (1, 2), 1),
    ("sector", 10, (1, 2), (1, 2), 2),
)


def measure() -> Section:
    """Fill a pool, work out drafts for both goals, and score the same pairs one by one."""
    draw = random.Random(8)
    with fresh_database("bench_pairing"), tenant_context(create_institute(slug="pool", name="P")):
        by = _fill(draw)
        best = _solved(Choices(), by)
        must = _solved(Choices(musts=("region",)), by)
        most = _solved(Choices(musts=("areas", "sector"), minimum=60, goal="most_people"), by)
        found = queries.ground(best[0])
        asked = asked_in(Choices(), questions())
        some = found.mentees[:SCORED]
        at_once = seconds(lambda: grid_of(asked, (), some, found.mentors))
        one_by_one, total = _pair_by_pair(found)
        assert total == int(found.grid.points[:SCORED].sum())
        part = _solved(Choices(filters={"region": ("o6", "o7")}), by)[0]
        published = _published(part, by)
        check = seconds(lambda: queries.check(best[0], at_once=True, by=by))
    return Section(
        name="pairing",
        title=f"Matching a pool of {MENTEES:,} mentees with {MENTORS:,} mentors",
        before="pair by pair",
        after="all at once",
        comparisons=[
            Comparison(
                f"Score of {SCORED * MENTORS:,} pairs, five criteria", one_by_one, at_once, 10
            )
        ],
        limits=[
            Limit("The whole draft: read, scored, solved, explained, written", best[1], 30, "s"),
            Limit("The same with two musts, for most people", most[1], 30, "s"),
            Limit("Looked at again before it is published", check, 15, "s"),
            Limit(
                f"Published together ({part.figures['matched']} pairs, mails and all): each pair",
                1000 * published / part.figures["matched"],
                150,
                "ms",
            ),
            _better("Points against one after another", best[0], "total"),
            _better("Points against one after another, with a must", must[0], "total"),
            _better("People against one after another, with two musts", most[0], "matched"),
        ],
        notes=[
            f"Mentors have 1 to 3 places, {best[0].figures['places']:,} together; answers are "
            "skewed as people's are: the first of a list is given most. One must is region, two "
            "are areas and sector.",
            _told("Best total", best[0]),
            _told("Best total with a must", must[0]),
            _told("Most people with two musts and at least 60 %", most[0]),
            "One after another: mentee by mentee the closest mentor who is still free, on the "
            "same scores in the same run.",
        ],
    )


def _solved(choices: Choices, by: Person) -> tuple[Pool, float]:
    pool = Pool.objects.create(document=choices.model_dump(mode="json"), made_by=by)
    begun = perf_counter()
    pool = services.solve(pool.pk, by=by)
    return pool, perf_counter() - begun


def _published(pool: Pool, by: Person) -> float:
    seal = queries.check(pool, at_once=True, by=by).seal
    words = "We think that the two of you go well together."
    return seconds(lambda: services.publish(pool.pk, words=words, at_once=True, seal=seal, by=by))


def _better(what: str, pool: Pool, which: str) -> Limit:
    figures = pool.figures
    return Limit(what, figures[which] / figures[f"plain_{which}"], 1, "times", at_least=True)


def _told(what: str, pool: Pool) -> str:
    one = pool.figures
    return (
        f"{what}: {one['matched']:,} people and {one['total']:,} points; one after another "
        f"{one['plain_matched']:,} people and {one['plain_total']:,} points."
    )


def _pair_by_pair(found: queries.Ground) -> tuple[float, int]:
    total, begun = 0, perf_counter()
    for wanted in found.grid.wanted[:SCORED]:
        for mentor in found.mentors:
            total += points(wanted, mentor.tokens)
    return perf_counter() - begun, total


def _fill(draw: random.Random) -> Person:
    ensure_programme()
    clear_criteria()
    for key, number, _offered, _sought, weight in SHAPE:
        make_criterion(key, [f"o{one}" for one in range(number)], many=True, weight=weight)
    people = Person.objects.bulk_create(
        Person(
            username=f"person{number}", email=f"person{number}@people.example",
            first_name="Ansel", last_name=f"Quill{number}",
            is_mentor=number < MENTORS, is_mentee=number >= MENTORS,
        )
        for number in range(MENTORS + MENTEES)
    )  # fmt: skip
    profiles, listings, at = [], [], now()
    for number, one in enumerate(people):
        mentor = number < MENTORS
        answers = _answers(draw, mentor=mentor)
        places = draw.randint(1, 3)
        profiles.append(
            Profile(
                person=one, role="mentor" if mentor else "mentee", answers=answers, complete=True,
                completed_at=at, updated_at=at, capacity=places if mentor else None,
            )
        )  # fmt: skip
        if mentor:
            tokens = tokens_of(answers, answers)
            listings.append(Listing(person=one, tokens=tokens, listed=True, room=places))
    Profile.objects.bulk_create(profiles, batch_size=1000)
    Listing.objects.bulk_create(listings, batch_size=1000)
    return Person.objects.create_user("team", "team@people.example", is_staff=True)


def _answers(draw: random.Random, *, mentor: bool) -> dict[str, Any]:
    answers = {}
    for key, number, offered, sought, _weight in SHAPE:
        fewest, most = offered if mentor else sought
        weights = [1 / (place + 1) ** 0.7 for place in range(number)]
        chosen: list[str] = []
        while len(chosen) < draw.randint(fewest, most):
            (one,) = draw.choices(range(number), weights)
            if f"o{one}" not in chosen:
                chosen.append(f"o{one}")
        answers[key] = chosen
    return answers
