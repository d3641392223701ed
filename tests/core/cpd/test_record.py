"""A member's record: what can go in, what does, with which hours."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from core.cpd import queries, services
from core.cpd.models import OwnLine
from core.cpd.rules import Period
from core.goals.models import Goal
from core.mentorships.models import Mentorship
from core.programme.services import retire
from tests.core.cpd.conftest import NOON, YEAR, Visit
from tests.factories.diary import make_entry
from tests.factories.meetings import make_meeting
from tests.factories.mentorships import make_mentorship

pytestmark = pytest.mark.django_db
IN_2026 = Period(date(2026, 1, 1), date(2026, 12, 31))


def own(**fields: str) -> dict[str, str]:
    """The form of an own line as somebody sends it."""
    return {"title": "Read a book on listening", "day_day": "2", "day_month": "3",
            "day_year": "2026", "hours": "2:30", **fields}  # fmt: skip


def test_meetings_that_took_place_count_for_both_by_themselves(
    visit: Visit, pair: Mentorship
) -> None:
    make_meeting(make_mentorship(), at=NOON - timedelta(days=3), title="Of others")
    for person, role in ((pair.mentor, "mentor"), (pair.mentee, "mentee")):
        page = visit(person).get(f"/cpd/{YEAR}").content.decode()
        assert f"Taking stock (as {role})" in page
        assert "<strong>1.5</strong> hours" in page
        for absent in ("Still to come", "Called off", "Of others"):
            assert absent not in page


def test_midnight_is_by_the_clock_of_the_member(pair: Mentorship) -> None:
    pair.mentee.time_zone = "Pacific/Auckland"
    pair.mentee.save()
    make_meeting(pair, at=NOON.replace(month=3, day=31, hour=12), title="Late in March")
    march = Period(date(2026, 3, 1), date(2026, 3, 31))
    assert not queries.lines_of(pair.mentee, march)
    assert [line.day for line in queries.lines_of(pair.mentor, march)] == [date(2026, 3, 31)]


def test_diary_stays_out_until_its_writer_puts_an_entry_in(visit: Visit, pair: Mentorship) -> None:
    entry = make_entry(pair.mentee, title="On listening", text="A private thought.")
    browser = visit(pair.mentee)
    assert "On listening" in browser.get(f"/cpd/{YEAR}").content.decode()
    assert "A private thought" not in browser.get(f"/cpd/record.csv{YEAR}").content.decode()
    browser.post(f"/cpd/{YEAR}", {"line": [f"reflection:{entry.pk}"]})
    table = browser.get(f"/cpd/record.csv{YEAR}").content.decode()
    assert "A private thought" in table
    assert "Taking stock" not in table


def test_goal_that_was_reached_is_a_line_of_its_owner_alone(pair: Mentorship) -> None:
    Goal.objects.create(
        mentorship=pair, owner=pair.mentee, label="Lead a meeting", completed_at=NOON
    )
    Goal.objects.create(mentorship=pair, owner=pair.mentee, label="Still open")
    kinds = [[line.title for line in queries.lines_of(person, IN_2026) if line.kind == "goal"]
             for person in (pair.mentee, pair.mentor)]  # fmt: skip
    assert kinds == [["Lead a meeting"], []]


def test_hours_are_adjusted_only_with_a_reason(visit: Visit, pair: Mentorship) -> None:
    meeting = pair.meetings.get(title="Taking stock")
    address = reverse("cpd:meeting", args=[meeting.pk]) + YEAR
    browser = visit(pair.mentee)
    assert browser.post(address, {"hours": "3"}).status_code == 422
    assert browser.post(address, {"hours": "many", "note": "x"}).status_code == 422
    assert browser.post(address, {"hours": "30", "note": "x"}).status_code == 422
    browser.post(address, {"hours": "2.5", "note": "With preparation"})
    line = queries.lines_of(pair.mentee, IN_2026)[0]
    assert (line.minutes, line.measured, line.note) == (150, 90, "With preparation")
    assert queries.lines_of(pair.mentor, IN_2026)[0].minutes == 90


def test_own_line_is_added_once_changed_and_removed(visit: Visit, pair: Mentorship) -> None:
    browser = visit(pair.mentee)
    form = own(form_key=str(uuid4()))
    for _ in range(2):
        browser.post(f"/cpd/lines/new/{YEAR}", form)
    line = OwnLine.objects.get()
    assert line.minutes == 150
    browser.post(reverse("cpd:change", args=[line.pk]) + YEAR, own(hours="0.5"))
    line.refresh_from_db()
    assert line.minutes == 30
    for name in ("change", "remove"):
        assert visit(pair.mentor).post(reverse(f"cpd:{name}", args=[line.pk]), own()).status_code \
            == 404  # fmt: skip
    browser.post(reverse("cpd:remove", args=[line.pk]))
    assert not OwnLine.objects.exists()


@pytest.mark.parametrize(
    "bad", [{"title": " "}, {"hours": "-1"}, {"day_year": "2999"}, {"note": "x" * 501}]
)
def test_line_that_makes_no_sense_is_refused(
    visit: Visit, pair: Mentorship, bad: dict[str, str]
) -> None:
    assert visit(pair.mentee).post("/cpd/lines/new/", own(**bad)).status_code == 422


@pytest.mark.parametrize("query", ["?from=x&to=y", "?from=2026-02-01&to=2026-01-01",
                                   "?from=0001-01-01&to=9999-12-31"])  # fmt: skip
def test_senseless_period_gives_the_last_twelve_months(
    visit: Visit, pair: Mentorship, query: str
) -> None:
    page = visit(pair.mentee).get(f"/cpd/{query}").content.decode()
    assert "2 June 2025 to 1 June 2026" in page


def test_period_is_chosen_in_boxes(visit: Visit, pair: Mentorship) -> None:
    boxes = {f"period-{side}_{part}": text for side, day in (("first", "1"), ("last", "31"))
             for part, text in (("day", day), ("month", "5"), ("year", "2026"))}  # fmt: skip
    browser = visit(pair.mentee)
    assert browser.get("/cpd/", boxes)["Location"] == "/cpd/?from=2026-05-01&to=2026-05-31"
    wrong = browser.get("/cpd/", {**boxes, "period-last_year": "2020"})
    assert "The last day comes before the first" in wrong.content.decode()


def test_formula_in_a_title_is_text_in_the_table(visit: Visit, pair: Mentorship) -> None:
    services.add(
        services.choosing.Own(day=date(2026, 3, 2), title="=cmd|' /C calc'!A0", minutes=60),
        by=pair.mentee,
    )
    assert ",'=cmd|" in visit(pair.mentee).get(f"/cpd/record.csv{YEAR}").content.decode()


def test_where_there_is_no_scheme_there_is_no_page(visit: Visit, pair: Mentorship) -> None:
    retire("cpd", "scheme")
    browser = visit(pair.mentee)
    for path in ("", "record.csv", "lines/new/", "check/", "check/?code=x"):
        assert browser.get(f"/cpd/{path}").status_code == 404
    assert "CPD" not in browser.get("/account/edit/").content.decode()


def test_long_record_costs_as_many_queries_as_a_short_one(
    visit: Visit, pair: Mentorship, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    browser = visit(pair.mentee)
    browser.get(f"/cpd/{YEAR}")
    for number in range(40):
        make_meeting(pair, at=NOON - timedelta(days=11 + number), title=f"Meeting {number}")
        make_entry(pair.mentee, title=f"Entry {number}")
    with django_assert_max_num_queries(14):
        assert "Meeting 39" in browser.get(f"/cpd/{YEAR}").content.decode()
