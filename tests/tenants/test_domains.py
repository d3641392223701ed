"""Addresses of institutes: proved by DNS, and by nothing else."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from core.kernel.clock import frozen, now
from core.kernel.models import AuditEntry
from tenants import domains, lifecycle
from tenants.context import platform_scope, tenant_context
from tenants.deeds import COMMAND_LINE
from tenants.errors import DeedRefused, NameRefused, NameTaken
from tenants.hosts import forget_hosts
from tenants.models import DnsState, Domain, Institute, State
from tenants.site import base_url
from tenants.tls import PATH
from tests.tenants.nameserver import Zone, serving

pytestmark = pytest.mark.django_db
HOST = "mentors.guild.example"


@pytest.fixture
def zone(settings: Any) -> Iterator[Zone]:
    with serving(Zone()) as made:
        settings.DNS_SERVERS = (made.address,)
        settings.DNS_SECONDS = 1.0
        yield made


@pytest.fixture
def domain(ciltuk: Institute) -> Domain:
    return domains.add(ciltuk, HOST, by=COMMAND_LINE)


def ask(host: str, path: str = "/", **headers: str) -> Any:
    forget_hosts()
    return Client(headers={"host": host, **headers}).get(path)


def test_operator_proves_a_domain_by_its_record_and_it_is_served(
    zone: Zone, domain: Domain
) -> None:
    assert domains.check(domain).check_state == DnsState.MISSING
    zone.txt(f"_mentoring-proof.{HOST}", "something else")
    checked = domains.check(domain)
    assert (checked.check_state, checked.proved_at) == (DnsState.OTHER, None)
    assert ask(HOST).status_code == 404
    zone.txt(f"_mentoring-proof.{HOST}", "v=spf1 -all", domain.proof)
    checked = domains.check(domain)
    assert checked.check_state == DnsState.FOUND
    assert "no address record" in checked.check_says
    assert ask(HOST).status_code == 200
    with tenant_context(checked.institute):
        verbs = list(
            AuditEntry.objects.filter(verb__startswith="operator.domain").values_list(
                "verb", flat=True
            )
        )
    assert sorted(verbs) == ["operator.domain_added", "operator.domain_proved"]


@pytest.mark.parametrize("trouble", ["silent", "broken"])
def test_dns_that_does_not_answer_is_said_to_be_away_and_takes_nothing_out_of_service(
    zone: Zone, domain: Domain, trouble: str
) -> None:
    zone.txt(f"_mentoring-proof.{HOST}", domain.proof)
    domains.check(domain)
    getattr(zone, trouble).add(f"_mentoring-proof.{HOST}")
    begun = now()
    checked = domains.check(domain)
    assert checked.check_state == DnsState.AWAY
    assert checked.proved_at is not None
    assert now() - begun < timedelta(seconds=5)


def test_record_that_has_gone_is_told_and_the_domain_stays(zone: Zone, domain: Domain) -> None:
    zone.txt(f"_mentoring-proof.{HOST}", domain.proof)
    domains.check(domain)
    zone.records.clear()
    checked = domains.check(domain)
    assert (checked.check_state, checked.proved_at is not None) == (DnsState.MISSING, True)


def test_clock_looks_at_what_is_due_and_at_nothing_twice(zone: Zone, domain: Domain) -> None:
    zone.txt(f"_mentoring-proof.{HOST}", domain.proof)
    assert domains.check_due() == 1
    assert domains.check_due() == 0
    assert domains.check_due(now() + timedelta(hours=2)) == 0
    assert domains.check_due(now() + timedelta(days=2)) == 1
    assert all("localhost" not in name for name, kind in zone.asked if kind == "TXT")
    with platform_scope():
        assert Domain.objects.get(domain=HOST).proved_at is not None


def test_domain_of_somebody_else_is_refused_without_a_name(
    guided: Institute, domain: Domain
) -> None:
    with pytest.raises(NameTaken) as refusal:
        domains.add(guided, "MENTORS.guild.Example", by=COMMAND_LINE)
    assert "ciltuk" not in str(refusal.value).lower()
    assert domain.institute.name not in str(refusal.value)


@pytest.mark.parametrize(
    ("host", "why"),
    [
        ("*.guild.example", "with \\*"), ("other.localhost", "platform"), ("guild", "not a host"),
        ("https://guild.example", "not a host"), ("guild.example:8000", "not a host"),
        ("guild.example/x", "not a host"), ("192.0.2.7", "not a host"), ("", "not a host"),
        ("xn--a.example", "not a host"), ("a" * 64 + ".example", "not a host"),
        ("mail.guild.example", "reserved"), (HOST, "already"),
    ],
)  # fmt: skip
def test_name_that_cannot_be_is_refused(
    ciltuk: Institute, domain: Domain, host: str, why: str
) -> None:
    with pytest.raises((NameRefused, DeedRefused), match=why):
        domains.add(ciltuk, host, by=COMMAND_LINE)


def test_name_with_letters_of_another_alphabet_is_kept_as_dns_knows_it(ciltuk: Institute) -> None:
    assert domains.add(ciltuk, "Bücher.example", by=COMMAND_LINE).domain == "xn--bcher-kva.example"


def test_primary_address_and_the_one_of_the_name_cannot_be_removed(
    zone: Zone, ciltuk: Institute, domain: Domain
) -> None:
    with pytest.raises(DeedRefused, match="not served"):
        domains.make_primary(domain, by=COMMAND_LINE)
    zone.txt(f"_mentoring-proof.{HOST}", domain.proof)
    domains.make_primary(domains.check(domain), by=COMMAND_LINE)
    forget_hosts()
    assert base_url(ciltuk) == f"http://{HOST}"
    first, second = domains.of(ciltuk)
    assert (first.domain, second.domain) == (HOST, "ciltuk.localhost")
    with pytest.raises(DeedRefused, match="is the primary"):
        domains.remove(first, by=COMMAND_LINE)
    with pytest.raises(DeedRefused, match="short name"):
        domains.remove(second, by=COMMAND_LINE)
    domains.make_primary(second, by=COMMAND_LINE)
    domains.remove(first, by=COMMAND_LINE)
    assert ask(HOST).status_code == 404
    with pytest.raises(DeedRefused, match="already"):
        domains.remove(first, by=COMMAND_LINE)


# --- another short name ---------------------------------------------------------------------------
def test_old_address_leads_to_the_new_one_for_half_a_year(ciltuk: Institute) -> None:
    moved = lifecycle.move(ciltuk, slug="linguists-uk", keep_old=False, by=COMMAND_LINE)
    assert moved.slug == "linguists-uk"
    answer = ask("ciltuk.localhost", "/help/?q=a%20b")
    assert answer.status_code == 303
    assert answer["Location"] == "http://linguists-uk.localhost/help/?q=a%20b"
    forget_hosts()
    posted = Client(headers={"host": "ciltuk.localhost"}).post("/account/login/", {"login": "x"})
    assert (posted.status_code, posted["Location"]) == (303, "http://linguists-uk.localhost/")
    assert ask("linguists-uk.localhost").status_code == 200
    with frozen(now() + timedelta(days=181)):
        assert ask("ciltuk.localhost").status_code == 404
    with pytest.raises(NameTaken):
        lifecycle.move(_other("guided"), slug="ciltuk", keep_old=False, by=COMMAND_LINE)


def test_old_address_stays_where_that_was_chosen_and_can_be_gone_back_to(ciltuk: Institute) -> None:
    moved = lifecycle.move(ciltuk, slug="linguists-uk", keep_old=True, by=COMMAND_LINE)
    assert ask("ciltuk.localhost").status_code == 200
    back = lifecycle.move(moved, slug="ciltuk", keep_old=False, by=COMMAND_LINE)
    assert base_url(back) == "http://ciltuk.localhost"
    assert ask("linguists-uk.localhost")["Location"] == "http://ciltuk.localhost/"


@pytest.mark.parametrize("slug", ["guided", "admin", "Bad Name", "ciltuk", "a--b", ""])
def test_short_name_that_cannot_be_changes_nothing(ciltuk: Institute, slug: str) -> None:
    with pytest.raises((NameRefused, NameTaken, DeedRefused)):
        lifecycle.move(ciltuk, slug=slug, keep_old=False, by=COMMAND_LINE)
    assert _other("ciltuk").pk == ciltuk.pk


def _other(slug: str) -> Institute:
    with platform_scope():
        return Institute.objects.get(slug=slug)


# --- certificates on demand -----------------------------------------------------------------------
def allowed(host: str, **extra: Any) -> int:
    return int(
        Client(**extra).get(PATH, {"domain": host}, headers={"host": "10.0.0.5"}).status_code
    )


def test_proxy_gets_certificates_for_hosts_that_are_served_alone(
    zone: Zone, ciltuk: Institute, guided: Institute, domain: Domain
) -> None:
    assert allowed("ciltuk.localhost") == 200
    assert allowed("CILTUK.localhost") == 200
    assert allowed("operators.localhost") == 200
    for host in (HOST, "nobody.localhost", "", "*.localhost", "x" * 5000, "a\x00b.example"):
        assert allowed(host) == 404, host
    zone.txt(f"_mentoring-proof.{HOST}", domain.proof)
    domains.check(domain)
    assert allowed(HOST) == 200
    lifecycle.suspend(guided, reason="unpaid", by=COMMAND_LINE)
    assert allowed("guided.localhost") == 200  # its members see the calm page
    with platform_scope():
        Institute.objects.filter(pk=guided.pk).update(state=State.DELETED)
    assert allowed("guided.localhost") == 404


def test_every_question_costs_one_query(
    ciltuk: Institute, django_assert_num_queries: Callable[..., Any]
) -> None:
    for host in ("ciltuk.localhost", "nobody.localhost", "not a host"):
        with django_assert_num_queries(1):
            allowed(host)


def test_strangers_are_not_answered(ciltuk: Institute, settings: Any) -> None:
    assert allowed("ciltuk.localhost", REMOTE_ADDR="203.0.113.9") == 404
    assert allowed("ciltuk.localhost", REMOTE_ADDR="10.1.2.3") == 200
    assert (
        allowed("ciltuk.localhost", REMOTE_ADDR="10.1.2.3", HTTP_X_FORWARDED_FOR="203.0.113.9")
        == 404
    )
    assert Client().post(PATH, {"domain": "ciltuk.localhost"}).status_code == 404
    settings.TLS_ASK_TOKEN = "a-token-of-twenty-letters"
    assert allowed("ciltuk.localhost") == 404
    with_token = {"domain": "ciltuk.localhost", "token": settings.TLS_ASK_TOKEN}
    assert Client(REMOTE_ADDR="203.0.113.9").get(PATH, with_token).status_code == 200


def test_flood_of_questions_is_stopped(ciltuk: Institute, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tenants.tls.MOST", 2)
    assert [allowed("ciltuk.localhost") for _ in range(3)] == [200, 200, 429]
