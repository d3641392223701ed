"""Operators read the mails of a demo, and every reading is written down."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.accounts.models import Person
from core.kernel.ids import new_id
from core.kernel.models import OutboxMail
from tenants.context import tenant_context
from tenants.models import Institute
from tests.console.steps import audit_of, of_mails, text_of

pytestmark = pytest.mark.django_db


def test_reading_mails_is_written_into_the_institutes_own_trail(
    console: Client, operator: Person, ciltuk: Institute, guided: Institute, mail: OutboxMail
) -> None:
    assert "Somebody asks for your help" in text_of(console, "/institutes/ciltuk/mails/")
    page = text_of(console, f"/institutes/ciltuk/mails/{mail.pk}/")
    assert "silas@people.example" in page
    assert "please &lt;b&gt;" in page
    entries = audit_of(ciltuk)
    assert [entry.verb for entry in entries] == ["operator.listed_mails", "operator.read_mail"]
    assert {entry.actor_name for entry in entries} == {"Odile Marram (platform operator)"}
    assert {entry.actor_id for entry in entries} == {operator.pk}
    assert audit_of(guided) == []


def test_a_mail_is_shown_in_a_sealed_frame(console: Client, mail: OutboxMail) -> None:
    whole = console.get(f"/institutes/ciltuk/mails/{mail.pk}/")
    page = whole.content.decode()
    frame = re.search(r"<iframe[^>]*>", page)
    assert frame
    assert "allow-scripts" not in frame.group()
    assert "allow-same-origin" not in frame.group()
    assert "<script>alert" not in page
    assert "frame-src 'self'" in whole["Content-Security-Policy"]
    body = console.get(f"/institutes/ciltuk/mails/{mail.pk}/body/")
    policy = body["Content-Security-Policy"]
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert body["X-Frame-Options"] == "SAMEORIGIN"


def test_mails_are_found_by_addressee(console: Client, mail: OutboxMail) -> None:
    assert mail.subject in text_of(console, "/institutes/ciltuk/mails/", q="silas@")
    assert mail.subject not in text_of(console, "/institutes/ciltuk/mails/", q="zzz")


def test_a_mail_of_one_institute_is_not_found_under_another(
    console: Client, mail: OutboxMail, guided: Institute
) -> None:
    assert console.get(f"/institutes/guided/mails/{mail.pk}/").status_code == 404
    assert console.get(f"/institutes/guided/mails/{mail.pk}/body/").status_code == 404
    assert console.get(f"/institutes/nobody/mails/{mail.pk}/").status_code == 404


def test_mails_cannot_be_read_where_the_setting_forbids_it(
    console: Client, ciltuk: Institute, mail: OutboxMail, settings: Any
) -> None:
    settings.CONSOLE_READS_MAILS = False
    for path in of_mails("ciltuk", mail.pk):
        assert console.get(path).status_code == 404
    assert "/mails/" not in text_of(console, "/")
    assert audit_of(ciltuk) == []


def test_the_mails_cost_the_same_for_one_and_for_thirty(
    console: Client, ciltuk: Institute, mail: OutboxMail
) -> None:
    def cost() -> int:
        console.get("/institutes/ciltuk/mails/")
        with CaptureQueriesContext(connection) as seen:
            console.get("/institutes/ciltuk/mails/")
        return len(seen)

    few = cost()
    with tenant_context(ciltuk):
        for _ in range(30):
            key = new_id()
            OutboxMail.objects.create(
                id=key,
                kind="note",
                to_address="silas@people.example",
                from_address="team@lantern.example",
                subject="Again",
                text="",
                html="",
                message_id=f"<{key}@lantern.example>",
            )
    assert cost() == few
