"""Who is a visitor and who is a machine."""

import pytest

from core.visits.rules import Kind, is_looking_ahead, is_robot, kind_of

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
CUBOT = "Mozilla/5.0 (Linux; Android 10; CUBOT X20 PRO) AppleWebKit/537.36 Chrome/120.0 Mobile"


@pytest.mark.parametrize("name", [FIREFOX, PHONE])
def test_a_browser_of_a_person_is_no_robot(name: str) -> None:
    assert not is_robot(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://robots.example/)",
        "Mozilla/5.0 AppleWebKit/537.36 (compatible; bingbot/2.0) Chrome/116 Safari/537.36",
        "Mozilla/5.0 (compatible; YandexBot/3.0)",
        "facebookexternalhit/1.1",
        "curl/8.5.0",
        "Wget/1.21",
        "python-requests/2.32",
        "Go-http-client/2.0",
        "kube-probe/1.31",
        "UptimeRobot/2.0",
        "Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/140.0 Safari/537.36",
    ],
)
def test_a_machine_is_a_robot(name: str) -> None:
    assert is_robot(name)


def test_a_telephone_called_cubot_is_no_robot() -> None:
    assert not is_robot(CUBOT)


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}, {"X-Moz": "prefetch"}],
)
def test_a_page_fetched_ahead_is_not_seen(headers: dict[str, str]) -> None:
    assert is_looking_ahead(headers)
    assert not is_looking_ahead({"Accept": "text/html"})


@pytest.mark.parametrize(
    ("is_staff", "acting_as", "roles", "kind"),
    [
        (True, "mentor", "mentor mentee", Kind.STAFF),
        (False, "mentor", "mentor mentee", Kind.MENTOR),
        (False, None, "mentor mentee", Kind.MENTEE),
        (False, None, "mentor", Kind.MENTOR),
        (False, None, "", Kind.GUEST),
        (False, "something else", "mentee", Kind.MENTEE),
    ],
)
def test_a_person_counts_by_what_they_are(
    is_staff: bool, acting_as: str | None, roles: str, kind: Kind
) -> None:
    found = kind_of(
        is_staff=is_staff,
        acting_as=acting_as,
        is_mentor="mentor" in roles,
        is_mentee="mentee" in roles,
    )
    assert found is kind
