"""A manager of the programme, a browser for them, and files of people."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from core.accounts.models import Person
from core.kernel import jobs
from core.kernel.models import Job, JobState
from core.people.models import Import
from tenants.models import Institute
from tests.factories.people import someone
from tests.factories.profiles import a_form_of_every_kind

Browser = Callable[..., Client]


@pytest.fixture
def visit(member_client: Any, ciltuk: Institute) -> Browser:
    """A browser in which this person is signed in, or nobody."""
    return lambda person=None: member_client(ciltuk, person)


@pytest.fixture
def manager(db: None) -> Person:
    return someone(first_name="Tilda", last_name="Ray", is_staff=True)


@pytest.fixture
def staff(visit: Browser, manager: Person) -> Client:
    return visit(manager)


@pytest.fixture
def every_kind(db: None) -> None:
    """A field of each kind, none of them needed."""
    a_form_of_every_kind(required=False)


def table(*rows: str, encoding: str = "utf-8") -> bytes:
    return "\n".join([*rows, ""]).encode(encoding)


def upload(staff: Client, content: bytes, kind: str = "accounts", name: str = "members.csv") -> Any:
    """Send a file as the form does."""
    file = SimpleUploadedFile(name, content, content_type="text/csv")
    return staff.post(reverse("staff:people_import"), {"kind": kind, "file": file})


def uploaded(staff: Client, content: bytes, kind: str = "accounts") -> Import:
    answer = upload(staff, content, kind)
    assert answer.status_code == 302, answer.content.decode()
    return Import.objects.latest("made_at")


def asked(source: Import, **changes: Any) -> dict[str, Any]:
    """The form of columns and choices as a browser sends it."""
    held = {**source.options, **changes}
    form = {name: value for name, value in held.items() if value not in (False, None)}
    form |= {f"column-{place}": target for place, target in enumerate(source.mapping)}
    return {**form, "step": "check"}


def run_jobs() -> Job:
    """Do what was ordered last; the bell does not ring within a test's transaction."""
    job = Job.objects.filter(state=JobState.WAITING).latest("created_at")
    jobs.run(job.pk)
    job.refresh_from_db()
    return job


def checked(staff: Client, content: bytes, kind: str = "accounts", **changes: Any) -> Import:
    """A file after its dry run."""
    source = uploaded(staff, content, kind)
    address = reverse("staff:people_import_file", args=[source.pk])
    answer = staff.post(address, asked(source, **changes))
    assert answer.status_code == 302, answer.content.decode()
    job = run_jobs()
    assert job.state == JobState.DONE, job.message
    source.refresh_from_db()
    return source


def pressed(staff: Client, source: Import, step: str) -> Job:
    """Import, or take back."""
    staff.post(reverse("staff:people_import_report", args=[source.pk]), {"step": step})
    job = run_jobs()
    source.refresh_from_db()
    return job


def imported(staff: Client, content: bytes, **changes: Any) -> Import:
    source = checked(staff, content, **changes)
    job = pressed(staff, source, "import")
    assert job.state == JobState.DONE, job.message
    return source
