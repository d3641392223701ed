"""What is stored about me, and the copy of it (product A12)."""

import json
import re
from datetime import timedelta
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from core.accounts.models import Person
from core.accounts.services import block
from core.diary.models import Entry
from core.feedback.models import Reply
from core.kernel import clock, jobs, personal
from core.kernel.models import AuditEntry, Job, JobState, OutboxMail
from core.kernel.personal import Kind
from core.messaging.models import Attachment, Conversation, Draft, Message
from core.privacy.models import Export
from core.privacy.queries import copying as copies
from core.privacy.queries import stored
from core.privacy.queries.erasing import accounts_of
from core.privacy.services import copying
from core.privacy.tasks import sweep_copies
from core.programme.models import Edition
from tenants.models import Institute
from tests.core.privacy.traces import MARK, fill_about
from tests.factories.people import someone

pytestmark = pytest.mark.django_db


@pytest.fixture
def member() -> Person:
    return someone(first_name="Ama", last_name="Owusu", is_mentee=True)


@pytest.fixture
def made(member: Person, django_capture_on_commit_callbacks: Any) -> Any:
    """A way to order a copy and have it made at once."""

    def make(person: Person = member, by: Person | None = None) -> dict[str, Any]:
        with django_capture_on_commit_callbacks(execute=True):
            copying.order(person, by=by or person, asked_how="letter" if by else "")
        return document_of(opened(Export.objects.get(person=person)))

    return make


def opened(export: Export) -> ZipFile:
    with default_storage.open(export.stored_as) as file:
        return ZipFile(BytesIO(file.read()))


def document_of(archive: ZipFile) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(archive.read("data.json"))
    return document


def rows_of(document: dict[str, Any], label: str) -> list[dict[str, Any]]:
    return next((one["rows"] for one in document["tables"] if one["table"] == label), [])


def test_member_sees_and_gets_every_row_of_the_map_about_them_and_no_secret(
    made: Any, member_client: Any, ciltuk: Institute
) -> None:
    person = fill_about()
    document = made(person)
    assert document["schema"] == "ithaca-personal-data"
    assert document["version"] == 1
    there = {one["table"]: one for one in document["tables"]}
    for kept in stored.about_people():
        found = personal.rows_of(kept, *accounts_of(person))
        shown = found.filter(kept.shown).count() if kept.shown else found.count()
        made_since = {"privacy.Export", "kernel.Job", "kernel.OutboxMail", "kernel.AuditEntry"}
        if found.exists() and kept.label not in made_since:
            assert len(there[kept.label]["rows"]) == shown, kept.label
            assert there[kept.label]["hidden"]["rows"] == found.count() - shown, kept.label
    assert len(there) > 50
    for table in document["tables"]:
        kept = personal.kept_as(table["table"])
        never = {*kept.of_kind(Kind.SECRET), *kept.withheld, *kept.unseen}
        assert never.isdisjoint(table["fields"]), table["table"]
        assert all(never.isdisjoint(row) for row in table["rows"]), table["table"]
    assert person.password not in json.dumps(document)
    page = member_client(ciltuk, person).get(reverse("privacy:data"))
    said = page.content.decode().split("<h1>")[1].split("</main>")[0]
    assert "Your diary" in said
    assert "What for" in said
    assert "{" not in said
    assert MARK not in said


def test_copy_is_read_as_pdf_and_brings_the_files_that_the_member_sent(
    made: Any, member: Person
) -> None:
    other = someone(first_name="Ben", last_name="Hart")
    first, second = sorted((member, other), key=lambda one: one.pk)
    talk = Conversation.objects.create(first=first, second=second)
    for number, (sender, name) in enumerate([(member, "notes.pdf"), (other, "theirs.pdf")], 1):
        message = Message.objects.create(
            conversation=talk, number=number, sender=sender, text=f"words {number}"
        )
        stored_as = default_storage.save(f"attachments/{name}", BytesIO(name.encode()))
        Attachment.objects.create(
            message=message, order=1, name=name, stored_as=stored_as, kind="document",
            content_type="application/pdf", size=9,
        )  # fmt: skip
    survey = Edition.objects.filter(kind="survey", key="completion")[0]
    question = next(one for one in survey.document["questions"] if one["kind"] == "scale")
    Reply.objects.create(
        survey=survey, role="mentee", respondent=member.pk, answers={question["key"]: 1}
    )
    document = made()
    archive = opened(Export.objects.get())
    pages = PdfReader(BytesIO(archive.read("my-data.pdf"))).pages
    said = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert "Contents" in said
    assert re.search(
        r"With Ben Hart You \d+ \w+ \d{4}, \d\d:\d\d words 1 Ben Hart .* words 2", said
    )
    assert f"1 of 5 ({question['low']})" in said
    asked = rows_of(document, "feedback.Reply")[0]["asked"]["answers"][question["key"]]
    assert asked["label"] == question["label"]
    assert rows_of(document, "messaging.Attachment")[0]["with"][0]["name"] == "Ben Hart"
    files = [name for name in archive.namelist() if name.startswith("files/")]
    assert len(files) == 1
    assert archive.read(files[0]) == b"notes.pdf"
    assert rows_of(document, "messaging.Attachment")[0]["stored_as"] == files[0]
    senders = [row["sender"] for row in rows_of(document, "messaging.Message")]
    assert [one.get("name") for one in senders] == [None, "Ben Hart"]


def test_copy_never_tells_who_blocked_the_member_or_writes_to_them(
    made: Any, member: Person
) -> None:
    other = someone(first_name="Zacharias", last_name="Quill")
    block(member, by=other)
    Draft.objects.create(writer=other, reader=member, text="unsaid words")
    Entry.objects.create(writer=other, written_on="2031-05-01", title="t", text="unsaid words")
    said = json.dumps(made())
    assert "Zacharias" not in said
    assert "unsaid" not in said
    assert str(other.pk) not in said
    assert "person blocked" not in said


def test_asking_costs_the_same_however_much_there_is(made: Any, member: Person) -> None:
    kept, names = personal.kept_as("diary.Entry"), copies.Names([member])
    for title in ("one", "two", "three"):
        Entry.objects.create(writer=member, written_on="2031-05-01", title=title, text="words")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert len(list(copies.given(kept, names))) == 3
    assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        counts = stored.counted(member)
    assert len(asked) == 1
    assert (counts["diary.Entry"].rows, counts["diary.Entry"].shown) == (3, 3)
    assert counts["diary.Entry"].first == clock.now().date()
    assert "goals.Goal" not in counts


def test_only_the_member_fetches_it_and_is_asked_who_they_are(
    made: Any, member: Person, member_client: Any, ciltuk: Institute, guided: Institute, inside: Any
) -> None:
    made()
    export = Export.objects.get()
    page = reverse("privacy:copy_file", args=[export.pk])
    client: Client = member_client(ciltuk, member)
    answer = client.get(page)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "application/zip"
    assert "attachment" in answer["Content-Disposition"]
    assert answer.getvalue()[:2] == b"PK"
    export.refresh_from_db()
    assert export.fetched_at is not None
    assert AuditEntry.objects.filter(verb="data copy fetched", actor_id=member.pk).exists()
    manager = someone(is_staff=True, is_superuser=True)
    assert member_client(ciltuk, manager).get(page).status_code == 404
    with inside(guided):
        stranger = someone()
        assert member_client(guided, stranger).get(page).status_code == 404
    with clock.frozen(clock.now() + timedelta(minutes=30)):
        again = client.get(page)
    assert again.status_code == 302
    assert reverse("security:again") in again["Location"]


def test_member_orders_it_on_the_page_and_is_told_by_mail(
    member: Person, member_client: Any, ciltuk: Institute, django_capture_on_commit_callbacks: Any
) -> None:
    client: Client = member_client(ciltuk, member)
    page = reverse("privacy:copy")
    assert "Make a copy" in client.get(page).content.decode()
    answer = client.post(page)
    assert answer.status_code == 302
    client.post(page)
    job = Job.objects.get(kind=copies.KIND)
    assert "We are putting it together" in client.get(page).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert jobs.run(job.pk)
    said = client.get(page).content.decode()
    export = Export.objects.get()
    assert reverse("privacy:copy_file", args=[export.pk]) in said
    mail = OutboxMail.objects.get(kind="data_copy_ready")
    assert mail.to_address == member.email
    assert page in mail.text


def test_a_second_copy_takes_the_place_of_the_first_and_a_week_later_it_is_gone(
    made: Any, member: Person, django_capture_on_commit_callbacks: Any
) -> None:
    made()
    first = Export.objects.get()
    made()
    second = Export.objects.get()
    assert second.pk != first.pk
    assert not default_storage.exists(first.stored_as)
    with (
        clock.frozen(second.made_at + timedelta(days=7, minutes=1)),
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert sweep_copies() == 1
    assert not Export.objects.exists()
    assert not default_storage.exists(second.stored_as)


def test_after_a_week_nobody_fetches_what_the_sweep_has_not_reached(
    made: Any, member: Person, member_client: Any, ciltuk: Institute
) -> None:
    made()
    Export.objects.update(expires_at=clock.now())
    page = reverse("privacy:copy_file", args=[Export.objects.get().pk])
    assert member_client(ciltuk, member).get(page).status_code == 404


def test_manager_has_a_copy_made_that_only_the_member_opens(
    member: Person, member_client: Any, ciltuk: Institute, django_capture_on_commit_callbacks: Any
) -> None:
    manager = someone(is_staff=True, staff_role="manager")
    coordinator = someone(is_staff=True, staff_role="coordinator")
    page = reverse("staff:data_copy", args=[member.pk])
    client = member_client(ciltuk, manager)
    assert client.post(page, {"how": ""}).status_code == 422
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(page, {"how": "Letter of 3 March"}).status_code == 302
    assert AuditEntry.objects.get(verb="data copy ordered").facts == {"how": "Letter of 3 March"}
    export = Export.objects.get()
    assert export.person_id == member.pk
    assert "They have not fetched it yet" in client.get(page).content.decode()
    file = reverse("privacy:copy_file", args=[export.pk])
    assert client.get(file).status_code == 404
    assert "because you asked for it" in OutboxMail.objects.get(kind="data_copy_ready").text
    refused = member_client(ciltuk, coordinator).post(page, {"how": "Letter"})
    assert refused.status_code in (403, 404)


def test_closed_account_gets_no_copy(member: Person, member_client: Any, ciltuk: Institute) -> None:
    manager = someone(is_staff=True, staff_role="manager")
    Person.objects.filter(pk=member.pk).update(is_active=False)
    page = reverse("staff:data_copy", args=[member.pk])
    answer = member_client(ciltuk, manager).post(page, {"how": "Letter"}, follow=True)
    assert "nobody could fetch the copy" in answer.content.decode()
    assert not Job.objects.filter(kind=copies.KIND).exists()


def test_copy_whose_account_closed_meanwhile_is_not_made(member: Person) -> None:
    job = copying.order(member, by=member)
    Person.objects.filter(pk=member.pk).update(is_active=False)
    assert not jobs.run(job.pk)
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert not Export.objects.exists()


def test_every_text_of_the_map_can_be_said(member: Person) -> None:
    nouns = stored.placeholders()
    for kept in stored.about_people():
        line = stored.line_of(kept, stored.Found(2, 1), {}, nouns)
        assert line.title
        assert line.how_long
        assert copies.columns_of(kept) is not None
