"""Names that nobody may have are refused with a sentence, before anything is made."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.errors import NameRefused
from tenants.names import (
    checked_domain,
    checked_host,
    checked_slug,
    is_schema_name,
    new_schema_name,
)

BASE = "mentoring.example"


@pytest.mark.parametrize("slug", ["www", "operators", "admin", "api", "mail", "staff", "localhost"])
def test_reserved_slug_is_refused(slug: str) -> None:
    with pytest.raises(NameRefused, match="reserved"):
        checked_slug(slug)


@pytest.mark.parametrize(
    "slug",
    ["", "-a", "a-", "A", "über", "a_b", "a.b", "1a", "a b", "a" * 41, "../x", 'x"; drop schema',
     "x\n", "pg_catalog", "x\x00"],
)  # fmt: skip
def test_slug_that_is_no_label_is_refused(slug: str) -> None:
    with pytest.raises(NameRefused, match="short name"):
        checked_slug(slug)


def test_punycode_slug_is_refused() -> None:
    with pytest.raises(NameRefused, match="reserved"):
        checked_slug("xn--bcher-kva")


@pytest.mark.parametrize("slug", ["ciltuk", "a", "guild-of-2", "u" * 40])
def test_good_slug_is_kept(slug: str) -> None:
    assert checked_slug(slug) == slug


@pytest.mark.parametrize(
    ("host", "stored"),
    [
        ("Mentoring.Example.ORG", "mentoring.example.org"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),
    ],
)
def test_host_is_stored_in_lower_case_ascii(host: str, stored: str) -> None:
    assert checked_host(host) == stored


@pytest.mark.parametrize(
    "host",
    ["", " a.example", "a.example.", "https://a.example", "a.example:80", "a.example/x",
     "*.example", "a..example", "localhost", "10.0.0.1", "[::1]", "a_b.example", "-a.example",
     "x" * 64 + ".example", "a@b.example", "a.example\n", "\u2024.example"],
)  # fmt: skip
def test_what_is_no_host_is_refused(host: str) -> None:
    with pytest.raises(NameRefused, match="not a host name"):
        checked_host(host)


@pytest.mark.parametrize("host", [BASE, f"ciltuk.{BASE}", f"a.b.{BASE}", f"WWW.{BASE}"])
def test_addresses_of_the_platform_are_not_given_away(host: str) -> None:
    with pytest.raises(NameRefused, match="platform's own"):
        checked_domain(host, base_host=BASE)


def test_mail_hosts_are_refused() -> None:
    with pytest.raises(NameRefused, match="reserved"):
        checked_domain("mail.guild.example", base_host=BASE)


@given(st.text(max_size=60))
def test_any_text_is_a_safe_slug_or_refused(text: str) -> None:
    try:
        slug = checked_slug(text)
    except NameRefused:
        return
    assert slug.isascii()
    assert slug == slug.lower()
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")


@given(st.text(max_size=80))
def test_any_text_is_a_safe_host_or_refused(text: str) -> None:
    try:
        host = checked_host(text)
    except NameRefused:
        return
    assert checked_host(host) == host
    assert set(host) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")


def test_schema_names_are_ours_and_different() -> None:
    made = {new_schema_name() for _ in range(500)}
    assert len(made) == 500
    assert all(is_schema_name(name) for name in made)


@pytest.mark.parametrize(
    "name", ["public", "t_", "t_ABCDEFGH", "t_abcdefgh\n", 't_abc"defgh', "x_abcdefgh"]
)
def test_other_schema_names_are_not_ours(name: str) -> None:
    assert not is_schema_name(name)
