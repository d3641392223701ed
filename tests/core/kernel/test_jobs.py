"""Long work that staff order: done whole or not at all, watched by its owner alone."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client

from core.accounts.models import Person
from core.kernel import audit, clock, jobs
from core.kernel.errors import RuleBroken
from core.kernel.models import AuditEntry, Job, JobState
from core.kernel.rights import StaffRole
from tenants.context import tenant_context
from tenants.models import Institute
from tests.factories.mentorships import make_mentee

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], Client]
KIND = "poems.print"


class Handlers:
    """What the jobs of these tests do; each test may put another handler in."""

    def __init__(self) -> None:
        self.does: jobs.Handler = self.writes

    def writes(self, job: Job, tell: jobs.Tell) -> str:
        for number in range(4):
            audit.record("poem.printed", thing=job)
            tell(number + 1, 4)
        return "4 poems printed."

    def __call__(self, job: Job, tell: jobs.Tell) -> str:
        return self.does(job, tell)


@pytest.fixture
def handlers(monkeypatch: pytest.MonkeyPatch) -> Handlers:
    made = Handlers()
    monkeypatch.setitem(jobs._kinds, KIND, jobs.Work(made, "profiles_field"))
    return made


@pytest.fixture
def visit(member_client: Any, ciltuk: Institute) -> Browser:
    """A browser in which this person is signed in."""
    return lambda person: member_client(ciltuk, person)


def _manager(name: str = "Mo Hale") -> Person:
    person = make_mentee(name)
    person.is_staff, person.staff_role = True, StaffRole.MANAGER
    person.save()
    return person


def _order(owner: Person, **about: Any) -> Job:
    return jobs.order(
        kind=KIND, title="Printing of poems", by=owner, about=about,
        done_url="/staff/", back_url="/staff/",
    )  # fmt: skip


def _printed() -> int:
    return AuditEntry.objects.filter(verb="poem.printed").count()


def test_a_manager_watches_a_bar_and_is_led_on_when_it_is_done(
    handlers: Handlers, visit: Browser
) -> None:
    owner = _manager()
    job, browser = _order(owner), visit(owner)
    page = browser.get(job.get_absolute_url()).content.decode()
    assert "<progress" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert jobs.run(job.pk)
    page = browser.get(job.get_absolute_url()).content.decode()
    assert "4 poems printed." in page
    assert jobs.progress(job) == (4, 4)


def test_a_job_is_done_once_however_often_the_bell_rings(handlers: Handlers) -> None:
    job = _order(_manager())
    assert jobs.run(job.pk)
    assert not jobs.run(job.pk)
    assert _printed() == 4


def test_a_second_click_orders_no_second_job(handlers: Handlers) -> None:
    owner = _manager()
    first = _order(owner, of="May")
    assert _order(owner, of="May") == first
    assert _order(owner, of="June") != first
    assert _order(_manager("Em Dale"), of="May") != first


@pytest.mark.parametrize(
    ("error", "sentence"),
    [(RuleBroken("The paper is empty."), "The paper is empty."),
     (ZeroDivisionError("1/0"), "Something went wrong on our side")],
)  # fmt: skip
def test_a_job_that_stops_half_way_leaves_nothing_and_says_why(
    handlers: Handlers, visit: Browser, error: Exception, sentence: str
) -> None:
    def stops(job: Job, tell: jobs.Tell) -> str:
        handlers.writes(job, tell)
        raise error

    handlers.does, owner = stops, _manager()
    job = _order(owner)
    assert not jobs.run(job.pk)
    assert _printed() == 0
    page = visit(owner).get(job.get_absolute_url()).content.decode()
    assert sentence in page
    assert "1/0" not in page


def test_work_that_was_interrupted_begins_again_and_is_given_up_after_three_times(
    handlers: Handlers,
) -> None:
    def breaks(job: Job, tell: jobs.Tell) -> str:
        handlers.writes(job, tell)
        raise OperationalError("the server closed the connection")

    handlers.does = breaks
    first, second, start = _order(_manager()), _order(_manager("Em Dale")), clock.now()
    for job in (first, second):
        with pytest.raises(OperationalError):
            jobs.run(job.pk)
    assert jobs.sweep() == 0, "they have just begun"
    handlers.does = handlers.writes
    with clock.frozen(start + timedelta(minutes=2)):
        assert jobs.sweep() == 2
        assert jobs.run(first.pk)
    handlers.does = breaks
    for _ in range(2):
        with pytest.raises(OperationalError):
            jobs.run(second.pk)
    with clock.frozen(start + timedelta(minutes=4)):
        jobs.sweep()
    second.refresh_from_db()
    assert (second.state, _printed()) == (JobState.FAILED, 4)
    assert "interrupted 3 times" in second.message


def test_old_jobs_are_forgotten(handlers: Handlers) -> None:
    done, waiting = _order(_manager(), of="May"), _order(_manager("Em Dale"), of="June")
    jobs.run(done.pk)
    with clock.frozen(clock.now() + timedelta(days=31)):
        jobs.sweep()
    assert list(Job.objects.all()) == [waiting]


def test_nobody_else_finds_the_page_and_a_lost_right_closes_it(
    handlers: Handlers, visit: Browser
) -> None:
    owner = _manager()
    job = _order(owner)
    for person in (make_mentee("Bo Carr"), _manager("Em Dale")):
        assert visit(person).get(job.get_absolute_url()).status_code == 404
    browser = visit(owner)
    assert browser.get(job.get_absolute_url()).status_code == 200
    Person.objects.filter(pk=owner.pk).update(staff_role=StaffRole.SAFEGUARDING)
    assert browser.get(job.get_absolute_url()).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_job_that_another_worker_does_is_left_to_it(
    handlers: Handlers, ciltuk: Institute
) -> None:
    told: list[bool] = []

    def also(job: Job) -> None:
        with tenant_context(ciltuk):
            told.append(jobs.run(job.pk))
        connection.close()

    def meets_another(job: Job, tell: jobs.Tell) -> str:
        other = Thread(target=also, args=(job,))
        other.start()
        other.join()
        return handlers.writes(job, tell)

    handlers.does = meets_another
    _order(_manager())  # after commit the task runs at once
    assert told == [False]
    assert _printed() == 4
