"""The team closes accounts, one or many, for a reason; and narrows the list of people down."""

from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from core.accounts import services
from core.accounts.models import Person
from core.kernel import audit, clock
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.kernel.models import AuditEntry
from core.mentorships.states import State
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship, make_profile
from tests.factories.people import browser, mails_to, someone

pytestmark = pytest.mark.django_db

LIST = "/staff/accounts/person/"


def team(**fields: Any) -> tuple[Person, Client]:
    person = someone(is_staff=True, **fields)
    client = browser()
    client.force_login(person)
    return person, client


def close(client: Client, *people: Person, reason: str = "Moved away", leave: str = "yes") -> Any:
    query = "&".join(f"person={one.pk}" for one in people)
    page = f"{reverse('staff:deactivate')}?{query}"
    return client.post(page, {"reason": reason, "leave": leave})


def test_closing_ends_what_is_open_and_partners_are_told_as_when_somebody_leaves() -> None:
    staff, client = team()
    mentor, mentee = make_mentor(), make_mentee()
    relationship = make_mentorship(mentor=mentor, mentee=mentee, state=State.ACTIVE)
    close(client, mentee, reason="Broke the code of conduct")
    relationship.refresh_from_db()
    assert relationship.state == State.ENDED
    assert mails_to(mentee.email) == []
    told = " ".join(mail.text for mail in mails_to(mentor.email))
    assert mentee.full_name in told
    assert "code of conduct" not in told
    ended = AuditEntry.objects.get(verb="mentorship ended")
    assert (ended.actor_id, ended.behind_id) == (mentee.pk, staff.pk)
    entry = AuditEntry.objects.get(verb="person deactivated")
    assert (entry.actor_id, entry.facts["reason"]) == (staff.pk, "Broke the code of conduct")


def test_closing_for_a_while_leaves_relationships_as_they_are_and_sessions_end() -> None:
    _staff, client = team()
    mentee = make_mentee()
    relationship = make_mentorship(mentee=mentee, state=State.ACTIVE)
    member = browser()
    member.force_login(mentee)
    close(client, mentee, leave="no")
    relationship.refresh_from_db()
    assert relationship.state == State.ACTIVE
    assert member.get(reverse("accounts:edit")).status_code == 302
    mentee.refresh_from_db()
    assert (mentee.closed_at is not None, mentee.closed_by_owner) == (True, False)
    services.set_active(mentee, True, by=_staff)
    mentee.refresh_from_db()
    assert (mentee.closed_at, mentee.is_active) == (None, True)
    assert member.get(reverse("accounts:edit")).status_code == 302  # what was open stays ended


def test_many_are_closed_from_the_list_all_or_none() -> None:
    _staff, client = team()
    one, two, colleague = someone("mentee"), someone("mentor"), someone("mentor", is_staff=True)
    chosen = [str(one.pk), str(two.pk)]
    led = client.post(LIST, {"action": "close_accounts", "_selected_action": chosen})
    assert led.headers["Location"].startswith(reverse("staff:deactivate"))
    assert "Close the account of 2 people" in client.get(led.headers["Location"]).content.decode()
    assert close(client, one, two, colleague).status_code == 422
    assert Person.objects.filter(pk__in=(one.pk, two.pk), is_active=True).count() == 2
    assert close(client, one, two).headers["Location"] == LIST
    assert Person.objects.filter(pk__in=(one.pk, two.pk), is_active=False).count() == 2


@pytest.mark.parametrize(("reason", "leave"), [(" ", "yes"), ("Why", ""), ("x" * 301, "yes")])
def test_closing_needs_a_reason_and_a_choice(reason: str, leave: str) -> None:
    _staff, client = team()
    person = someone("mentee")
    assert close(client, person, reason=reason, leave=leave).status_code == 422
    person.refresh_from_db()
    assert person.is_active


def test_nobody_closes_their_own_account_or_the_last_heads_this_way() -> None:
    head, client = team(is_superuser=True)
    assert close(client, head).status_code == 422
    with pytest.raises(RuleBroken, match="only one who runs"):
        services.deactivate([head], reason="No", leave=True, by=someone(is_superuser=True,
                                                                      is_active=False))  # fmt: skip
    for query in ("", "?person=nonsense", f"?person={head.pk}x"):
        assert client.get(reverse("staff:deactivate") + query).status_code == 302


def test_persons_page_leads_on_as_far_as_one_may() -> None:
    person = someone("mentee")
    page = f"{LIST}{person.pk}/change/"
    _staff, manager = team()
    full = manager.get(page).content.decode()
    ways = ("Sign in as this person", "Close the account", "Merge with another", "Relationships")
    for words in ways:
        assert words in full
    _reader, reader = team(staff_role="reader")
    less = reader.get(page).content.decode()
    assert "Relationships" in less
    assert "Sign in as this person" not in less
    assert "Close the account" not in less
    services.set_active(person, False, by=_staff)
    assert "Open the account again" in manager.get(page).content.decode()


def test_each_filter_of_the_list_leaves_whom_it_says() -> None:
    _staff, client = team(first_name="Tessa", last_login=now())
    people = {
        "Mentora": someone("mentor", last_login=now() - timedelta(days=100)),
        "Menteela": someone("mentee", last_login=now() - timedelta(days=20)),
        "Bothwin": someone("mentor", "mentee"),
        "Gonely": someone("mentee", is_active=False),
        "Leftly": someone("mentee", is_active=False, closed_at=now(), closed_by_owner=True),
    }
    for name, person in people.items():
        Person.objects.filter(pk=person.pk).update(first_name=name)
    make_profile(people["Bothwin"], "mentor")
    make_profile(people["Bothwin"], "mentee")
    for query, expected in (
        ("role=mentor", {"Mentora", "Bothwin"}),
        ("role=both", {"Bothwin"}),
        ("account=team", {"Gonely"}),
        ("account=own", {"Leftly"}),
        ("account=open", {"Mentora", "Menteela", "Bothwin"}),
        ("team=yes", set()),
        ("team=manager", set()),
        ("profile=complete", {"Bothwin"}),
        ("profile=incomplete", {"Mentora", "Menteela", "Gonely", "Leftly"}),
        ("seen=month", {"Menteela"}),
        ("seen=quarter", {"Mentora"}),
        ("seen=never", {"Bothwin", "Gonely", "Leftly"}),
    ):
        page = client.get(f"{LIST}?{query}").content.decode()
        assert {name for name in people if name in page} == expected, query


def test_accounts_closed_before_there_was_a_date_get_the_best_that_is_known() -> None:
    day = now() - timedelta(days=400)
    told, seen, left, back = (
        someone("mentee", is_active=False, joined_at=day - timedelta(days=9)) for _ in range(4)
    )
    with clock.frozen(day):
        audit.record("person deactivated", thing=told, by=seen)
    Person.objects.filter(pk=seen.pk).update(last_login=day - timedelta(days=2))
    Person.objects.filter(pk__in=(left.pk, back.pk)).update(closed_at=day)
    Person.objects.filter(pk=back.pk).update(is_active=True)
    with connection.cursor() as cursor:
        cursor.execute(import_module("core.accounts.migrations.0008_closed_by_all").SORT)
    rows = Person.objects.in_bulk([told.pk, seen.pk, left.pk, back.pk])
    assert [rows[one.pk].closed_at for one in (told, seen, left, back)] == [
        day, day - timedelta(days=2), day, None,
    ]  # fmt: skip
    assert [one.pk for one in rows.values() if one.closed_by_owner] == [left.pk]
    assert rows[back.pk].last_closed_at == day
