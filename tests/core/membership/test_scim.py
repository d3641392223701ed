"""SCIM 2.0: the society's system keeps accounts here, each institute behind tokens of its own."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server

from core.accounts.models import Person
from core.kernel.models import AuditEntry
from core.kernel.ports import current_site
from core.membership import services
from core.membership.errors import AccountClosed
from core.membership.models import Member, Token
from core.membership.rules import Record
from core.membership.rules.scim import MEMBER, ScimRefused, patched, read_filter
from tenants.models import Institute
from tests.core.membership.conftest import rules
from tests.factories.people import browser, someone

pytestmark = pytest.mark.django_db
Inside = Callable[..., Any]


class System:
    """The society's system at our door."""

    def __init__(self) -> None:
        self.client = browser()
        self.token, self.text = services.make_token("Members", by=someone(is_staff=True))

    def ask(self, method: str, path: str, body: Any = None, token: str | None = None) -> Any:
        text = self.text if token is None else token
        return self.client.generic(
            method, f"/scim/v2{path}", json.dumps(body) if body is not None else "",
            content_type="application/scim+json", headers={"authorization": f"Bearer {text}"},
        )  # fmt: skip

    def make(self, name: str = "ada", **changes: Any) -> dict[str, Any]:
        made = self.ask("POST", "/Users", user(name, **changes))
        assert made.status_code == 201, made.content
        found: dict[str, Any] = made.json()
        return found


def user(name: str = "ada", **changes: Any) -> dict[str, Any]:
    return {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "userName": name,
        "externalId": f"key-{name}",
        "name": {"givenName": name.capitalize(), "familyName": "Holm"},
        "emails": [{"value": f"{name}@members.example", "type": "work", "primary": True}],
        **changes,
    }


@pytest.fixture
def system(db: None) -> System:
    rules(sign_in="membership", self_registration=False, membership_link="https://s.example/",
          membership_keeps=("password", "email", "name"))  # fmt: skip
    return System()


def as_application(client: Client) -> Any:
    """A browser of the tests as a WSGI application: it stays within the test's transaction."""

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        path = environ["PATH_INFO"] + (f"?{query}" if (query := environ["QUERY_STRING"]) else "")
        answer = client.generic(
            environ["REQUEST_METHOD"], path, environ["wsgi.input"].read(),
            content_type=environ.get("CONTENT_TYPE", ""),
            headers={"authorization": environ["HTTP_AUTHORIZATION"]},
        )  # fmt: skip
        start_response(f"{answer.status_code} {answer.reason_phrase}", list(answer.items()))
        return [answer.content]

    return application


def test_validator_of_the_registry_finds_nothing_wrong(system: System) -> None:
    base = current_site().base_url
    client = WSGISCIMClient(
        as_application(system.client),
        base_url=f"{base}/scim/v2",
        headers={"Authorization": f"Bearer {system.text}"},
    )
    found = check_server(client)
    wrong = [(one.title, one.reason) for one in found
             if one.status not in (Status.SUCCESS, Status.SKIPPED)]  # fmt: skip
    assert not wrong, "\n".join(map(str, wrong))
    assert len(found) > 40


def test_system_makes_changes_and_closes_an_account(system: System) -> None:
    extension: dict[str, Any] = {MEMBER: {"number": "0042", "roles": ["mentor"]}}
    made = system.make(active=True, **extension)
    person = Person.objects.get(email="ada@members.example")
    assert (person.full_name, person.roles) == ("Ada Holm", ["mentor"])
    path = f"/Users/{made['id']}"
    assert system.ask("GET", path).json() == made
    renamed = system.ask("PATCH", path, {"Operations": [
        {"op": "Replace", "path": "name.familyName", "value": "Berg"},
        {"op": "replace", "path": 'emails[type eq "work"].value', "value": "b@members.example"},
        {"op": "Add", "value": {"active": "True"}},
    ]})  # fmt: skip
    assert renamed.status_code == 200, renamed.content
    person.refresh_from_db()
    assert (person.full_name, person.email) == ("Ada Berg", "b@members.example")
    assert Member.objects.get().number == "0042"
    system.ask("PATCH", path, {"Operations": [{"op": "replace", "value": {"active": "False"}}]})
    person.refresh_from_db()
    assert not person.is_active
    with pytest.raises(AccountClosed):
        services.take(Record(subject="key-ada"), source="handover")
    again = system.ask("PUT", path, user("ada", active=True))
    assert again.json()["active"] is True
    assert AuditEntry.objects.filter(
        actor_name="SCIM (Members)", verb="person reactivated"
    ).exists()
    assert system.ask("DELETE", path).status_code == 204
    assert system.ask("GET", path).status_code == 404
    assert not Person.objects.get(pk=person.pk).is_active
    back = system.make()
    assert back["id"] == made["id"]
    assert Person.objects.get(pk=person.pk).is_active


def test_account_that_was_closed_here_is_not_opened_by_the_system(system: System) -> None:
    made = system.make()
    Person.objects.update(is_active=False)
    opened = system.ask("PUT", f"/Users/{made['id']}", user())
    assert (opened.status_code, opened.json()["status"]) == (409, "409")
    assert not Person.objects.filter(email="ada@members.example", is_active=True).exists()
    system.ask("DELETE", f"/Users/{made['id']}")
    assert system.ask("POST", "/Users", user()).status_code == 409


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        (user("bo", userName="ADA"), 409, "uniqueness"),
        (user("bo", externalId="key-ada"), 409, "uniqueness"),
        (user("bo", emails=[{"value": "ada@members.example"}]), 409, "uniqueness"),
        (user("bo", emails=[]), 400, "invalidValue"),
        (user("bo", userName=""), 400, "invalidValue"),
        (user("bo", active="perhaps"), 400, "invalidValue"),
        ({**user("bo"), "name": "Bo"}, 400, "invalidValue"),
        ([], 400, "invalidSyntax"),
    ],
)
def test_system_is_told_what_is_wrong(system: System, body: Any, status: int, kind: str) -> None:
    system.make()
    answer = system.ask("POST", "/Users", body)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/scim+json"
    assert answer.json()["scimType"] == kind
    assert Member.objects.count() == 1


def test_system_finds_users_page_by_page(system: System) -> None:
    keys = [system.make(name)["id"] for name in ("ada", "bo", "cleo")]
    listed = system.ask("GET", "/Users?startIndex=2&count=1").json()
    assert (listed["totalResults"], listed["itemsPerPage"], listed["startIndex"]) == (3, 1, 2)
    assert listed["Resources"][0]["id"] in keys
    asked = ('userName eq "BO"', 'externalId eq "key-bo"', 'emails eq "bo@members.example"',
             'emails[type eq "work"].value eq "x"', 'userName eq "bo" and active eq true',
             f'id eq "{keys[1]}"')  # fmt: skip
    for text in asked:
        answer = system.client.get(
            "/scim/v2/Users", {"filter": text}, headers={"authorization": f"Bearer {system.text}"}
        )
        if "[" in text:
            assert answer.json()["scimType"] == "invalidFilter"
        else:
            assert [one["id"] for one in answer.json()["Resources"]] == [keys[1]], text


def test_stranger_and_token_of_another_institute_are_refused(
    system: System, guided: Institute, inside: Inside
) -> None:
    made = system.make()
    with inside(guided):
        other = System()
        theirs = other.ask("GET", f"/Users/{made['id']}")
        assert theirs.status_code == 404
        assert other.ask("GET", "/Users", token=system.text).status_code == 401
    for token in ("", "scim_guessed-guessed-guessed", other.text):
        refused = system.ask("GET", f"/Users/{made['id']}", token=token)
        assert refused.status_code == 401
        assert refused["WWW-Authenticate"].startswith("Bearer")
        assert "Ada" not in refused.content.decode()
    services.withdraw(Token.objects.get(), by=someone(is_staff=True))
    assert system.ask("GET", "/Users").status_code == 401


def test_one_of_the_team_is_left_alone(system: System) -> None:
    made = system.make()
    Person.objects.filter(email="ada@members.example").update(is_staff=True)
    for method, body in (("PUT", user(active=False)), ("DELETE", None)):
        assert system.ask(method, f"/Users/{made['id']}", body).status_code == 403
    assert Person.objects.get(email="ada@members.example").is_active
    someone(email="head@members.example", is_staff=True)
    assert system.ask("POST", "/Users", user("head")).status_code == 409


def test_filters_and_patches_are_read_strictly() -> None:
    assert [one.value for one in read_filter('userName eq "a \\" b" and active eq FALSE')] == [
        'a " b', False,
    ]  # fmt: skip
    for text in ("userName", 'userName co "a"', 'userName eq "a" or id eq "b"', "x eq 1", '"'):
        with pytest.raises(ScimRefused):
            read_filter(text)
    for operations in (None, [], [1], [{"op": "move"}], [{"op": "remove"}],
                       [{"op": "replace", "path": "id", "value": "x"}],
                       [{"op": "replace", "path": "nickName", "value": "x"}],
                       [{"op": "add", "path": 5}]):  # fmt: skip
        with pytest.raises(ScimRefused):
            patched({"userName": "a"}, operations)
    after = patched({"userName": "a", "externalId": "k"}, [
        {"op": "remove", "path": "externalId"},
        {"op": "add", "path": f"{MEMBER}:number", "value": "7"},
        {"op": "replace", "path": "urn:ietf:params:scim:schemas:core:2.0:User:userName",
         "value": "b"},
    ])  # fmt: skip
    assert after == {"userName": "b", MEMBER: {"number": "7"}}
