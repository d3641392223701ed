"""Visits by month: one statement, read by the index, however many years were counted."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from core.visits.models import DailyVisits
from core.visits.queries import by_month
from core.visits.rules import Kind

pytestmark = pytest.mark.django_db

TEN_YEARS = date(2016, 4, 1)
END = date(2026, 4, 1)


@pytest.fixture
def ten_years(ciltuk: object) -> None:
    DailyVisits.objects.all().delete()
    DailyVisits.objects.bulk_create(
        DailyVisits(day=TEN_YEARS + timedelta(days=number), kind=kind.value, count=2)
        for number in range((END - TEN_YEARS).days)
        for kind in Kind
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE visits_dailyvisits")


@pytest.mark.usefixtures("ten_years")
def test_any_stretch_of_ten_years_is_one_statement(
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    for since, months in ((TEN_YEARS, 120), (date(2025, 4, 1), 12), (date(2026, 3, 1), 1)):
        with django_assert_num_queries(1):
            found = by_month(since=since, until=END)
        assert found.first_day == TEN_YEARS
        assert len(found.months) == months
        assert found.months[date(2026, 3, 1)] == dict.fromkeys(Kind, 62)


@pytest.mark.usefixtures("ten_years")
def test_a_year_among_ten_is_read_by_the_index() -> None:
    with CaptureQueriesContext(connection) as seen:
        by_month(since=date(2025, 4, 1), until=END)
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {seen.captured_queries[0]['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert plan.count("visits_once_a_day_and_kind") >= 2, plan
    assert "Seq Scan" not in plan


def test_nothing_counted_is_no_month_and_no_first_day() -> None:
    DailyVisits.objects.all().delete()
    found = by_month(since=TEN_YEARS, until=END)
    assert (found.first_day, found.months) == (None, {})


def test_a_stretch_without_visits_still_knows_when_counting_began() -> None:
    DailyVisits.objects.all().delete()
    DailyVisits.objects.create(day=date(2020, 5, 6), kind=Kind.GUEST.value, count=1)
    found = by_month(since=date(2025, 4, 1), until=END)
    assert (found.first_day, found.months) == (date(2020, 5, 6), {})
