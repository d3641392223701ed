"""Staff find people and take them along; what leaves can come back (product F4)."""

import csv
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.models import AuditEntry
from core.people.models import Export
from core.people.rules import finding
from core.people.services.keeping import clear_out
from core.profiles.models import Profile
from tests.core.people.conftest import Browser, checked, run_jobs
from tests.factories.people import someone
from tests.factories.profiles import GOOD, a_full_profile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("every_kind")]
ACCOUNT = ["email", "first_name", "last_name", "roles", "phone", "organisation", "capacity"]
ANSWERS = [f"{role}:{key}" for role in ("mentor", "mentee") for key in GOOD]


def page() -> str:
    return reverse("staff:people_export")


def body(answer: Any) -> bytes:
    assert answer.status_code == 200, answer.content.decode()
    content: bytes = b"".join(answer.streaming_content)
    return content


def rows(answer: Any) -> list[list[str]]:
    text = body(answer).decode("utf-8-sig")
    return list(csv.reader(StringIO(text, newline="")))


@pytest.fixture
def people(db: None) -> dict[str, Person]:
    """One of each kind."""
    found = {
        "wren": someone(
            "mentor", "mentee", first_name="Wren", last_name="Alder", organisation="=cmd()",
            phone="+44 20 7946 0000", email="wren@people.example",
        ),
        "finn": someone("mentee", first_name="Finn", last_name="Birch", last_login=now()),
        "gone": someone("mentor", first_name="Gus", last_name="Cedar", is_active=False),
    }  # fmt: skip
    a_full_profile(found["wren"], "mentor")
    a_full_profile(found["wren"], "mentee", grade="first", topics=["ropes"])
    return found


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"role": "mentor"}, ["Alder"]),
        ({"role": "mentor", "state": ""}, ["Alder", "Cedar"]),
        ({"state": "closed"}, ["Cedar"]),
        ({"role": "both"}, ["Alder"]),
        ({"state": "waiting", "role": "mentee"}, ["Alder"]),
        ({"profile": "complete"}, ["Alder"]),
        ({"profile": "incomplete"}, ["Birch"]),
        ({"answer-topics": "ropes"}, ["Alder"]),
        ({"answer-grade": "first", "text": "alder wren"}, ["Alder"]),
        ({"answer-topics": "lamps", "role": "mentee", "text": "birch"}, []),
    ],
)
def test_people_are_found_by_every_sign(
    staff: Client, people: dict[str, Person], asked: dict[str, str], names: list[str]
) -> None:
    answer = staff.get(page(), asked)
    found = [one.last_name for one in answer.context["rows"] if one in people.values()]
    assert found == names
    file = staff.post(page(), {**asked, "columns": ["last_name"], "file_format": "csv"})
    if answer.context["rows"]:
        assert [row[0] for row in rows(file)[1:] if row[0] in names] == names


def test_export_is_safe_in_a_spreadsheet_and_comes_back_the_same(
    staff: Client, people: dict[str, Person]
) -> None:
    columns = {"columns": [*ACCOUNT, *ANSWERS], "file_format": "csv", "text": "alder"}
    answer = staff.post(page(), columns)
    content = body(answer)
    found = list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))
    assert "'=cmd()" in found[1]
    assert "'+44 20 7946 0000" in found[1]
    assert answer["Content-Type"].startswith("text/csv")
    entry = AuditEntry.objects.get(verb="people.exported")
    assert entry.facts["count"] == 1
    again = checked(staff, content, existing="overwrite", roles="file")
    refused = [row.problems for row in again.rows.all()]
    assert again.counts == {"refused": 1}, refused
    assert refused == [[["Organisation", "This is a formula. Put its result in its place."]]]
    Person.objects.filter(pk=people["wren"].pk).update(organisation="Quay")
    content = body(staff.post(page(), columns))
    assert checked(staff, content, existing="overwrite").counts == {"unchanged": 1}
    Profile.objects.filter(person=people["wren"]).update(answers={}, complete=False)
    again = checked(staff, content, existing="fill")
    assert again.counts == {"changed": 1}
    staff.post(reverse("staff:people_import_report", args=[again.pk]), {"step": "import"})
    run_jobs()
    mentor, mentee = Profile.objects.filter(person=people["wren"]).order_by("-role")
    assert mentor.answers == {**GOOD, "topics": ["lamps", "tides"]}
    assert mentee.answers == {**GOOD, "grade": "first", "topics": ["ropes"]}
    assert mentor.complete


def test_workbook_holds_texts_and_no_formulas(staff: Client, people: dict[str, Person]) -> None:
    answer = staff.post(
        page(),
        {"columns": ["organisation", "phone", "mentor:years", "mentor:page"],
         "file_format": "xlsx", "text": "alder"},
    )  # fmt: skip
    sheet = load_workbook(BytesIO(body(answer)))["People"]
    assert [cell.value for cell in sheet[2]] == [
        "=cmd()", "+44 20 7946 0000", 12, "https://lamps.example/wren",
    ]  # fmt: skip
    assert [cell.data_type for cell in sheet[2]] == ["s", "s", "n", "s"]


def test_large_file_is_made_by_a_job_and_fetched_by_its_owner(
    staff: Client, people: dict[str, Person], visit: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.people.staff.exports.AT_ONCE", 0)
    staff.post(page(), {"columns": ["email"], "file_format": "csv", "text": "alder"})
    job = run_jobs()
    assert job.message == "1 person is in the file."
    export = Export.objects.get()
    assert "Download people.csv" in staff.get(job.done_url).content.decode()
    file = reverse("staff:people_export_file", args=[export.pk])
    assert rows(staff.get(file)) == [["E-mail address"], ["wren@people.example"]]
    other = visit(someone(is_staff=True, is_superuser=True))
    assert other.get(file).status_code == 404
    Export.objects.update(made_at=now().replace(year=2020))
    clear_out()
    assert staff.get(file).status_code == 404


def test_readers_find_and_do_not_export(visit: Browser, people: dict[str, Person]) -> None:
    reader = visit(someone(is_staff=True, staff_role="reader"))
    shown = reader.get(page(), {"text": "alder"}).content.decode()
    assert "wren@people.example" in shown
    assert "As a file" not in shown
    assert reader.post(page(), {"columns": ["email"], "file_format": "csv"}).status_code == 403
    assert visit(someone(is_staff=True, staff_role="editor")).get(page()).status_code == 403
    assert not AuditEntry.objects.filter(verb="people.exported").exists()


def test_columns_that_are_not_there_are_refused(staff: Client) -> None:
    answer = staff.post(page(), {"columns": ["password"], "file_format": "csv"})
    assert answer.status_code == 422
    assert "password" not in finding.ACCOUNT_COLUMNS


def test_list_of_people_costs_the_same_for_few_and_many(
    staff: Client, django_assert_max_num_queries: Any
) -> None:
    counts = []
    for _ in range(3):
        someone("mentor")
        with django_assert_max_num_queries(200) as found:
            staff.get(page())
        counts.append(len(found))
    assert counts[-1] <= counts[0]
