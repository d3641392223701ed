"""A stay of a browser is counted once, whatever happens around it."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from redis.exceptions import ConnectionError as RedisConnectionError

from core.accounts.models import Person
from core.kernel import clock
from core.kernel.ports import current_site
from core.visits import services
from core.visits.middleware import CountVisits
from core.visits.models import DailyVisits
from core.visits.rules import IN_SESSION
from tenants.context import tenant_context
from tenants.models import Institute

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 15_0) AppleWebKit/605.1.15 Safari/605.1.15"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
NEARLY_MIDNIGHT = datetime(2026, 3, 10, 23, 50, tzinfo=UTC)

pytestmark = pytest.mark.django_db


class Browser:
    """A browser in front of the middleware, with or without somebody signed in."""

    def __init__(self, agent: str = FIREFOX, address: str = "192.0.2.7") -> None:
        self.agent, self.address = agent, address
        self.person: Person | AnonymousUser = AnonymousUser()
        self.acting_as: str | None = None
        self.session: dict[str, Any] = {}

    def sign_in(self, acting_as: str | None = None, *, is_staff: bool = False) -> None:
        """As after the sign-in page."""
        self.person = Person(username="p", is_mentor=True, is_mentee=True, is_staff=is_staff)
        self.session = {IN_SESSION: f"stay of {id(self)}"}
        self.acting_as = acting_as

    def open(
        self,
        method: str = "GET",
        *,
        status: int = 200,
        content_type: str = "text/html; charset=utf-8",
        during: Callable[[HttpRequest], None] | None = None,
        **headers: str,
    ) -> HttpResponse:
        """Ask for a page."""
        request = RequestFactory(
            headers={"User-Agent": self.agent, **headers}, REMOTE_ADDR=self.address
        ).generic(method, "/")
        request.user = self.person
        request.session = _Session(self.session)  # type: ignore[assignment]
        request.acting_as = self.acting_as  # type: ignore[attr-defined]
        if self.session:
            request.COOKIES["session"] = "key"

        def page(request: HttpRequest) -> HttpResponse:
            if during:
                during(request)
            return HttpResponse("page", status=status, content_type=content_type)

        return CountVisits(page)(request)


class _Session(dict[str, Any]):
    session_key = "key"


def counted() -> dict[str, int]:
    return {row.kind: row.count for row in DailyVisits.objects.filter(count__gt=0).order_by("kind")}


@pytest.fixture(autouse=True)
def _fresh_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "marks", services.Marks())


def test_a_guest_opening_three_pages_makes_one_visit() -> None:
    browser = Browser()
    for _ in range(3):
        assert browser.open().status_code == 200
    assert counted() == {"guest": 1}


def test_two_guests_make_two_visits() -> None:
    Browser().open()
    Browser(agent=SAFARI).open()
    Browser(address="192.0.2.8").open()
    assert counted() == {"guest": 3}


def test_a_guest_coming_back_after_the_silence_makes_a_second_visit() -> None:
    browser = Browser()
    browser.open()
    cache.clear()  # what thirty minutes do to the mark
    browser.open()
    assert counted() == {"guest": 2}


def test_the_mark_of_a_stay_holds_for_thirty_minutes_from_the_last_page() -> None:
    lifetimes: list[int] = []
    whole = cache.touch

    def touch(key: str, timeout: int, *args: Any) -> bool:
        lifetimes.append(timeout)
        return bool(whole(key, timeout, *args))

    browser = Browser()
    browser.open()
    cache.touch, before = touch, cache.touch  # type: ignore[method-assign,assignment]
    try:
        browser.open()
    finally:
        cache.touch = before  # type: ignore[method-assign]
    assert lifetimes == [1800]


def test_a_stay_over_midnight_is_one_visit_of_the_day_it_began_on() -> None:
    browser = Browser()
    with clock.frozen(NEARLY_MIDNIGHT):
        browser.open()
    with clock.frozen(NEARLY_MIDNIGHT.replace(day=11, hour=0, minute=5)):
        browser.open()
    assert list(DailyVisits.objects.values_list("day", "count")) == [(date(2026, 3, 10), 1)]


def test_the_day_is_that_of_the_institutes_calendar() -> None:
    from core.programme.models import Programme

    Programme.objects.update(time_zone="Pacific/Auckland")
    with clock.frozen(NEARLY_MIDNIGHT):
        Browser().open()
    expected = date(2026, 3, 11) if Programme.objects.exists() else date(2026, 3, 10)
    assert DailyVisits.objects.get().day == expected


@pytest.mark.parametrize("role", ["mentor", "mentee"])
def test_a_member_counts_by_the_role_in_force(role: str) -> None:
    browser = Browser()
    browser.sign_in(role)
    browser.open()
    assert counted() == {role: 1}


def test_staff_count_as_staff() -> None:
    browser = Browser()
    browser.sign_in("mentor", is_staff=True)
    browser.open()
    assert counted() == {"staff": 1}


def test_a_guest_who_signs_in_makes_one_visit_of_their_kind() -> None:
    browser = Browser()
    browser.open()
    browser.open("POST", status=302)
    browser.sign_in("mentee")
    browser.open()
    browser.open()
    assert counted() == {"mentee": 1}


def test_a_guest_who_signs_in_after_midnight_still_makes_one_visit_on_the_first_day() -> None:
    browser = Browser()
    with clock.frozen(NEARLY_MIDNIGHT):
        browser.open()
    with clock.frozen(NEARLY_MIDNIGHT.replace(day=11, hour=0, minute=5)):
        browser.sign_in("mentee")
        browser.open()
    rows = DailyVisits.objects.filter(count__gt=0).values_list("day", "kind", "count")
    assert list(rows) == [(date(2026, 3, 10), "mentee", 1)]


def test_two_members_behind_one_address_with_equal_browsers_make_two_visits() -> None:
    for _ in range(2):
        browser = Browser()
        browser.open()
        browser.sign_in("mentee")
        browser.open()
    assert counted() == {"mentee": 2}


def test_a_member_who_signs_out_and_looks_on_makes_one_visit() -> None:
    browser = Browser()
    browser.sign_in("mentor")
    browser.open()

    def sign_out(request: HttpRequest) -> None:
        request.user = AnonymousUser()

    browser.open("POST", status=302, during=sign_out)
    browser.person, browser.session = AnonymousUser(), {}
    browser.open()
    assert counted() == {"mentor": 1}


def test_a_member_who_changes_role_in_a_stay_makes_one_visit() -> None:
    browser = Browser()
    browser.sign_in("mentor")
    browser.open()
    browser.acting_as = "mentee"
    browser.open()
    assert counted() == {"mentor": 1}


@pytest.mark.parametrize(
    "asked",
    [
        {"method": "HEAD"},
        {"method": "POST", "status": 302},
        {"status": 302},
        {"status": 404},
        {"status": 500},
        {"content_type": "text/css"},
        {"content_type": "text/plain"},
        {"content_type": "application/json"},
        {"Sec-Purpose": "prefetch"},
        {"HX-Request": "true"},
    ],
)
def test_what_is_no_page_begins_no_visit(asked: dict[str, Any]) -> None:
    Browser().open(**asked)
    assert counted() == {}


def test_a_boosted_page_begins_a_visit() -> None:
    boosted: dict[str, Any] = {"HX-Request": "true", "HX-Boosted": "true"}
    Browser().open(**boosted)
    assert counted() == {"guest": 1}


@pytest.mark.parametrize("agent", ["", "curl/8.5.0", "Mozilla/5.0 (compatible; Examplebot/2.1)"])
def test_a_robot_makes_no_visit(agent: str) -> None:
    Browser(agent=agent).open()
    assert counted() == {}


def test_a_visit_costs_one_touch_and_one_small_write(
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    browser = Browser()
    current_site()  # every page knows it by then,
    assert not DailyVisits.objects.exists()  # and has used the database
    with django_assert_num_queries(2):  # the calendar's zone, the number
        browser.open()
    with django_assert_num_queries(0):
        browser.open()


class _Away:
    """A cache that cannot be reached."""

    asked = 0

    def _refuse(self, *args: Any, **kwargs: Any) -> bool:
        self.asked += 1
        raise RedisConnectionError("connection refused")

    touch = add = get = delete = _refuse


def test_a_guest_gets_the_page_and_is_counted_once_while_the_cache_is_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    away = _Away()
    monkeypatch.setattr(services, "cache", away)
    browser = Browser()
    for _ in range(3):
        assert browser.open().status_code == 200
    assert counted() == {"guest": 1}
    assert away.asked == 1, "a cache that is away is left alone for a while"
    browser.sign_in("mentee")
    browser.open()
    assert counted() == {"mentee": 1}


def test_a_page_is_shown_when_the_visit_cannot_be_written(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from django.db import OperationalError

    def refuse(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("disk full")

    with monkeypatch.context() as broken:
        broken.setattr(services, "_add_one", refuse)
        assert Browser().open().status_code == 200
    assert "a visit was not counted" in caplog.text
    Browser().open()
    assert counted() == {"guest": 1}, "the next page tries again"


def test_a_mark_names_nobody() -> None:
    browser = Browser()
    seen: list[str] = []
    real = services.marks.add

    def add(key: str, value: str) -> bool:
        seen.extend((key, value))
        return real(key, value)

    services.marks.add = add  # type: ignore[method-assign]
    browser.open()
    assert seen
    assert not any(part in text for text in seen for part in (browser.address, "Firefox"))


def test_sites_do_not_share_marks(ciltuk: Institute, guided: Institute) -> None:
    browser = Browser()
    browser.open()
    with tenant_context(guided):
        browser.open()
        assert counted() == {"guest": 1}
    assert counted() == {"guest": 1}


@pytest.mark.django_db(transaction=True)
def test_visits_under_load_are_neither_lost_nor_doubled(ciltuk: Institute) -> None:
    """Forty browsers, each asking for four pages at once from threads of their own."""
    browsers = [Browser(address=f"192.0.2.{number}") for number in range(40)]
    start = threading.Barrier(8)
    failures: list[Exception] = []

    def work(part: int) -> None:
        try:
            with tenant_context(ciltuk):
                start.wait(20)
                for browser in browsers[part % 2 :: 2]:
                    browser.open()
        except Exception as error:
            failures.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work, args=(part,)) for part in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures
    assert counted() == {"guest": 40}


@pytest.mark.django_db(transaction=True)
def test_a_sign_in_seen_by_many_threads_at_once_moves_one_visit(ciltuk: Institute) -> None:
    browser = Browser()
    browser.open()
    browser.sign_in("mentee")
    start = threading.Barrier(6)

    def work() -> None:
        try:
            with tenant_context(ciltuk):
                start.wait(20)
                browser.open()
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert counted() == {"mentee": 1}
