"""SPF, DKIM and DMARC of sender addresses, looked up in a real small DNS server."""

from collections.abc import Iterator
from typing import Any

import pytest

from core.programme.models import Programme
from tenants import sender
from tenants.context import tenant_context
from tenants.models import Institute
from tenants.standing import SenderState
from tests.tenants.nameserver import Zone, serving

KEY = "MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC" + "x" * 260
OURS = "include:spf.platform.example"


@pytest.fixture
def zone(settings: Any) -> Iterator[Zone]:
    settings.MAIL_SPF, settings.MAIL_DKIM_SELECTOR, settings.MAIL_DKIM_KEY = OURS, "mentoring", KEY
    with serving(Zone()) as made:
        settings.DNS_SERVERS = (made.address,)
        settings.DNS_SECONDS = 1.0
        yield made


def judged(address: str = "team@mail.guild.example") -> dict[str, str]:
    return {each.kind: each.state for each in sender.look_up(address)}


def test_domain_without_records_is_told_what_to_set(zone: Zone) -> None:
    spf, dkim, dmarc = sender.look_up("team@mail.guild.example")
    assert {each.state for each in (spf, dkim, dmarc)} == {"lacking"}
    assert (spf.name, spf.wanted) == ("mail.guild.example", f"v=spf1 {OURS} ~all")
    assert (dkim.name, dkim.wanted) == (
        "mentoring._domainkey.mail.guild.example", f"v=DKIM1; k=rsa; p={KEY}",
    )  # fmt: skip
    assert dmarc.name == "_dmarc.mail.guild.example"


def test_right_records_are_believed_also_long_ones_and_a_policy_from_above(zone: Zone) -> None:
    zone.txt("mail.guild.example", "unrelated", f"v=spf1 a:x.example {OURS} -all")
    zone.txt("mentoring._domainkey.mail.guild.example", f"v=DKIM1; k=rsa; p={KEY}")
    zone.txt("_dmarc.guild.example", "v=DMARC1; p=quarantine; rua=mailto:x@guild.example")
    assert judged() == {"SPF": "good", "DKIM": "good", "DMARC": "good"}


def test_records_that_count_for_nothing_are_named(zone: Zone) -> None:
    zone.txt("mail.guild.example", f"v=spf1 {OURS} ~all", "v=spf1 -all")
    zone.txt("mentoring._domainkey.mail.guild.example", "v=DKIM1; p=another")
    zone.txt("_dmarc.mail.guild.example", "v=DMARC1; p=perhaps")
    assert judged() == {"SPF": "lacking", "DKIM": "lacking", "DMARC": "lacking"}
    zone.txt("mail.guild.example", "v=spf1 mx -all")
    (spf, _, _) = sender.look_up("team@mail.guild.example")
    assert spf.wanted == f"v=spf1 {OURS} mx -all"


def test_dns_that_is_away_is_no_verdict(zone: Zone) -> None:
    zone.broken |= {
        "mail.guild.example", "mentoring._domainkey.mail.guild.example",
        "_dmarc.mail.guild.example",
    }  # fmt: skip
    assert set(judged().values()) == {"away"}


def test_platform_that_has_not_said_how_it_sends_judges_nothing(zone: Zone, settings: Any) -> None:
    settings.MAIL_SPF = settings.MAIL_DKIM_KEY = ""
    states = judged()
    assert (states["SPF"], states["DKIM"]) == ("unasked", "unasked")


@pytest.mark.parametrize("address", ["", "nobody", "a@", "a@b c", "a@-.example"])
def test_address_without_a_domain_is_no_reason_to_fail(zone: Zone, address: str) -> None:
    assert [each.state for each in sender.look_up(address)] == ["lacking"]


@pytest.mark.django_db
def test_what_was_found_is_kept_with_its_time(zone: Zone, ciltuk: Institute) -> None:
    with tenant_context(ciltuk):
        Programme.objects.update(mail_sender_address="team@mail.guild.example")
    first = sender.check(ciltuk)
    assert first is not None
    assert (first.state, first.address) == (SenderState.LACKING, "team@mail.guild.example")
    zone.txt("mail.guild.example", f"v=spf1 {OURS} ~all")
    zone.txt("mentoring._domainkey.mail.guild.example", f"v=DKIM1; p={KEY}")
    zone.txt("_dmarc.mail.guild.example", "v=DMARC1; p=none")
    assert sender.check_all() >= 1
    again = sender.check(ciltuk)
    assert again is not None
    assert (again.pk, again.state) == (first.pk, SenderState.GOOD)
