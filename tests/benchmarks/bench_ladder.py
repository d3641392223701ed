"""The ladder over many institutes, each with a thousand open requests (product C5)."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import connection

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.models import OutboxMail
from core.mentorships.models import Mentorship
from core.mentorships.services import climb
from tenants.context import tenant_context
from tenants.models import Institute
from tenants.services import create_institute
from tests.benchmarks.ground import fresh_database
from tests.benchmarks.report import Limit, Section, seconds
from tests.factories.programmes import ensure_programme

FEW, MANY = 50, 200
MENTORS, MENTEES = 40, 25
DUE, LATE = 30, 10
"""Of the thousand of an institute: reminders that fell due, requests that lapse."""


def measure() -> Section:
    """Sweep 50 institutes, then 150 more, then all of them once again with nothing left to do."""
    with fresh_database("bench_ladder"):
        institutes = [create_institute(slug=f"guild-{n}", name=f"Guild {n}") for n in range(MANY)]
        for institute in institutes:
            with tenant_context(institute):
                _fill()
        few = _sweep(institutes[:FEW])
        rest = _sweep(institutes[FEW:])
        idle = _sweep(institutes)
        with tenant_context(institutes[-1]):
            mails = OutboxMail.objects.count()
    assert mails == DUE + 2 * LATE, mails
    statements, took = few[0] + rest[0], few[1] + rest[1]
    return Section(
        name="ladder",
        title="Reminders and lapses",
        before="",
        after="",
        limits=[
            Limit("Statements an institute, with work to do", statements / MANY, 40, ""),
            Limit("Statements an institute, with none", idle[0] / MANY, 10, ""),
            Limit(
                f"Statements an institute, among {MANY} against among {FEW}",
                (rest[0] / (MANY - FEW)) / (few[0] / FEW), 1.05, "times",
            ),
            Limit(
                f"Time an institute, among {MANY} against among {FEW}",
                (rest[1] / (MANY - FEW)) / (few[1] / FEW), 1.25, "times",
            ),
            Limit(f"All {MANY} institutes, one after another", took, 300, "s"),
            Limit(f"All {MANY} once more, with nothing left to do", idle[1], 30, "s"),
        ],
        notes=[
            f"Each institute has {MENTORS * MENTEES:,} open requests, of which {DUE} are due for a "
            f"reminder and {LATE} lapse; {DUE + 2 * LATE} mails are written in its words.",
            "One task an institute, run in one process without a pause; the statements are all "
            "that reach the server but those that choose the schema.",
        ],
    )  # fmt: skip


def _fill() -> None:
    ensure_programme()
    people = Person.objects.bulk_create(
        Person(
            username=f"person{number}", email=f"person{number}@people.example",
            first_name="Ansel", last_name=f"Quill{number}",
            is_mentor=number < MENTORS, is_mentee=number >= MENTORS,
        )
        for number in range(MENTORS + MENTEES)
    )  # fmt: skip
    at = now()
    days = [22] * LATE + [4] * DUE
    Mentorship.objects.bulk_create(
        Mentorship(
            mentor=mentor, mentee=mentee, statement="A few honest paragraphs. " * 20,
            waiting_since=at - timedelta(days=days.pop() if days else 1),
        )
        for mentor in people[:MENTORS]
        for mentee in people[MENTORS:]
    )  # fmt: skip


def _sweep(institutes: list[Institute]) -> tuple[int, float]:
    """Statements and seconds of the task in each of the institutes."""

    def work() -> None:
        for institute in institutes:
            with tenant_context(institute):
                climb()

    with _counted() as counter:
        took = seconds(work)
    return counter.number, took


class _Counter:
    number = 0

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.number += 1
        return execute(sql, params, many, context)


@contextmanager
def _counted() -> Iterator[_Counter]:
    counter = _Counter()
    with connection.execute_wrapper(counter):
        yield counter
