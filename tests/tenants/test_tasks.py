"""Tasks run in the institute that they were sent for, or not at all: with a real worker."""

from collections.abc import Iterator
from queue import Queue
from typing import Any

import pytest
from celery import Celery, chain, current_app, group
from celery.beat import ScheduleEntry, Scheduler
from celery.contrib.testing.worker import start_worker
from celery.exceptions import Retry
from celery.schedules import schedule

from config.celery import app as own
from core.accounts.models import Person
from tenants.celery import HEADER, InstituteTask, PlatformTask
from tenants.context import current_institute, current_schema, platform_scope, tenant_context
from tenants.errors import OutsideTenancy, TaskRefused
from tenants.models import Institute, RefusedTask, State
from tenants.names import PLATFORM_SCHEMA
from tenants.services import set_state
from tenants.tasks import each_institute

SECONDS = 10
Committed = dict[str, Institute]


class Rig:
    """A Celery app of its own with a worker in a thread, and what its tasks reported."""

    def __init__(self) -> None:
        self.seen: Queue[tuple[Any, ...]] = Queue()
        self.app: Any = Celery("rig", task_cls=InstituteTask, set_as_current=False)
        self.app.conf.update(
            broker_url="memory://", result_backend="cache+memory://", task_ignore_result=False,
            task_always_eager=False, broker_connection_retry_on_startup=True,
        )  # fmt: skip
        seen = self.seen

        def where() -> str:
            institute = current_institute()
            return institute.slug if institute else current_schema()

        @self.app.task(shared=False, name="rig.look")
        def look(*words: str) -> str:
            Person.objects.count()
            seen.put((where(), *words))
            return where()

        @self.app.task(shared=False, name="rig.again", bind=True, max_retries=1)
        def again(self: Any) -> None:
            seen.put((where(), self.request.retries))
            if not self.request.retries:
                raise self.retry(countdown=0)

        @self.app.task(shared=False, name="rig.sends")
        def sends() -> None:
            look.delay("from a task")

        @self.app.task(shared=False, name="rig.wide", base=PlatformTask)
        def wide() -> None:
            seen.put((where(), Institute.objects.filter(slug="ciltuk").count()))

        self.look, self.again, self.sends, self.wide = look, again, sends, wide

    def next(self) -> tuple[Any, ...]:
        return self.seen.get(timeout=SECONDS)


@pytest.fixture(scope="module")
def working() -> Iterator[Rig]:
    """One worker for all tests: its threads close their connection after each task."""
    made = Rig()
    try:
        with start_worker(
            made.app, pool="threads", concurrency=2, perform_ping_check=False, shutdown_timeout=60
        ):
            yield made
    finally:
        own.set_default()
        own.set_current()


@pytest.fixture
def rig(working: Rig, committed: Committed) -> Rig:
    working.app.conf.task_always_eager = False
    while not working.seen.empty():
        working.seen.get()
    return working


@pytest.fixture
def ciltuk(committed: Committed) -> Institute:
    return committed["ciltuk"]


@pytest.fixture
def guided(committed: Committed) -> Institute:
    return committed["guided"]


def test_task_runs_in_the_institute_it_was_sent_from(
    rig: Rig, ciltuk: Institute, guided: Institute
) -> None:
    for institute in (ciltuk, guided, ciltuk):
        with tenant_context(institute):
            rig.look.delay("x")
        assert rig.next() == (institute.slug, "x")


def test_task_sent_from_nowhere_is_refused_by_the_sender(rig: Rig) -> None:
    with pytest.raises(OutsideTenancy, match="The task rig"):
        rig.look.delay()
    with platform_scope(), pytest.raises(OutsideTenancy):
        rig.look.delay()


def test_caller_cannot_choose_another_institute(
    rig: Rig, ciltuk: Institute, guided: Institute
) -> None:
    with tenant_context(ciltuk):
        rig.look.apply_async(headers={HEADER: str(guided.pk)})
    assert rig.next() == ("ciltuk",)


def refusal(result: Any) -> str:
    with pytest.raises(TaskRefused) as caught:
        result.get(timeout=SECONDS)
    return str(caught.value)


def test_task_without_header_is_refused_and_kept(rig: Rig) -> None:
    result = rig.app.send_task("rig.look", args=["bare"])
    assert refusal(result) == "The task names no institute."
    with platform_scope():
        kept = RefusedTask.objects.get()
    assert (kept.task, kept.arguments["args"]) == ("rig.look", ["bare"])
    assert rig.seen.empty()


@pytest.mark.parametrize(
    "header", ["8c99149b-4838-498e-b359-1e21dd7beae5", "ciltuk", "'; drop schema public"]
)
def test_task_of_an_unknown_institute_is_refused(rig: Rig, header: str) -> None:
    result = rig.app.send_task("rig.look", headers={HEADER: header})
    assert "exist" in refusal(result) or "no institute's id" in refusal(result)
    assert rig.seen.empty()


@pytest.mark.parametrize("state", [State.SUSPENDED, State.DELETED, State.PREPARING])
def test_task_of_an_inactive_institute_is_refused(
    rig: Rig, ciltuk: Institute, state: State
) -> None:
    with platform_scope():
        Institute.objects.filter(pk=ciltuk.pk).update(state=state)
    with tenant_context(ciltuk):
        result = rig.look.delay()
    assert str(ciltuk.pk) in refusal(result)
    assert rig.seen.empty()


def test_chain_stays_in_its_institute(rig: Rig, guided: Institute) -> None:
    with tenant_context(guided):
        chain(rig.look.si("1"), rig.look.si("2"), rig.look.si("3")).delay()
    assert [rig.next() for _ in range(3)] == [("guided", each) for each in "123"]


def test_group_stays_in_its_institute(rig: Rig, guided: Institute) -> None:
    with tenant_context(guided):
        group(rig.look.si("1"), rig.look.si("2")).delay()
    assert {rig.next() for _ in range(2)} == {("guided", "1"), ("guided", "2")}


def test_link_and_chord_stay_in_their_institute(rig: Rig, guided: Institute) -> None:
    with tenant_context(guided):
        rig.look.apply_async(link=rig.look.si("linked"))
    assert {rig.next() for _ in range(2)} == {("guided",), ("guided", "linked")}


def test_retry_stays_in_its_institute(rig: Rig, guided: Institute) -> None:
    with tenant_context(guided):
        rig.again.delay()
    assert [rig.next() for _ in range(2)] == [("guided", 0), ("guided", 1)]


def test_task_that_sends_a_task_sends_it_for_its_institute(rig: Rig, guided: Institute) -> None:
    with tenant_context(guided):
        rig.sends.delay()
    assert rig.next() == ("guided", "from a task")


def test_platform_wide_task_runs_in_the_shared_schema(rig: Rig, ciltuk: Institute) -> None:
    rig.wide.delay()
    assert rig.next() == ("public", 1)


def test_platform_wide_task_carries_no_institute(rig: Rig, ciltuk: Institute) -> None:
    with tenant_context(ciltuk):
        rig.wide.delay()
    assert rig.next() == ("public", 1)


def entry(rig: Rig, task: str) -> ScheduleEntry:
    return ScheduleEntry(name="x", task=task, schedule=schedule(1), app=rig.app)


def test_beat_sends_platform_wide_tasks_and_refuses_others(rig: Rig) -> None:
    beat = Scheduler(rig.app, lazy=True)
    beat.apply_async(entry(rig, "rig.wide"), advance=False)
    assert rig.next() == ("public", 1)
    with pytest.raises(Exception, match="outside any institute"):
        beat.apply_async(entry(rig, "rig.look"), advance=False)
    assert rig.seen.empty()


def test_task_called_as_a_function_runs_in_the_callers_institute(
    rig: Rig, guided: Institute
) -> None:
    with tenant_context(guided):
        assert rig.look("called") == "guided"
    with pytest.raises(OutsideTenancy):
        rig.look("called")


def test_eager_task_is_as_strict(rig: Rig, guided: Institute) -> None:
    rig.app.conf.task_always_eager = True
    with tenant_context(guided):
        assert rig.look.delay("eager").get() == "guided"
        assert rig.look.apply(args=("applied",)).get() == "guided"
    with pytest.raises(OutsideTenancy):
        rig.look.delay("eager")
    set_state(guided, State.SUSPENDED)
    with tenant_context(guided), pytest.raises((TaskRefused, Retry)):
        rig.look.delay("eager").get()


def test_each_institute_rings_once_in_every_active_site(
    ciltuk: Institute, guided: Institute, monkeypatch: pytest.MonkeyPatch
) -> None:
    own.loader.import_default_modules()
    rung: list[str] = []
    monkeypatch.setattr(
        type(current_app.tasks["kernel.sweep_outbox"]), "delay",
        lambda self: rung.append(current_schema()),
    )  # fmt: skip
    set_state(guided, State.SUSPENDED)
    each_institute.apply(args=("kernel.sweep_outbox",)).get()
    with platform_scope():
        active = Institute.objects.filter(state=State.ACTIVE)
        assert sorted(rung) == sorted(active.values_list("schema_name", flat=True))
    assert ciltuk.schema_name in rung
    assert guided.schema_name not in rung
    of_programmes: list[str] = []
    monkeypatch.setattr(
        type(current_app.tasks["feedback.write"]), "delay",
        lambda self: of_programmes.append(current_schema()),
    )  # fmt: skip
    each_institute.apply(args=("feedback.write",)).get()
    assert ciltuk.schema_name in of_programmes
    assert PLATFORM_SCHEMA not in of_programmes


def test_every_periodic_task_is_platform_wide() -> None:
    own.finalize()
    own.loader.import_default_modules()
    for planned in own.conf.beat_schedule.values():
        assert isinstance(own.tasks[planned["task"]], PlatformTask)
        for name in planned.get("args", ()):
            assert name in own.tasks
