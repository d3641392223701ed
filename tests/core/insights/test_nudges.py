"""A kindly word to those who are waited for: once in three days, noted, and to nobody else."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client

from core.accounts.models import Person
from core.insights import services
from core.insights.errors import AlreadyNudged, NothingToNudge
from core.insights.models import Nudge
from core.kernel import clock
from core.kernel.models import AuditEntry, OutboxMail
from core.mentorships.models import Mentorship
from core.mentorships.states import State
from tenants.context import tenant_context
from tenants.models import Institute
from tests.factories.mentorships import make_mentor, make_mentorship, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("programme", "nobody_waits")]

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)


@pytest.fixture
def nobody_waits(ciltuk: Institute) -> None:
    Mentorship.objects.update(state=State.WITHDRAWN.value)
    OutboxMail.objects.all().delete()


def waiting(days: float = 8, **fields: Any) -> Mentorship:
    since = NOW - timedelta(days=days)
    return make_mentorship(sent_at=since, waiting_since=since, **fields)


def mails() -> list[OutboxMail]:
    return list(OutboxMail.objects.filter(kind="nudge").order_by("created_at"))


def test_a_nudge_is_a_mail_to_the_mentor_noted_in_the_trail(colleague: Person) -> None:
    pair = waiting(mentor=make_mentor("Silas Wherry"), area_label="Tides & <lamps>")
    with clock.frozen(NOW):
        assert services.nudge(pair.pk, by=colleague) == pair.mentor
    (mail,) = mails()
    assert mail.to_address == pair.mentor.email
    assert mail.subject == f"{pair.mentee.full_name} hopes to hear from you"
    assert "waiting since 2 March" in mail.text
    assert "(Tides & <lamps>)" in mail.text
    assert "<lamps>" not in mail.html
    assert str(pair.pk) in mail.text
    assert pair.mentee.email not in mail.text + mail.html, "contact details open on acceptance"
    entry = AuditEntry.objects.get(verb="answer asked for")
    assert (entry.actor_id, entry.thing_id) == (colleague.pk, str(pair.pk))


def test_the_same_ask_is_nudged_again_after_three_days(colleague: Person) -> None:
    pair = waiting()
    with clock.frozen(NOW):
        services.nudge(pair.pk, by=colleague)
    with clock.frozen(NOW + timedelta(days=2, hours=23)), pytest.raises(AlreadyNudged):
        services.nudge(pair.pk, by=colleague)
    with clock.frozen(NOW + timedelta(days=3, seconds=1)):
        services.nudge(pair.pk, by=colleague)
    assert len(mails()) == 2


def test_the_mentee_is_nudged_when_the_mentor_waits_for_changes(colleague: Person) -> None:
    pair = waiting(state=State.CHANGES_ASKED)
    with clock.frozen(NOW):
        assert services.nudge(pair.pk, by=colleague) == pair.mentee
    assert "asked you for a change" in mails()[0].text


@pytest.mark.parametrize("state", [State.ACTIVE, State.DECLINED, State.ENDED, State.LAPSED])
def test_what_is_answered_nudges_nobody(state: State, colleague: Person) -> None:
    with pytest.raises(NothingToNudge):
        services.nudge(waiting(state=state).pk, by=colleague)
    with pytest.raises(NothingToNudge):
        services.nudge(uuid4(), by=colleague)
    assert not mails()


def test_whoever_has_left_is_not_written_to(colleague: Person) -> None:
    pair = waiting()
    Person.objects.filter(pk=pair.mentor_id).update(is_active=False)
    with clock.frozen(NOW), pytest.raises(NothingToNudge):
        services.nudge(pair.pk, by=colleague)
    with clock.frozen(NOW):
        assert services.nudge_all(colleague) == 0
    assert not mails()


def test_all_who_are_silent_get_one_mail_each(colleague: Person) -> None:
    busy = make_mentor("Silas Wherry")
    first, second = waiting(9, mentor=busy), waiting(8, mentor=busy)
    waiting(20)
    waiting(6)
    waiting(20, paused_at=NOW)
    waiting(20, state=State.CHANGES_ASKED)
    with clock.frozen(NOW):
        assert services.nudge_all(colleague) == 2
        assert services.nudge_all(colleague) == 0
    (both,) = (mail for mail in mails() if mail.to_address == busy.email)
    assert both.subject == "2 people hope to hear from you"
    assert both.text.index(first.mentee.full_name) < both.text.index(second.mentee.full_name)
    assert Nudge.objects.count() == 3
    assert AuditEntry.objects.filter(verb="answer asked for").count() == 3


def test_nudging_all_costs_the_same_for_few_and_many_asks(
    colleague: Person, django_assert_num_queries: Callable[[int], Any]
) -> None:
    from django.test.utils import CaptureQueriesContext

    def cost() -> int:
        Nudge.objects.all().delete()
        with clock.frozen(NOW), CaptureQueriesContext(connection) as seen:
            services.nudge_all(colleague)
        return len(seen)

    waiting()
    cost()
    few = cost()
    for _ in range(4):
        waiting()
    assert cost() == few


def test_staff_press_the_button_and_come_back_to_it(staff: Client) -> None:
    pair = waiting(mentor=make_mentor("Silas Wherry"))
    with clock.frozen(NOW):
        page = staff.get("/staff/figures/silent/").content.decode()
        assert f"/staff/nudges/{pair.pk}/" in page
        back = "/staff/figures/silent/?page=1"
        answer = staff.post(f"/staff/nudges/{pair.pk}/", {"next": back}, follow=True)
        assert answer.redirect_chain == [(back, 302)]
        assert "A kind word is on its way to Silas Wherry." in answer.content.decode()
        assert "Nudged on 10 March" in answer.content.decode()
        assert f"/staff/nudges/{pair.pk}/" not in answer.content.decode()
        again = staff.post(f"/staff/nudges/{pair.pk}/", follow=True)
        assert "less than 3 days ago" in again.content.decode()
        everybody = staff.post("/staff/nudges/", follow=True)
        assert "reminded in the last three days" in everybody.content.decode()
    assert len(mails()) == 1


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "/staff/../x", "/a"])
def test_a_button_leads_nowhere_else(wanted: str, staff: Client) -> None:
    answer = staff.post("/staff/nudges/", {"next": wanted})
    assert answer["Location"] in ("/staff/", "/staff/../x")


def test_a_look_is_no_nudge(staff: Client) -> None:
    pair = waiting()
    assert staff.get(f"/staff/nudges/{pair.pk}/").status_code == 405
    assert staff.get("/staff/nudges/").status_code == 405


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_send_one_mail(ciltuk: Institute) -> None:
    since = clock.now() - timedelta(days=8)
    pair = make_mentorship(sent_at=since, waiting_since=since)
    staff = make_person("Tamsin Orrery", is_staff=True)
    start = threading.Barrier(4)
    refused: list[str] = []

    def press() -> None:
        try:
            with tenant_context(ciltuk):
                start.wait(20)
                services.nudge(pair.pk, by=staff)
        except AlreadyNudged as error:
            refused.append(str(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(refused) == 3
    assert OutboxMail.objects.filter(kind="nudge", to_address=pair.mentor.email).count() == 1
