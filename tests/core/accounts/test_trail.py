"""The audit trail on the staff site: sentences, filters, a file, the same cost for any length."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.models import Person
from core.accounts.queries import Wanted, trail
from core.kernel import audit
from core.kernel.models import AuditEntry
from tests.factories.people import browser, someone

pytestmark = pytest.mark.django_db

LIST = "/staff/kernel/auditentry/"
AT = datetime(2026, 3, 9, 12, tzinfo=UTC)


def team(**fields: Any) -> Client:
    client = browser()
    client.force_login(someone(is_staff=True, **fields))
    return client


def entries(count: int, **fields: Any) -> list[AuditEntry]:
    return AuditEntry.objects.bulk_create(
        AuditEntry(**{
            "at": AT + timedelta(seconds=number), "verb": "goal.completed",
            "actor_name": f"Actor {number}", "thing_type": "goals.Goal", "thing_id": str(uuid4()),
            **fields,
        })
        for number in range(count)
    )  # fmt: skip


def shown(client: Client, **filters: Any) -> str:
    return str(client.get(LIST, filters).content.decode())


def rows(client: Client, **filters: Any) -> list[dict[str, str]]:
    answer: Any = client.get(reverse("staff:kernel_auditentry_file"), filters)
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(StringIO(text)))


def test_entry_is_a_sentence_with_the_institutes_words_and_who_was_really_there() -> None:
    client, mira, tessa = team(), someone("mentee", first_name="Mira"), someone(is_staff=True)
    with audit.stood_in_by(audit.Behind(tessa.pk, "Tessa Rowe")):
        audit.record("mentorship sent", thing=mira, by=mira)
    audit.record("person deactivated", thing=mira, by=tessa, reason="Moved")
    page = shown(client)
    assert f"<strong>{mira.full_name}</strong> sent a request" in page
    assert "(really Tessa Rowe)" in page
    assert f"closed an account: {mira.full_name}" in page
    entry = AuditEntry.objects.get(verb="person deactivated")
    assert "reason: Moved" in client.get(f"{LIST}{entry.pk}/change/").content.decode()


def test_deed_on_many_rows_says_who_was_really_there() -> None:
    mira, tessa = someone("mentee", first_name="Mira"), someone(is_staff=True)
    with audit.stood_in_by(audit.Behind(tessa.pk, "Tessa Rowe")):
        audit.record_all("answer asked for", things=[mira, tessa], by=mira)
    written = AuditEntry.objects.filter(verb="answer asked for")
    assert [(one.actor_name, one.behind_name) for one in written] == [
        (mira.full_name, "Tessa Rowe")
    ] * 2


def test_each_filter_leaves_what_it_says() -> None:
    client = team()
    ida = someone("mentee", first_name="Ida", last_name="Quell")
    AuditEntry.objects.all().delete()
    entries(1, verb="goal.added", actor_name="Anna One", at=AT - timedelta(days=9))
    entries(1, actor_name="Berta Two", actor_id=ida.pk)
    entries(1, actor_name="Carla Three", behind_id=ida.pk, behind_name="Ida Quell")
    entries(1, actor_name="Dora Four", thing_type="accounts.Person", thing_id=str(ida.pk))
    entries(1, actor_name="Edda Five", by_operator=True)
    for filters, expected in (
        ({"verb": "goal.added"}, {"Anna One"}),
        ({"who": "quell ida"}, {"Berta Two", "Carla Three", "Dora Four"}),
        ({"person": ida.pk}, {"Berta Two", "Carla Three", "Dora Four"}),
        ({"who": "nobody at all"}, set()),
        ({"thing_type": "accounts.Person"}, {"Dora Four"}),
        ({"operators": "on"}, {"Edda Five"}),
        ({"until": "2026-03-08"}, {"Anna One"}),
        ({"since": "2026-03-09", "until": "2026-03-09", "operators": "on"}, {"Edda Five"}),
    ):
        page = shown(client, **filters)
        found = {
            name
            for name in ("Anna One", "Berta Two", "Carla Three", "Dora Four", "Edda Five")
            if name in page
        }
        assert found == expected, filters
        told = [row for row in rows(client, **filters) if "a file of the" not in row["What"]]
        assert {row["Who"] for row in told} == expected, filters


@pytest.mark.parametrize(
    "filters",
    [{"since": "yesterday"}, {"since": "2026-03-09", "until": "2026-03-08"}, {"verb": "nonsense"},
     {"before": "x"}, {"person": "1 OR 1"}, {"thing_type": "x.Y"}],
)  # fmt: skip
def test_filter_that_makes_no_sense_shows_nothing_and_gives_no_file(filters: Any) -> None:
    client = team()
    entries(1)
    answer = client.get(LIST, filters)
    assert answer.status_code == 422
    assert "Actor 0" not in answer.content.decode()
    assert client.get(reverse("staff:kernel_auditentry_file"), filters).status_code == 422


def test_pages_go_back_without_a_gap_also_where_moments_are_the_same() -> None:
    client = team()
    AuditEntry.objects.all().delete()
    made = {row.pk for row in entries(120, at=AT)}
    seen: list[Any] = []
    address = LIST
    while address:
        context = client.get(address).context
        seen += [line.entry.pk for line in context["lines"]]
        address = f"{LIST}?before={context['last'].pk}" if context["last"] else ""
    assert len(seen) == 120
    assert set(seen) == made


def test_list_costs_the_same_for_one_entry_and_for_many(django_assert_max_num_queries: Any) -> None:
    client = team()
    for person in [someone("mentee") for _ in range(20)]:
        audit.record("person registered", thing=person)
    with django_assert_max_num_queries(12):
        shown(client)


def test_file_streams_every_batch_and_runs_no_formula() -> None:
    client = team()
    AuditEntry.objects.all().delete()
    entries(2100, actor_name="=1+1", facts={"word": "@home"})
    found = rows(client)
    assert len(found) == 2101
    assert {row["Who"] for row in found if row["What"] == "completed a goal"} == {"'=1+1"}
    assert AuditEntry.objects.filter(verb="audit.exported").exists()


@pytest.mark.parametrize(
    "wanted",
    [Wanted(), Wanted(verb="goal.added"), Wanted(operators=True), Wanted(people=(uuid4(),)),
     Wanted(since=AT, until=AT + timedelta(days=1))],
)  # fmt: skip
def test_every_way_of_asking_has_an_index(wanted: Wanted) -> None:
    """With sequential scans made dear, no plan needs one: the index is there to be used."""
    from django.db import connection

    from core.accounts.queries.trail import _filtered

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = _filtered(wanted)[:51].explain()
    assert "Seq Scan" not in plan
    assert list(trail(wanted, limit=1)) == list(_filtered(wanted)[:1])


def test_editor_of_content_reads_no_trail() -> None:
    assert team(staff_role="editor").get(LIST).status_code == 403
    assert Person.objects.exists()
