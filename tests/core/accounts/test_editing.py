"""Edit Account and the two roles (product A7, A8)."""

from typing import Any

import pytest
from django.test import Client

from core.accounts import services
from core.accounts.events import AccountEdited
from core.accounts.models import Person
from core.kernel import events
from core.kernel.errors import RuleBroken
from core.kernel.models import AuditEntry
from tests.factories.people import browser, sign_in, someone

pytestmark = pytest.mark.django_db


def signed_in(*roles: str, **fields: Any) -> tuple[Person, Client]:
    person = someone(*roles, **fields)
    client = browser()
    sign_in(client, person.username)
    return person, client


def account(person: Person, **changes: Any) -> dict[str, Any]:
    """The form as it was drawn, with changes; None leaves a box out."""
    sent: dict[str, Any] = {name: getattr(person, name) for name in services.EDITABLE}
    sent |= {f"is_{role}": "on" for role in person.roles}
    sent |= changes
    return {name: value for name, value in sent.items() if value is not None}


def save(client: Client, person: Person, **changes: Any) -> Any:
    return client.post("/account/edit/", account(person, **changes))


def test_member_changes_name_workplace_telephone_and_zone() -> None:
    person, client = signed_in("mentee")
    changes = {
        "first_name": "  Imogen   Ay ",
        "last_name": "O’Dell-Zürn",
        "job_title": "Head of Rail (interim)",
        "organisation": "Fen & Marsh Ltd.",
        "phone": "+44 (0)20 7946-0000",
        "time_zone": "Asia/Kolkata",
    }
    response = client.post("/account/edit/", account(person, **changes), follow=True)
    assert "Your account is saved." in response.content.decode()
    person.refresh_from_db()
    assert person.first_name == "Imogen Ay"
    assert {name: getattr(person, name) for name in changes} == {
        **changes,
        "first_name": "Imogen Ay",
    }
    entry = AuditEntry.objects.get(verb="account edited")
    assert sorted(changes) == entry.facts["fields"]
    assert "Imogen" not in str(entry.facts)


def test_ticking_a_second_role_opens_its_profile() -> None:
    person, client = signed_in("mentee")
    response = save(client, person, is_mentor="on")
    assert response.headers["Location"] == "/profile/"
    person.refresh_from_db()
    assert person.roles == ["mentor", "mentee"]
    assert "as a mentor" in client.get("/profile/").content.decode()


def test_member_must_keep_a_role_but_staff_need_none() -> None:
    person, client = signed_in("mentee")
    response = save(client, person, is_mentee=None)
    assert response.status_code == 422
    assert "Choose at least one" in response.content.decode()
    team, theirs = signed_in(is_staff=True)
    assert save(theirs, team, job_title="Coordinator").status_code == 302


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("first_name", ""),
        ("first_name", "x" * 81),
        ("last_name", "see http://evil.example"),
        ("last_name", "a\x00b"),
        ("job_title", "<script>alert(1)</script>"),
        ("organisation", "w" * 161),
        ("phone", "call me"),
        ("phone", "javascript:alert(1)"),
        ("time_zone", "Mars/Base"),
        ("time_zone", "../../etc/passwd"),
        ("time_zone", ""),
    ],
)
def test_bad_value_is_told_beside_its_field_and_nothing_is_saved(field: str, value: str) -> None:
    person, client = signed_in("mentee")
    response = save(client, person, **{"job_title": "Kept", field: value})
    assert response.status_code == 422
    assert field in response.context["form"].errors
    person.refresh_from_db()
    assert person.job_title == ""
    if field != "job_title":
        assert 'value="Kept"' in response.content.decode()


def test_saving_nothing_new_tells_nobody() -> None:
    person, client = signed_in("mentee")
    save(client, person)
    assert not AuditEntry.objects.filter(verb="account edited").exists()


def test_rule_of_another_part_stops_the_change_with_its_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuses(event: AccountEdited) -> None:
        raise RuleBroken("Somebody is waiting for you as a mentor.")

    monkeypatch.setitem(events._receivers, AccountEdited, [refuses])
    person, client = signed_in("mentor", "mentee")
    response = save(client, person, is_mentor=None)
    assert response.status_code == 422
    assert "Somebody is waiting for you as a mentor." in response.content.decode()
    person.refresh_from_db()
    assert person.is_mentor


def test_member_with_both_roles_chooses_one_at_each_sign_in() -> None:
    person, client = signed_in("mentor", "mentee")
    for role in ("mentee", "mentor"):
        fresh = browser()
        response = sign_in(fresh, person.username, next="/profile/preview/")
        assert response.headers["Location"] == "/account/role/?next=%2Fprofile%2Fpreview%2F"
        page = fresh.get(response.headers["Location"]).content.decode()
        assert "Which account would you like to use?" in page
        assert fresh.get("/profile/").headers["Location"].startswith("/account/role/")
        chosen = fresh.post("/account/role/", {"role": role, "next": "/profile/preview/"})
        assert chosen.headers["Location"] == "/profile/preview/"
        assert f"as a {role}" in fresh.get("/profile/").content.decode()
    sign_in(client, person.username)


def test_choice_does_not_outlive_the_session() -> None:
    person, client = signed_in("mentor", "mentee")
    client.post("/account/role/", {"role": "mentor"})
    assert client.get("/").headers["Location"] != "/account/role/"
    client.post("/account/logout/")
    sign_in(client, person.username)
    assert client.get("/").headers["Location"] == "/account/role/"


def test_member_switches_at_the_top_of_any_page() -> None:
    _person, client = signed_in("mentor", "mentee")
    client.post("/account/role/", {"role": "mentor"})
    page = client.get("/account/edit/").content.decode()
    assert "Switch to mentee" in page
    client.post("/account/role/", {"role": "mentee"})
    assert "Switch to mentor" in client.get("/account/edit/").content.decode()


@pytest.mark.parametrize("role", ["mentor", "staff", "", "\x00", "mentee' or 1=1"])
def test_role_that_one_has_not_cannot_be_chosen(role: str) -> None:
    _person, client = signed_in("mentee")
    client.post("/account/role/", {"role": role})
    assert "as a mentee" in client.get("/profile/").content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:x"])
def test_choosing_a_role_leads_only_within_the_site(target: str) -> None:
    _person, client = signed_in("mentor", "mentee")
    response = client.post("/account/role/", {"role": "mentor", "next": target})
    assert response.headers["Location"] == "/"


def test_person_who_lost_the_role_in_force_is_moved_to_the_other() -> None:
    person, client = signed_in("mentor", "mentee")
    client.post("/account/role/", {"role": "mentor"})
    Person.objects.filter(pk=person.pk).update(is_mentor=False)
    assert "as a mentee" in client.get("/profile/").content.decode()
    Person.objects.filter(pk=person.pk).update(is_mentor=True)
    assert client.get("/").headers["Location"] == "/account/role/"


def test_member_without_a_role_is_asked_to_tick_one() -> None:
    person, client = signed_in("mentee")
    Person.objects.filter(pk=person.pk).update(is_mentee=False)
    response = client.get("/profile/", follow=True)
    assert response.redirect_chain[-1][0] == "/account/edit/"
    assert "Tick what you want to be" in response.content.decode()


def test_front_page_greets_strangers_and_leads_members_to_their_next_step() -> None:
    page = browser().get("/").content.decode()
    assert 'action="/account/login/"' in page
    _person, client = signed_in("mentee")
    assert client.get("/").headers["Location"] == "/profile/"
    _team, theirs = signed_in(is_staff=True)
    assert theirs.get("/").headers["Location"] == "/staff/"


@pytest.mark.parametrize("path", ["/account/edit/", "/account/role/", "/profile/"])
def test_stranger_is_sent_to_sign_in_and_back(path: str) -> None:
    response = browser().get(path)
    assert response.headers["Location"] == f"/account/login/?next={path}"


def test_pages_of_accounts_are_never_kept_by_the_browser() -> None:
    _person, client = signed_in("mentee")
    for path in ("/account/edit/", "/profile/"):
        assert "no-store" in client.get(path).headers["Cache-Control"]
