"""People on the staff site."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.models import Person
from core.kernel.models import AuditEntry
from tests.factories.people import browser, mails_to, sign_in, someone

pytestmark = pytest.mark.django_db

LIST = "/staff/accounts/person/"


def team(**fields: Any) -> tuple[Person, Client]:
    person = someone(is_staff=True, **fields)
    client = browser()
    client.force_login(person)
    return person, client


def form(person: Person, **changes: Any) -> dict[str, Any]:
    """The page's form as it was drawn, with changes; None leaves a box out."""
    names = (
        "first_name", "last_name", "email", "job_title", "organisation", "phone", "time_zone",
        "staff_role",
    )  # fmt: skip
    sent: dict[str, Any] = {name: getattr(person, name) for name in names}
    ticks = ("is_mentor", "is_mentee", "is_staff")
    sent |= {name: "on" for name in ticks if getattr(person, name)}
    sent |= changes
    return {name: value for name, value in sent.items() if value is not None}


def change(client: Client, person: Person, **changes: Any) -> Any:
    return client.post(f"{LIST}{person.pk}/change/", form(person, **changes))


def test_staff_find_people_by_name_address_and_workplace() -> None:
    someone("mentor", first_name="Quilla", organisation="Marsh Works")
    someone("mentee", first_name="Bertil")
    _team, client = team()
    for query in ("quilla", "marsh"):
        page = client.get(LIST, {"q": query}).content.decode()
        assert "Quilla" in page
        assert "Bertil" not in page


def test_list_of_people_costs_the_same_queries_however_many_there_are(
    django_assert_max_num_queries: Any,
) -> None:
    _team, client = team()
    for _ in range(30):
        someone("mentor")
    with django_assert_max_num_queries(12):
        client.get(LIST)


def test_staff_correct_a_name_and_a_role_and_leave_a_trace() -> None:
    staff, client = team()
    person = someone("mentee")
    response = change(client, person, last_name="Fenwick", is_mentor="on")
    assert response.status_code == 302
    person.refresh_from_db()
    assert (person.last_name, person.roles) == ("Fenwick", ["mentor", "mentee"])
    entry = AuditEntry.objects.get(verb="account edited", thing_id=person.pk)
    assert entry.actor_id == staff.pk


def test_staff_correct_an_address_and_both_mailboxes_stay_honest() -> None:
    _team, client = team()
    person = someone("mentee")
    old = person.email
    change(client, person, email="Right@People.Example")
    assert mails_to(old)[-1].kind == "address_changed"
    assert sign_in(browser(), "right@people.example").status_code == 302
    other = someone("mentee")
    page = change(client, other, email="RIGHT@people.example").content.decode()
    assert "Another person has this address." in page


def test_staff_close_and_open_an_account() -> None:
    _team, client = team()
    person = someone("mentee")
    page = f"{reverse('staff:deactivate')}?person={person.pk}"
    client.post(page, {"reason": "Moved away", "leave": "no"})
    assert sign_in(browser(), person.username).headers["Location"] == "/account/closed/"
    client.post(reverse("staff:reactivate", args=[person.pk]))
    assert sign_in(browser(), person.username).headers["Location"] == "/"
    verbs = AuditEntry.objects.filter(thing_id=person.pk).values_list("verb", flat=True)
    assert {"person deactivated", "person reactivated"} <= set(verbs)


def test_nobody_is_added_or_deleted_here() -> None:
    _team, client = team(is_superuser=True)
    person = someone("mentee")
    assert client.get(f"{LIST}add/").status_code == 403
    assert client.post(f"{LIST}{person.pk}/delete/", {"post": "yes"}).status_code == 403
    client.post(LIST, {"action": "delete_selected", "_selected_action": [str(person.pk)]})
    assert Person.objects.filter(pk=person.pk).exists()


def test_staff_cannot_make_staff_or_take_over_a_colleague() -> None:
    staff, client = team()
    person, colleague = someone("mentee"), someone(is_staff=True, is_superuser=True)
    change(client, person, is_staff="on", is_superuser="on")
    change(client, colleague, email="mine@people.example", is_active=None)
    client.post(f"{reverse('staff:deactivate')}?person={colleague.pk}",
                {"reason": "Mine", "leave": "yes"})  # fmt: skip
    change(client, staff, is_superuser="on")
    person.refresh_from_db()
    colleague_now = Person.objects.get(pk=colleague.pk)
    assert not person.is_staff
    assert colleague_now.email == colleague.email
    assert colleague_now.is_active
    assert not Person.objects.get(pk=staff.pk).is_superuser


def test_head_of_the_team_takes_people_in_but_cannot_lock_themselves_out() -> None:
    head, client = team(is_superuser=True)
    person = someone("mentee")
    change(client, person, is_staff="on")
    person.refresh_from_db()
    assert person.is_staff
    page = client.post(f"{reverse('staff:deactivate')}?person={head.pk}",
                       {"reason": "Tired", "leave": "yes"})  # fmt: skip
    assert page.status_code == 422
    assert Person.objects.get(pk=head.pk).is_active


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", "see http://evil.example"),
        ("phone", "call me"),
        ("time_zone", "Mars/Base"),
        ("email", "x"),
        ("is_mentee", None),
    ],
)
def test_bad_value_is_told_on_the_page(field: str, value: str | None) -> None:
    _team, client = team()
    person = someone("mentee")
    response = change(client, person, **{field: value})
    assert response.status_code == 200
    assert response.context["adminform"].form.errors


def test_members_and_strangers_do_not_get_in() -> None:
    person = someone("mentee")
    client = browser()
    client.force_login(person)
    assert client.get(LIST).status_code == 404
    assert browser().get(LIST).status_code == 302


@pytest.mark.parametrize("year", ["x", "-1", "10000", "9" * 30])
def test_year_that_is_none_leads_back_to_the_list(year: str) -> None:
    _person, client = team()
    answer = client.get(f"{LIST}?joined_at__year={year}", follow=True)
    assert (answer.status_code, answer.redirect_chain[-1][0]) == (200, f"{LIST}?e=1")
