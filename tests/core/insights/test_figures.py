"""The figures of the programme, on rows made for the purpose."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from core.accounts.models import Person
from core.insights.queries import behind, figures, visits
from core.kernel import clock
from core.mentorships.models import Mentorship, MentorshipStep
from core.mentorships.states import Action, Role, State
from core.profiles.models import Profile
from core.visits.models import DailyVisits
from core.visits.rules import Kind
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("programme")]

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


def ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def value(key: str) -> tuple[int, str]:
    with clock.frozen(NOW):
        figure = next(figure for figure in figures() if figure.key == key)
    return figure.value, figure.change


def names_behind(key: str) -> list[list[object]]:
    with clock.frozen(NOW):
        listing = behind(key)
        return [[column.value(row) for column in listing.columns] for row in listing.rows]


@pytest.fixture
def empty() -> None:
    """An institute without anybody."""
    MentorshipStep.objects.all().delete()
    Mentorship.objects.all().delete()
    Profile.objects.all().delete()
    Person.objects.update(is_active=False)
    DailyVisits.objects.all().delete()


@pytest.mark.usefixtures("empty")
def test_members_are_active_people_with_a_role() -> None:
    make_person(is_mentor=True, joined_at=ago(3))
    make_person(is_mentee=True, is_mentor=True, joined_at=ago(300))
    make_person(is_mentee=True, is_active=False, joined_at=ago(3))
    make_person(is_staff=True, joined_at=ago(3))
    make_person(joined_at=ago(3))
    assert value("members") == (2, "1 new in 30 days")
    assert len(names_behind("members")) == 2


@pytest.mark.usefixtures("empty")
def test_profiles_count_when_complete_and_their_person_is_active() -> None:
    for person, days in ((make_mentor(), 2), (make_mentee(), 90)):
        Profile.objects.filter(person=person).update(completed_at=ago(days))
    Profile.objects.filter(person=make_mentor()).update(complete=False, completed_at=None)
    make_mentor(is_active=False)
    assert value("profiles") == (2, "1 completed in 30 days")
    assert len(names_behind("profiles")) == 2


@pytest.mark.usefixtures("empty")
def test_what_waits_and_who_is_silent_follow_the_clock() -> None:
    silent = make_mentor("Silas Wherry")
    for days in (8, 15):
        make_mentorship(mentor=silent, sent_at=ago(days))
    make_mentorship(sent_at=ago(6.9))
    make_mentorship(sent_at=ago(20), state=State.CHANGES_ASKED)
    make_mentorship(sent_at=ago(20), state=State.DECLINED)
    assert value("waiting") == (4, "1 sent in 7 days")
    assert value("silent") == (1, "1 for 14 days")
    assert {row[0] for row in names_behind("silent")} == {"Silas Wherry"}
    assert [row[-1] for row in names_behind("silent")] == [ago(15), ago(8)]


@pytest.mark.usefixtures("empty")
def test_active_relationships_and_acceptances_are_counted() -> None:
    for days in (1, 20, 45):
        mentorship = make_mentorship(state=State.ACTIVE, answered_at=ago(days))
        MentorshipStep.objects.create(
            mentorship=mentorship,
            action=Action.ACCEPT.value,
            before=State.PROPOSED.value,
            after=State.ACTIVE.value,
            role=Role.MENTOR.value,
            at=ago(days),
        )
    make_mentorship(state=State.ENDED, answered_at=ago(1))
    assert value("active") == (3, "2 begun in 30 days")
    assert value("acceptances") == (2, "1 more than in the 30 days before")
    assert len(names_behind("acceptances")) == 2


@pytest.mark.usefixtures("empty")
def test_an_institute_without_anybody_has_only_noughts() -> None:
    with clock.frozen(NOW):
        assert {figure.value for figure in figures()} == {0}
        for figure in figures():
            assert list(behind(figure.key).rows) == []


def test_an_unknown_figure_has_no_rows() -> None:
    with pytest.raises(KeyError):
        behind("secrets")


@pytest.mark.usefixtures("empty")
def test_visits_are_summed_by_month_with_the_year_before() -> None:
    for day, kind, count in (
        (date(2025, 2, 1), Kind.GUEST, 40),
        (date(2026, 2, 1), Kind.GUEST, 30),
        (date(2026, 2, 28), Kind.MENTEE, 20),
        (date(2026, 3, 9), Kind.STAFF, 1),
    ):
        DailyVisits.objects.create(day=day, kind=kind.value, count=count)
    with clock.frozen(NOW):
        shown = visits(24)
    assert shown[0].first_day == date(2025, 2, 1)
    assert [(m.total, m.before) for m in shown[-2:]] == [(50, 40), (1, 0)]
    assert shown[-1].unfinished


@pytest.mark.parametrize("rows", [1, 30])
def test_figures_and_visits_cost_the_same_for_few_and_many(
    rows: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for _ in range(rows):
        make_mentorship(state=State.ACTIVE)
        DailyVisits.objects.create(
            day=date(2026, 1, 1) + timedelta(days=_), kind=Kind.GUEST.value, count=1
        )
    figures()  # the settings are in the cache from here on
    with django_assert_num_queries(6):
        figures()
        visits(36)
    for key in ("members", "profiles", "waiting", "silent", "active", "acceptances"):
        with django_assert_num_queries(1):
            names_behind(key)
