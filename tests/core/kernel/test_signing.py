"""A token is good for one purpose on one site and for a time."""

from datetime import timedelta

import pytest

from core.kernel import links, ports
from core.kernel.signing import BadToken, sign, unsign


@pytest.fixture
def site_key(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    key = ["t_a"]
    monkeypatch.setattr(
        ports, "_provider", lambda: ports.Site(key[0], "https://a.institute.example", "A")
    )
    return key


def test_token_comes_back_for_its_purpose(site_key: list[str]) -> None:
    assert unsign("feed", sign("feed", "ada"), timedelta(hours=1)) == "ada"


@pytest.mark.parametrize("age", [timedelta(seconds=-1)])
def test_old_token_is_refused(site_key: list[str], age: timedelta) -> None:
    with pytest.raises(BadToken):
        unsign("feed", sign("feed", "ada"), age)


def test_token_of_another_purpose_is_refused(site_key: list[str]) -> None:
    with pytest.raises(BadToken):
        unsign("reset", sign("feed", "ada"), timedelta(hours=1))


def test_token_of_another_institute_is_refused(site_key: list[str]) -> None:
    token = sign("feed", "ada")
    site_key[0] = "t_b"
    with pytest.raises(BadToken):
        unsign("feed", token, timedelta(hours=1))


def test_altered_token_is_refused(site_key: list[str]) -> None:
    with pytest.raises(BadToken):
        unsign("feed", "eve" + sign("feed", "ada")[3:], timedelta(hours=1))


@pytest.mark.parametrize("path", ["https://evil.example/", "//evil.example/", "evil", ""])
def test_link_to_another_host_is_refused(site_key: list[str], path: str) -> None:
    with pytest.raises(ValueError, match="not a path"):
        links.absolute(path)


def test_link_uses_the_stored_address(site_key: list[str]) -> None:
    assert links.absolute("/help/") == "https://a.institute.example/help/"
