"""A member asks to be erased; the team decides within the month (product A11)."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.models import Person
from core.kernel import clock, jobs
from core.kernel.models import Job, OutboxMail
from core.privacy.models import AskState, Erasure, ErasureRequest
from core.privacy.rules import month_after
from core.privacy.services import asking
from core.programme.queries import current
from tests.factories.mentorships import make_mentee
from tests.factories.people import browser, mails_to, path_in, sign_in, someone

pytestmark = pytest.mark.django_db


def signed_in(person: Person) -> Client:
    client = browser()
    sign_in(client, person.username)
    return client


def test_member_asks_confirms_by_mail_and_a_manager_carries_it_out() -> None:
    member = someone("mentee", first_name="Isolde", last_name="Quillfeather")
    address = member.email
    client = signed_in(member)
    page = reverse("privacy:erase")
    assert client.post(page, {}).status_code == 422
    client.post(page, {"sure": "on"})
    asked = ErasureRequest.objects.get()
    assert (asked.state, asked.due_at) == (AskState.UNCONFIRMED, None)
    link = path_in(mails_to(address)[-1])
    stranger = browser()
    assert stranger.get(link).status_code == 200
    asked.refresh_from_db()
    assert asked.state == AskState.UNCONFIRMED.value, "a look is no answer"
    stranger.post(link)
    asked.refresh_from_db()
    assert asked.is_waiting
    assert mails_to(current().contact_email)[-1].kind == "erasure_asked"
    assert b"I have changed my mind" in client.get(page).content

    manager = signed_in(someone(is_staff=True))
    staff_page = reverse("staff:erasure", args=[asked.pk])
    shown = manager.get(staff_page)
    assert b"Your account" in shown.content
    assert manager.post(staff_page, {"step": "erase"}).status_code == 422
    manager.post(staff_page, {"step": "erase", "sure": "on"})
    job = Job.objects.get()
    assert "Quillfeather" not in job.title
    assert jobs.run(job.pk)
    asked.refresh_from_db()
    assert asked.state == AskState.DONE
    receipt = Erasure.objects.get()
    assert receipt.asked_at == asked.received_at
    file = manager.get(reverse("staff:erasure_receipt", args=[receipt.pk]) + "?as=file")
    assert receipt.person_digest.encode() in file.content
    assert address.encode() not in file.content
    assert b"Quillfeather" not in manager.get(reverse("staff:erasures")).content
    assert client.get(page).status_code == 302, "signed out"
    job.refresh_from_db()
    assert receipt.number in job.message


def test_team_refuses_with_a_reason_that_the_member_reads() -> None:
    member = make_mentee()
    manager = someone(is_staff=True)
    asked = asking.enter(member, by=manager)
    client = signed_in(manager)
    page = reverse("staff:erasure", args=[asked.pk])
    client.post(page, {"step": "refuse", "reason": "A dispute is open."})
    asked.refresh_from_db()
    assert asked.state == AskState.REFUSED
    assert "> A dispute is open." in mails_to(member.email)[-1].text
    assert not asking.take_back(asked, by=member)


def test_member_takes_it_back_and_an_old_link_confirms_nothing() -> None:
    member = someone("mentee")
    client = signed_in(member)
    client.post(reverse("privacy:erase"), {"sure": "on"})
    link = path_in(mails_to(member.email)[-1])
    client.post(reverse("privacy:erase"), {"step": "take-back"})
    assert browser().post(link).status_code == 404
    assert ErasureRequest.objects.get().state == AskState.WITHDRAWN


def test_whoever_alone_runs_the_site_names_somebody_else_first() -> None:
    head = someone("mentee", is_staff=True, is_superuser=True)
    answer = signed_in(head).post(reverse("privacy:erase"), {"sure": "on"}, follow=True)
    assert b"Name somebody else first" in answer.content
    assert not ErasureRequest.objects.exists()


@pytest.mark.parametrize("role", ["coordinator", "reader", "safeguarding"])
def test_nobody_below_a_manager_erases(role: str) -> None:
    asked = asking.enter(make_mentee(), by=someone(is_staff=True))
    client = signed_in(someone(is_staff=True, staff_role=role))
    page = reverse("staff:erasure", args=[asked.pk])
    assert client.post(page, {"step": "erase", "sure": "on"}).status_code in (403, 404)
    assert not Job.objects.exists()


def test_team_is_reminded_as_the_month_runs_out() -> None:
    start = datetime(2026, 1, 31, 9, tzinfo=UTC)
    assert month_after(start) == datetime(2026, 2, 28, 9, tzinfo=UTC)
    with clock.frozen(start):
        asking.enter(make_mentee(), by=someone(is_staff=True))
    days = [0, 17, 19, 20, 28, 29, 36]
    told = []
    for day in days:
        with clock.frozen(start + timedelta(days=day)):
            told.append(asking.remind())
    assert told == [0, 0, 1, 0, 1, 0, 1]
    assert OutboxMail.objects.filter(kind="erasures_waiting", subject__startswith="Overdue").count()
