"""Import of twenty thousand people, against one service call for each of them (product F4)."""

import csv
from contextlib import suppress
from io import BytesIO, StringIO
from tempfile import TemporaryDirectory

from django.db import connection, transaction
from django.test import override_settings

from core.accounts.models import Person
from core.accounts.services import create_person
from core.kernel.clock import now
from core.matching.models import Listing
from core.people.models import ImportKind, Invitation
from core.people.rules.options import Options
from core.people.services import importing, undoing
from core.profiles.models import Field, Option, Section
from core.profiles.services import save_profile
from tenants.context import tenant_context
from tenants.services import create_institute
from tests.benchmarks.ground import fresh_database
from tests.benchmarks.report import Comparison, Limit, seconds
from tests.benchmarks.report import Section as Report
from tests.factories.programmes import ensure_programme

PEOPLE, CHECKED, SAMPLE, HERE = 20_000, 100_000, 400, 5_000
TOPICS = 12


def measure() -> Report:
    """Check 100,000 rows, import 20,000 people, take them back; 400 the slow way."""
    with (
        fresh_database("bench_import"),
        TemporaryDirectory() as folder,
        override_settings(MEDIA_ROOT=folder),
    ):
        institute = create_institute(slug="guild", name="Guild")
        with tenant_context(institute):
            _prepare()
            by = create_person(
                username="head", email="head@people.example", first_name="Ansel",
                last_name="Quill", is_staff=True, is_superuser=True,
            )  # fmt: skip
            one_by_one = seconds(lambda: _one_by_one(by)) / SAMPLE * PEOPLE
            large = importing.upload(
                _file("large", CHECKED), name="large.csv", kind=ImportKind.ACCOUNTS, by=by
            )
            checking = seconds(lambda: _job(lambda: importing.check(large.pk, _quiet)))
            source = importing.upload(
                _file("member", PEOPLE), name="members.csv", kind=ImportKind.ACCOUNTS, by=by
            )
            importing.decide(source, mapping=source.mapping, options=Options())
            _job(lambda: importing.check(source.pk, _quiet))
            with _Counter() as counter:
                bulk = seconds(lambda: _job(lambda: importing.carry_out(source.pk, by.pk, _quiet)))
            made = Person.objects.filter(email__startswith="member").count()
            listed = Listing.objects.filter(person__email__startswith="member").count()
            invited = Invitation.objects.count()
            again = importing.upload(
                _file("member", HERE, topic=3), name="again.csv", kind=ImportKind.ACCOUNTS, by=by
            )
            options = Options(existing="overwrite")
            importing.decide(again, mapping=again.mapping, options=options)
            _job(lambda: importing.check(again.pk, _quiet))
            changing = seconds(lambda: _job(lambda: importing.carry_out(again.pk, by.pk, _quiet)))
            restoring = seconds(lambda: _job(lambda: undoing.take_back(again.pk, by.pk, _quiet)))
            undone = seconds(lambda: _job(lambda: undoing.take_back(source.pk, by.pk, _quiet)))
            left = Person.objects.filter(email__startswith="member").count()
    assert (made, listed, invited, left) == (PEOPLE, PEOPLE // 2, PEOPLE, 0)
    return Report(
        name="import",
        title="Import of people",
        before="one call a person",
        after="as a file",
        comparisons=[
            Comparison(
                f"{PEOPLE:,} people with profiles, half of them mentors", one_by_one, bulk, 8
            )
        ],
        limits=[
            Limit("Statements a thousand people", counter.number / (PEOPLE / 1000), 40, ""),
            Limit(f"Dry run of {CHECKED:,} rows", checking, 180, "s"),
            Limit(f"{HERE:,} people who were here, changed", changing, 120, "s"),
            Limit("The same, put back", restoring, 120, "s"),
            Limit(f"{PEOPLE:,} imported people, taken back", undone, 600, "s"),
        ],
        notes=[
            f"One call a person: `create_person` and `save_profile` for {SAMPLE} people, in one "
            f"transaction, times {PEOPLE // SAMPLE}: an extrapolation. It writes no report, no "
            "invitation and cannot be taken back; the file does all three.",
            "Passwords: none on either side, so nothing is hashed.",
        ],
    )


def _prepare() -> None:
    ensure_programme()
    section = Section.objects.create(key="all", label="All")
    topics = Field.objects.create(
        section=section, key="topics", kind="choices", label="Topics", required=True
    )
    Option.objects.bulk_create(
        Option(field=topics, key=f"topic{number}", label=f"Topic {number}", order=number)
        for number in range(TOPICS)
    )
    for key in ("about", "wish"):
        Field.objects.create(section=section, key=key, kind="long_text", label=key.capitalize())
    Field.objects.create(section=section, key="years", kind="number", label="Years")


def _row(name: str, number: int, topic: int = 0) -> list[str]:
    return [
        f"{name}{number}@people.example", "Wren", f"Marlowe{number}",
        "mentor" if number % 2 else "mentee", f"Quay {number % 50}",
        f"Topic {(number + topic) % TOPICS}; Topic {(number + topic + 5) % TOPICS}",
        "Two honest sentences about me. Here is the second.", "One wish.", str(number % 40),
    ]  # fmt: skip


def _file(name: str, count: int, topic: int = 0) -> BytesIO:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(
        ["E-mail", "First name", "Last name", "Role", "Organisation", "Topics", "About", "Wish",
         "Years"]
    )  # fmt: skip
    writer.writerows(_row(name, number, topic) for number in range(count))
    return BytesIO(text.getvalue().encode())


@transaction.atomic
def _one_by_one(by: Person) -> None:
    for number in range(SAMPLE):
        email, first, last, role, organisation, topics, about, wish, years = _row("slow", number)
        person = create_person(
            username=f"slow{number}", email=email, first_name=first, last_name=last,
            organisation=organisation, joined_at=now(), by=by,
            is_mentor=role == "mentor", is_mentee=role == "mentee",
        )  # fmt: skip
        keys = [topic.replace("T", "t").replace(" ", "") for topic in topics.split("; ")]
        answers = {"topics": keys, "about": about, "wish": wish, "years": years}
        save_profile(person, role, answers, by=by)


def _job(work: object) -> None:
    with transaction.atomic():
        work()  # type: ignore[operator]


def _quiet(done: int, total: int) -> None:
    """Nobody watches."""


class _Counter:
    """Counts what reaches the server."""

    def __init__(self) -> None:
        self.number = 0
        self._wrapper = connection.execute_wrapper(self._count)

    def __enter__(self) -> "_Counter":
        self._wrapper.__enter__()
        return self

    def __exit__(self, *problem: object) -> None:
        with suppress(IndexError):
            self._wrapper.__exit__(*problem)  # type: ignore[arg-type]

    def _count(self, execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        self.number += 1
        return execute(sql, params, many, context)
