"""What operators can do, and that nobody else can."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from console.queries import Wanted, institutes_found, rows_of
from core.accounts.models import Person
from core.kernel.ids import new_id
from core.kernel.models import OutboxMail
from tenants.context import platform_scope, tenant_context
from tenants.models import Domain, Institute, Outcome, ProvisionRun, State, Step
from tenants.services import create_institute, set_state
from tests.console.conftest import PASSWORD
from tests.console.steps import address, audit_of, every_deed, every_page, text_of
from tests.factories.mentorships import make_person

pytestmark = pytest.mark.django_db


def test_strangers_are_sent_to_sign_in(stranger: Client, mail: OutboxMail) -> None:
    for response in (
        *(stranger.get(path) for path in every_page("ciltuk", mail.pk)),
        *(stranger.post(path) for path in every_deed("ciltuk")),
    ):
        assert response.status_code == 302
        assert response["Location"].startswith("/sign-in/?next=")


def test_somebody_who_is_no_operator_finds_nothing(
    site: Institute, mail: OutboxMail, member_client: Callable[..., Client], ciltuk: Institute
) -> None:
    with tenant_context(site):
        other = make_person()
    client = member_client(site, other)
    for path in every_page("ciltuk", mail.pk):
        assert client.get(path).status_code == 404
        assert client.post(path, {"bundle": "ciltuk", "reason": "x"}).status_code == 404
    for path in every_deed("ciltuk"):
        assert client.post(path).status_code == 404
    assert audit_of(ciltuk) == []


def test_the_console_does_not_exist_on_an_institutes_host(
    ciltuk: Institute, mail: OutboxMail, member_client: Callable[..., Client]
) -> None:
    with tenant_context(ciltuk):
        staff = make_person(is_staff=True)
    client = member_client(ciltuk, staff)
    for path in (*every_page("ciltuk", mail.pk)[1:], *every_deed("ciltuk"), "/sign-in/"):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code == 404


def test_staff_of_an_institute_are_strangers_on_the_operators_host(
    ciltuk: Institute, stranger: Client, member_client: Callable[..., Client]
) -> None:
    with tenant_context(ciltuk):
        staff = make_person(is_staff=True)
    stranger.cookies = member_client(ciltuk, staff).cookies
    assert stranger.get("/").status_code == 302


def test_no_account_or_staff_pages_of_institutes_are_on_the_operators_host(console: Client) -> None:
    for path in ("/staff/", "/account/login/", "/account/signup/", "/mentors/"):
        assert console.get(path).status_code == 404


def test_an_operator_signs_in_and_out(stranger: Client, operator: Person) -> None:
    page = text_of(stranger, "/sign-in/", next="/institutes/new/")
    assert 'value="/institutes/new/"' in page
    answer = stranger.post(
        "/sign-in/",
        {"username": operator.username, "password": PASSWORD, "next": "/institutes/new/"},
    )
    assert (answer.status_code, answer["Location"]) == (302, "/institutes/new/")
    assert "Odile Marram" in text_of(stranger, "/")
    assert stranger.get("/sign-out/").status_code == 405
    assert stranger.post("/sign-out/").status_code == 302
    assert stranger.get("/").status_code == 302


@pytest.mark.parametrize(
    "target", ["https://elsewhere.example/", "//elsewhere.example", "javascript:1"]
)
def test_signing_in_leads_to_no_other_site(target: str, stranger: Client, operator: Person) -> None:
    answer = stranger.post(
        "/sign-in/", {"username": operator.username, "password": PASSWORD, "next": target}
    )
    assert answer["Location"] == "/"


def test_a_refusal_says_the_same_for_every_reason(
    stranger: Client, site: Institute, operator: Person
) -> None:
    with tenant_context(site):
        other = make_person()
        other.set_password(PASSWORD)
        other.save()
    pages = set()
    for username, password in (
        ("nobody", PASSWORD),
        (operator.username, "wrong"),
        (other.username, PASSWORD),
    ):
        answer = stranger.post("/sign-in/", {"username": username, "password": password})
        assert answer.status_code == 422
        found = re.search(r'role="alert".*?</div>', answer.content.decode(), re.DOTALL)
        assert found
        pages.add(found.group())
    assert len(pages) == 1
    assert stranger.get("/").status_code == 302


def test_guessing_passwords_is_stopped(stranger: Client, operator: Person) -> None:
    for _ in range(10):
        stranger.post("/sign-in/", {"username": operator.username, "password": "wrong"})
    answer = stranger.post("/sign-in/", {"username": operator.username, "password": PASSWORD})
    assert "Too many attempts" in answer.content.decode()
    assert stranger.get("/").status_code == 302


def test_the_list_shows_each_institute_with_its_figures(
    console: Client, ciltuk: Institute, mail: OutboxMail
) -> None:
    with platform_scope():
        Domain.objects.create(domain="mentoring.lantern.example", institute=ciltuk)
    assert "Not gathered yet" in row_of(text_of(console, "/", q="ciltuk"))
    assert console.post(address("refresh_all")).status_code == 302
    row = row_of(text_of(console, "/", q="ciltuk"))
    for text in (
        "ciltuk.localhost",
        "mentoring.lantern.example",
        "not proved",
        "Active",
        "waiting",
    ):
        assert text in row
    with tenant_context(ciltuk):
        people = Person.objects.filter(is_active=True).count()
    assert f'<td data-label="Members" class="number">{people}</td>' in row
    assert "all well" in row


def row_of(page: str) -> str:
    found = re.search(r"<tr>\s*<th scope=\"row\">.*?</tr>", page, re.DOTALL)
    assert found
    return found.group()


def test_the_list_can_be_searched_by_address(console: Client, guided: Institute) -> None:
    page = text_of(console, "/", q="guided.local")
    assert guided.name in page
    assert "No institute is like that" in text_of(console, "/", q="zzz")


def test_a_suspended_institute_is_shown_as_such(console: Client, guided: Institute) -> None:
    set_state(guided, State.SUSPENDED)
    assert "Suspended" in text_of(console, "/", q="guided")


def test_the_list_costs_the_same_for_one_and_for_all(console: Client, site: Institute) -> None:
    with platform_scope():
        rows = list(institutes_found(Wanted()))

    def cost(count: int) -> int:
        with tenant_context(site), CaptureQueriesContext(connection) as seen:
            assert len(rows_of(rows[:count])) == count
        return len([query for query in seen if "search_path" not in query["sql"]])

    assert len(rows) >= 3
    assert cost(1) == cost(3) == cost(len(rows)) == 2


def test_an_institute_without_its_schema_is_named_and_breaks_nothing(console: Client) -> None:
    with platform_scope():
        Institute.objects.create(
            slug="halfmade",
            name="Half Made",
            schema_name="t_halfmade00000000",
            state=State.PREPARING,
        )
    console.post(address("refresh_all"))
    page = text_of(console, "/", q="halfmade")
    assert "No schema" in page
    assert "Being prepared" in page


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"slug": ""}, "Enter a short name"),
        ({"slug": "Bad Name"}, "cannot be the short name"),
        ({"slug": "admin"}, "reserved name"),
        ({"slug": "ciltuk"}, "already"),
        ({"slug": "t_platform"}, "cannot be the short name"),
        ({"bundle": "nonsense"}, "valid choice"),
        ({"bundle": "../../etc"}, "valid choice"),
        ({"domain": "not a host"}, "not a host"),
        ({"domain": "other.localhost"}, "platform"),
    ],
)
def test_a_wrong_name_is_refused_beside_its_field_and_nothing_is_asked_for(
    given: dict[str, str], message: str, console: Client
) -> None:
    whole = {"bundle": "ciltuk", "slug": "harbour", "domain": ""} | given
    answer = console.post("/institutes/new/", whole)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count('<p class="wrong-text"') == 1
    assert message in page
    (name,) = given
    if name != "bundle":
        assert re.search(rf'name="{name}" value="{re.escape(given[name])}"|name="{name}"', page)
    with platform_scope():
        assert not ProvisionRun.objects.filter(slug=whole["slug"]).exclude(slug="ciltuk").exists()


def test_a_domain_of_somebody_else_is_refused_beside_the_domain(
    console: Client, ciltuk: Institute
) -> None:
    with platform_scope():
        Domain.objects.create(domain="mentoring.lantern.example", institute=ciltuk)
    answer = console.post(
        "/institutes/new/",
        {"bundle": "ciltuk", "slug": "harbour", "domain": "Mentoring.Lantern.example"},
    )
    assert "belongs to another institute" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_an_operator_makes_an_institute_that_answers(console: Client, client: Client) -> None:
    answer = console.post(
        "/institutes/new/",
        {"bundle": "linguists", "slug": "harbour", "domain": "mentoring.harbour.example"},
    )
    assert answer.status_code == 302
    page = text_of(console, answer["Location"])
    assert "The institute is ready" in page
    assert "http://harbour.localhost" in page
    assert client.get("/", headers={"host": "harbour.localhost"}).status_code == 200
    listed = text_of(console, "/", q="harbour")
    assert "mentoring.harbour.example" in listed
    assert "not proved" in listed


def run_in(outcome: Outcome, step: Step, **fields: Any) -> ProvisionRun:
    with platform_scope():
        return ProvisionRun.objects.create(
            slug="harbour", bundle="ciltuk", outcome=outcome, step=step, **fields
        )


def test_a_running_run_asks_again_with_and_without_scripts(console: Client) -> None:
    run = run_in(Outcome.RUNNING, Step.SCHEMA, done=1)
    page = text_of(console, f"/runs/{run.pk}/")
    assert '<noscript><meta http-equiv="refresh"' in page
    assert 'hx-trigger="every 1s"' in page
    assert '<progress max="4" value="1"' in page
    part = console.get(f"/runs/{run.pk}/", headers={"hx-request": "true"})
    assert part.status_code == 200
    assert "<html" not in part.content.decode()


def test_a_failed_run_says_why_and_stops_asking(console: Client) -> None:
    run = run_in(Outcome.FAILED, Step.BUNDLE, message="institute.yaml:3: <name> is missing")
    page = text_of(console, f"/runs/{run.pk}/")
    assert "institute.yaml:3: &lt;name&gt; is missing" in page
    assert "refresh" not in page
    assert console.get(f"/runs/{run.pk}/", headers={"hx-request": "true"}).status_code == 286


def test_an_unknown_run_is_not_found(console: Client) -> None:
    assert console.get(f"/runs/{new_id()}/").status_code == 404


def test_answers_are_kept_by_no_cache(console: Client, stranger: Client, mail: OutboxMail) -> None:
    for path in ("/", f"/institutes/ciltuk/mails/{mail.pk}/body/"):
        assert "no-store" in console.get(path)["Cache-Control"]
    assert "no-store" in stranger.get("/sign-in/")["Cache-Control"]


def test_pages_load_nothing_from_other_hosts(console: Client) -> None:
    page = text_of(console, "/institutes/new/")
    found = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert found
    assert not [each for each in found if re.match(r"(https?:)?//", each)]
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=", page)


def test_every_page_is_in_the_list_that_the_permission_tests_walk(mail: OutboxMail) -> None:
    from console.urls import urlpatterns

    walked = {
        resolve(path, "config.urls.operators").url_name
        for path in [*every_page("ciltuk", mail.pk), *every_deed("ciltuk")]
    }
    at_the_door = {"sign_in", "sign_out", "second_step", "set_up_second_step", "again"}
    assert {path.name for path in urlpatterns} == walked | at_the_door


def test_migrations_of_the_console_are_none_to_make() -> None:
    call_command("makemigrations", "console", check=True, dry_run=True, verbosity=0)


def test_a_bare_institute_can_be_listed_beside_others(console: Client) -> None:
    made = create_institute(slug="bare", name="Bare Institute")
    console.post(address("refresh_all"))
    page = text_of(console, "/", q="bare")
    assert made.name in page
    assert ">0</td>" in page
