"""Figures and faults of institutes: kept beside them, about nobody."""

from datetime import timedelta
from typing import Any

import pytest
from celery import shared_task
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.models import MailState, OutboxMail
from core.kernel.outbox import queue
from core.visits.models import DailyVisits
from tenants import faults, lifecycle
from tenants.celery import InstituteTask
from tenants.context import platform_scope, schema_scope, tenant_context, wrapper
from tenants.deeds import COMMAND_LINE
from tenants.errors import TaskRefused
from tenants.health import take_snapshots
from tenants.models import Institute, State
from tenants.standing import Fault, FaultKind, Snapshot
from tests.factories.mentorships import make_person

pytestmark = pytest.mark.django_db
SECRET = "silas.wherry@people.example"


@pytest.fixture(autouse=True)
def unhurried() -> None:
    faults.forget_pace()


def snapshot_of(institute: Institute) -> Snapshot:
    take_snapshots([institute], files=True)
    with platform_scope():
        return Snapshot.objects.get(institute=institute)


def fault_of(institute: Institute, kind: FaultKind) -> Fault:
    with platform_scope():
        return Fault.objects.get(institute=institute, kind=kind)


def test_snapshot_counts_members_visits_mails_and_files(ciltuk: Institute) -> None:
    today = now().date()
    before = snapshot_of(ciltuk)
    with tenant_context(ciltuk), transaction.atomic():
        make_person()
        make_person(is_active=False)
        for days, kind, count in (
            (0, "guest", 3), (0, "mentor", 2), (29, "mentee", 4), (30, "guest", 7),
            (60, "guest", 9),
        ):  # fmt: skip
            DailyVisits.objects.create(day=today - timedelta(days=days), kind=kind, count=count)
        mails = [
            queue(
                kind="note", to=("S", "s@people.example"), sender=("T", "t@lantern.example"),
                subject="x", text="x", html="x",
            )
            for _ in range(3)
        ]  # fmt: skip
        OutboxMail.objects.filter(pk=mails[0].pk).update(state=MailState.FAILED)
        OutboxMail.objects.filter(pk=mails[1].pk).update(state=MailState.SENT, sent_at=now())
        default_storage.save("notes/a.txt", ContentFile(b"12345"))
    found = snapshot_of(ciltuk)
    assert found.members == before.members + 1
    assert (found.visits, found.visits_before) == (9, 7)
    assert (found.visit_days[0], found.visit_days[-1]) == (4, 5)
    assert found.mails_failed == before.mails_failed + 1
    assert found.mail_waits_since is not None
    assert found.mail_sent_at is not None
    assert (found.files_bytes or 0) - (before.files_bytes or 0) == 5
    assert found.schema_bytes > 1_000_000
    assert (found.has_schema, found.behind, found.problem) == (True, [], "")


def test_figures_of_all_cost_the_same_number_of_queries_as_of_one(
    ciltuk: Institute, guided: Institute
) -> None:
    def cost(institutes: list[Institute]) -> int:
        with CaptureQueriesContext(connection) as seen:
            take_snapshots(institutes)
        return len([each for each in seen if "search_path" not in each["sql"]])

    take_snapshots()
    with platform_scope():
        every = list(Institute.objects.exclude(state=State.DELETED))
    assert len(every) > 4
    assert cost([ciltuk]) == cost(every)


def test_institute_that_is_behind_missing_or_odd_is_named_and_the_others_tell(
    ciltuk: Institute, guided: Institute
) -> None:
    with platform_scope():
        missing = Institute.objects.create(
            slug="halfmade", name="Half", schema_name="t_halfmade00000000", state=State.PREPARING
        )
    with schema_scope(guided.schema_name), wrapper().cursor() as cursor:
        cursor.execute(
            "DELETE FROM django_migrations WHERE app = 'visits' AND name = '0001_initial'"
        )
        cursor.execute("ALTER TABLE visits_dailyvisits RENAME COLUMN count TO tally")
    take_snapshots()
    with platform_scope():
        rows = {row.institute_id: row for row in Snapshot.objects.all()}
    assert not rows[missing.pk].has_schema
    assert rows[guided.pk].behind == ["visits.0001_initial"]
    assert "count" in rows[guided.pk].problem
    assert rows[ciltuk.pk].problem == ""
    with tenant_context(ciltuk):
        assert rows[ciltuk.pk].members == Person.objects.filter(is_active=True).count()


def test_storage_that_is_away_leaves_the_weight_of_last_time(
    ciltuk: Institute, monkeypatch: pytest.MonkeyPatch
) -> None:
    with tenant_context(ciltuk):
        default_storage.save("notes/a.txt", ContentFile(b"12345"))
    before = snapshot_of(ciltuk)

    def away() -> list[int]:
        raise OSError("the bucket is away")

    monkeypatch.setattr(default_storage, "sizes", away, raising=False)
    after = snapshot_of(ciltuk)
    assert after.files_bytes == before.files_bytes
    assert after.taken_at > before.taken_at


# --- faults ---------------------------------------------------------------------------------------
def test_server_error_is_kept_by_its_kind_and_place_and_without_words_of_people(
    ciltuk: Institute, guided: Institute, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: Any, **kwargs: Any) -> None:
        raise ValueError(f"{SECRET} cannot be shown")

    monkeypatch.setattr("core.help.pages.reading.render", broken)
    client = Client(headers={"host": "ciltuk.localhost"}, raise_request_exception=False)
    assert client.get(f"/help/?q={SECRET}").status_code == 500
    kept = fault_of(ciltuk, FaultKind.PAGE)
    assert kept.what == "ValueError"
    assert kept.where.startswith("help:faqs tests/tenants/test_health.py:")
    assert SECRET not in f"{kept.what} {kept.where}"
    with platform_scope():
        assert not Fault.objects.filter(institute=guided).exists()


@shared_task(name="tests.breaks", base=InstituteTask)
def breaks() -> None:
    raise LookupError(SECRET)


def test_task_that_fails_or_is_refused_is_kept_for_its_institute(ciltuk: Institute) -> None:
    with tenant_context(ciltuk):
        header = {"institute": str(ciltuk.pk)}
        assert breaks.apply(headers=header, throw=False).failed()
    kept = fault_of(ciltuk, FaultKind.TASK)
    assert kept.what == "LookupError"
    assert kept.where.startswith("tests.breaks tests/tenants/test_health.py:")
    assert SECRET not in kept.where
    lifecycle.suspend(ciltuk, reason="unpaid", by=COMMAND_LINE)
    with tenant_context(ciltuk):
        assert isinstance(breaks.apply(headers=header, throw=False).result, TaskRefused)
    assert "suspended" in fault_of(ciltuk, FaultKind.REFUSED).what


def test_storm_of_errors_costs_one_write(ciltuk: Institute) -> None:
    for _ in range(50):
        faults.note(ciltuk, FaultKind.PAGE, what="ValueError")
    assert fault_of(ciltuk, FaultKind.PAGE).count == 1
    faults.forget_pace()
    faults.note(ciltuk, FaultKind.PAGE, what="KeyError")
    kept = fault_of(ciltuk, FaultKind.PAGE)
    assert (kept.count, kept.what) == (2, "KeyError")
