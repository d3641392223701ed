"""What operators do to institutes on the console's pages."""

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from allauth.account.models import EmailAddress
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from core.accounts.models import Person
from core.kernel.models import OutboxMail
from core.security.models import StandIn
from tenants.context import platform_scope, tenant_context
from tenants.hosts import forget_hosts
from tenants.models import Domain, Institute, State
from tenants.standing import OperatorVisit, UploadedBundle
from tests.console.steps import address, audit_of, text_of
from tests.tenants.test_unpacking import packed, shipped

pytestmark = pytest.mark.django_db


def stored(slug: str) -> Institute:
    with platform_scope():
        return Institute.objects.get(slug=slug)


def test_operator_suspends_with_a_reason_and_opens_again(
    console: Client, ciltuk: Institute, operator: Person
) -> None:
    empty = console.post(address("suspend", "ciltuk"), {"reason": "  "})
    assert (empty.status_code, b"Give a reason" in empty.content) == (422, True)
    assert console.post(address("suspend", "ciltuk"), {"reason": "The invoice"}).status_code == 302
    page = text_of(console, address("institute", "ciltuk"))
    assert "The invoice" in page
    assert "suspended this institute" in page
    assert [entry.actor_name for entry in audit_of(ciltuk)] == [
        f"{operator.full_name} (platform operator)"
    ]
    again = console.post(address("suspend", "ciltuk"), {"reason": "again"})
    assert (again.status_code, b"not active" in again.content) == (422, True)
    console.post(address("reopen", "ciltuk"))
    assert stored("ciltuk").state == State.ACTIVE


def test_operator_renames_and_moves_and_copies(console: Client, ciltuk: Institute) -> None:
    console.post(address("rename", "ciltuk"), {"name": "Harbour"})
    taken = console.post(address("move", "ciltuk"), {"slug": "guided", "keep_old": "leads"})
    assert (taken.status_code, b"already" in taken.content) == (422, True)
    moved = console.post(address("move", "ciltuk"), {"slug": "harbour", "keep_old": "leads"})
    assert moved["Location"] == address("institute", "harbour")
    assert "Leads to the primary until" in text_of(console, moved["Location"])
    made = console.post(address("clone", "harbour"), {"slug": "haven", "name": "Haven"})
    assert made["Location"] == address("institute", "haven")
    assert stored("haven").name == "Haven"


def test_operator_invites_a_head_who_chooses_a_password(console: Client, ciltuk: Institute) -> None:
    given = {"first_name": "Ines", "last_name": "Okafor", "email": "Ines@guild.example"}
    assert console.post(address("head", "ciltuk"), given).status_code == 302
    with tenant_context(ciltuk):
        head = Person.objects.get(email="ines@guild.example")
        mail = OutboxMail.objects.get(kind="first_head")
        assert EmailAddress.objects.get(user=head).verified
    assert (head.is_staff, head.staff_role, head.username) == (True, "manager", "ines.okafor")
    assert not head.has_usable_password()
    assert "ines.okafor" in mail.text
    link = re.search(r"http://ciltuk\.localhost\S+/password/reset/\S+", mail.text)
    assert link
    forget_hosts()
    browser = Client(headers={"host": "ciltuk.localhost"})
    page = browser.get(urlsplit(link.group()).path, follow=True)
    password = "the harbour lights at nine"
    path = page.request["PATH_INFO"]
    browser.post(path, {"password1": password, "password2": password})
    with tenant_context(ciltuk):
        assert Person.objects.get(pk=head.pk).check_password(password)
    again = console.post(address("head", "ciltuk"), given | {"first_name": "Other"})
    assert (again.status_code, b"already" in again.content) == (422, True)


def test_operator_enters_with_a_reason_for_a_while(
    console: Client, ciltuk: Institute, operator: Person
) -> None:
    nothing = console.post(address("enter", "ciltuk"), {"minutes": "30", "rights": "read"})
    assert nothing.status_code == 422
    long = {"reason": "x", "minutes": "240", "rights": "read"}
    assert console.post(address("enter", "ciltuk"), long).status_code == 422
    answer = console.post(
        address("enter", "ciltuk"),
        {"reason": "Ticket 12: mails do not go out", "minutes": "15", "rights": "read"},
    )
    link = re.search(r'href="(http://ciltuk\.localhost[^"]+)"', answer.content.decode())
    assert link
    with tenant_context(ciltuk):
        stay = StandIn.objects.get()
    assert (stay.reason, stay.operator_key, stay.may_change) == (
        "Ticket 12: mails do not go out", operator.pk, False,
    )  # fmt: skip
    with platform_scope():
        visit = OperatorVisit.objects.get()
    assert (visit.ends_at - visit.opened_at).total_seconds() == 900
    assert "Ticket 12" in text_of(console, address("visits"))
    assert "Ticket 12" in text_of(console, address("institute", "ciltuk"))
    forget_hosts()
    browser = Client(headers={"host": "ciltuk.localhost"})
    assert browser.get(urlsplit(link[1]).path).status_code in {200, 302}


def test_nobody_enters_a_suspended_institute(console: Client, ciltuk: Institute) -> None:
    console.post(address("suspend", "ciltuk"), {"reason": "x"})
    given = {"reason": "x", "minutes": "15", "rights": "read"}
    assert b"not open" in console.post(address("enter", "ciltuk"), given).content


def test_command_prints_a_link_for_an_operator(
    ciltuk: Institute, operator: Person, capsys: Any
) -> None:
    call_command("enter", "ciltuk", "--operator", operator.username, "--reason", "Ticket 12")
    assert capsys.readouterr().out.startswith("http://ciltuk.localhost/")


# --- addresses ------------------------------------------------------------------------------------
def test_operator_adds_an_address_and_reads_what_to_set(
    console: Client, ciltuk: Institute, guided: Institute, settings: Any
) -> None:
    settings.DNS_SERVERS, settings.DNS_SECONDS = ("127.0.0.1:9",), 0.3
    path = address("addresses", "ciltuk")
    assert b"Enter a domain" in console.post(path, {"domain": ""}).content
    assert console.post(path, {"domain": "mentors.guild.example"}).status_code == 302
    page = text_of(console, path)
    with platform_scope():
        domain = Domain.objects.get(domain="mentors.guild.example")
    assert "_mentoring-proof.mentors.guild.example" in page
    assert domain.proof in page
    other = console.post(address("addresses", "guided"), {"domain": "mentors.guild.example"})
    assert b"belongs to another institute" in other.content
    assert ciltuk.name.encode() not in other.content
    console.post(address("check_domain", "ciltuk", domain.pk))
    assert "DNS did not answer" in text_of(console, path)
    for name in ("check_domain", "make_primary", "remove_domain"):
        assert console.post(address(name, "guided", domain.pk)).status_code == 404
    console.post(address("make_primary", "ciltuk", domain.pk))
    assert "not served, so it cannot be" in text_of(console, path)
    console.post(address("remove_domain", "ciltuk", domain.pk))
    assert "mentors.guild.example is removed" in text_of(console, path)


def test_page_of_an_institute_tells_its_figures_and_sender(
    console: Client, ciltuk: Institute, settings: Any
) -> None:
    settings.DNS_SERVERS, settings.DNS_SECONDS = ("127.0.0.1:9",), 0.3
    assert "No figures have been gathered" in text_of(console, address("institute", "ciltuk"))
    console.post(address("refresh", "ciltuk"))
    console.post(address("check_sender", "ciltuk"))
    page = text_of(console, address("institute", "ciltuk"))
    for text in (
        "in the database",
        "Up to date",
        "Could not be looked up",
        "Nothing has gone wrong",
    ):
        assert text in page


def test_the_list_is_filtered_and_sorted_and_forgives_nonsense(
    console: Client, ciltuk: Institute, guided: Institute
) -> None:
    console.post(address("refresh_all"))
    console.post(address("suspend", "guided"), {"reason": "x"})
    page = text_of(console, "/", state="suspended")
    assert (guided.name in page, f">{ciltuk.name}</a>" in page) == (True, False)
    for trouble in ("mail", "migrations", "errors", "domains", "sender"):
        assert "No institute is like that" in text_of(console, "/", trouble=trouble)
    for sort in ("members", "visits", "size", "error", "newest", "'; drop"):
        assert ciltuk.name in text_of(console, "/", sort=sort)
    text_of(console, "/", q="%_", state="x", trouble="x", page="x")


# --- bundles that are sent ------------------------------------------------------------------------
def sent(console: Client, content: bytes, name: str = "guild.zip") -> Any:
    return console.post(address("upload"), {"file": SimpleUploadedFile(name, content)})


def test_wrong_bundle_is_answered_with_every_place_beside_the_others(console: Client) -> None:
    content = packed(
        {"institute.yaml": b"identity:\n  nmae: x\n", "faqs/a.md": b"no head", "x.exe": b""}
    )
    answer = sent(console, content)
    page = answer.content.decode()
    assert answer.status_code == 422
    for text in ("institute.yaml", "faqs/a.md", "logo.svg", "x.exe", "identity.nmae"):
        assert f"<code>{text}</code>" in page
    assert sent(console, b"hello").status_code == 422
    assert sent(console, b"").status_code == 422
    assert sent(console, packed({"../a.yaml": b"x"})).status_code == 422
    with platform_scope():
        assert not UploadedBundle.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_good_bundle_is_previewed_then_made(console: Client) -> None:
    answer = sent(console, shipped())
    assert answer.status_code == 302
    page = text_of(console, answer["Location"])
    assert "Nothing is made yet" in page
    assert "guild.zip" in page
    with platform_scope():
        assert not Institute.objects.filter(slug="harbour").exists()
    taken = console.post(answer["Location"], {"slug": "linguists", "domain": ""})
    assert (taken.status_code, b"already" in taken.content) == (422, True)
    run = console.post(answer["Location"], {"slug": "harbour", "domain": "mentors.harbour.example"})
    assert "The institute is ready" in text_of(console, run["Location"])
    made = stored("harbour")
    assert made.bundle == "guild"
    assert Client(headers={"host": "harbour.localhost"}).get("/").status_code == 200
    assert console.get(answer["Location"]).status_code == 404  # it was used


@pytest.mark.django_db(transaction=True)
def test_command_takes_a_zip_too(tmp_path: Path) -> None:
    file = tmp_path / "guild.zip"
    file.write_bytes(shipped())
    call_command("provision", str(file), "--slug", "harbour")
    assert stored("harbour").bundle == "guild"
    file.write_bytes(packed({"../institute.yaml": b"x"}))
    with pytest.raises(CommandError, match="lead out of its folder"):
        call_command("provision", str(file), "--slug", "haven")
