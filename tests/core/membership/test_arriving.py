"""The signed hand-over: good once, for minutes, at one institute."""

from datetime import timedelta
from typing import Any

import jwt
import pytest

from core.accounts.models import Person
from core.kernel import clock
from core.kernel.ports import current_site
from core.membership import services
from core.membership.models import Key, Member
from core.membership.tasks import end
from tests.core.membership.conftest import rules
from tests.factories.people import browser, sign_in, someone

pytestmark = pytest.mark.django_db
ADDRESS = "/membership/arrive/"


class Society:
    """The society's side of the contract."""

    def __init__(self) -> None:
        self.key, self.secret = services.make_key("The site", by=someone(is_staff=True))
        self.count = 0

    def ticket(self, *, headers: dict[str, Any] | None = None, secret: str = "", alg: str = "HS256",
               **changes: Any) -> str:  # fmt: skip
        self.count += 1
        at = int(clock.now().timestamp())
        claims = {
            "aud": current_site().base_url, "sub": "m-1", "iat": at, "exp": at + 120,
            "jti": f"ticket-{self.count:04}", "email": "ada@members.example",
            "email_verified": True, "given_name": "Ada", "family_name": "Holm", "number": "0042",
            "status": "current", "roles": ["mentee"],
        } | changes  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        head = {"kid": self.key.kid} if headers is None else headers
        return jwt.encode(claims, secret or self.secret, algorithm=alg, headers=head)


@pytest.fixture
def society(db: None) -> Society:
    return Society()


def test_member_is_handed_over_by_link_and_by_form(society: Society) -> None:
    visitor = browser()
    answer = visitor.get(ADDRESS, {"ticket": society.ticket(next="/account/edit/")})
    assert (answer.status_code, answer["Location"]) == (302, "/account/edit/")
    assert answer["Referrer-Policy"] == "no-referrer"
    person = Person.objects.get(email="ada@members.example")
    assert visitor.session["_auth_user_id"] == str(person.pk)
    assert Member.objects.get(person=person).number == "0042"
    other = browser(enforce_csrf_checks=True)
    assert other.post(ADDRESS, {"ticket": society.ticket()}).status_code == 302
    assert other.session["_auth_user_id"] == str(person.pk)


def test_ticket_is_good_once_also_when_it_did_not_let_in(society: Society) -> None:
    ticket = society.ticket()
    assert browser().get(ADDRESS, {"ticket": ticket}).status_code == 302
    again = browser().get(ADDRESS, {"ticket": ticket})
    assert again.status_code == 403
    assert "used before" in again.content.decode()
    with clock.frozen(clock.now() + timedelta(hours=1)):
        end()
        assert browser().get(ADDRESS, {"ticket": ticket}).status_code == 403


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"aud": "https://elsewhere.example"}, "(aud)"),
        ({"aud": None}, "“aud”"),
        ({"jti": None}, "“jti”"),
        ({"jti": "short"}, "“jti”"),
        ({"sub": ""}, "“sub”"),
        ({"exp": 4_000_000_000}, "five minutes"),
        ({"iat": 4_000_000_000, "exp": 4_000_000_100}, "future"),
        ({"iat": 1_000_000_000, "exp": 1_000_000_100}, "expired"),
        ({"status": "honorary"}, "“status”"),
        ({"secret": "another secret that is long enough to be one"}, "signature"),
        ({"headers": {"kid": "0123456789abcdef"}}, "(kid)"),
        ({"headers": {}}, "“kid”"),
        ({"alg": "HS512"}, "HS256"),
    ],
)
def test_ticket_that_is_not_right_lets_nobody_in(
    society: Society, changes: dict[str, Any], reason: str
) -> None:
    visitor = browser()
    answer = visitor.get(ADDRESS, {"ticket": society.ticket(**changes)})
    assert answer.status_code == 403
    assert reason in answer.content.decode()
    assert "_auth_user_id" not in visitor.session
    assert not Member.objects.exists()


def test_ticket_without_a_signature_is_refused(society: Society) -> None:
    head, body, _ = society.ticket().split(".")
    for forged in (f"{head}.{body}.", "", "a.b.c", "x" * 9000):
        assert browser().get(ADDRESS, {"ticket": forged}).status_code == 403
    none = jwt.encode({"sub": "m-1"}, "", algorithm="none", headers={"kid": society.key.kid})
    assert browser().get(ADDRESS, {"ticket": none}).status_code == 403


def test_key_that_was_followed_by_another_is_good_a_week_longer(society: Society) -> None:
    services.make_key("The new site", by=someone(is_staff=True), instead_of=society.key)
    assert browser().get(ADDRESS, {"ticket": society.ticket()}).status_code == 302
    with clock.frozen(clock.now() + timedelta(days=8)):
        assert browser().get(ADDRESS, {"ticket": society.ticket()}).status_code == 403


def test_withdrawn_key_is_good_no_more(society: Society) -> None:
    services.withdraw(Key.objects.get(), by=someone(is_staff=True))
    assert browser().get(ADDRESS, {"ticket": society.ticket()}).status_code == 403
    assert society.secret not in Key.objects.get().sealed


def test_member_is_never_led_to_another_site(society: Society) -> None:
    for target in ("https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x"):
        answer = browser().get(ADDRESS, {"ticket": society.ticket(next=target)})
        assert "evil" not in answer["Location"]
        assert answer["Location"].startswith("/")


def test_somebody_else_who_is_signed_in_is_asked_first(society: Society) -> None:
    present = someone("mentee")
    visitor = browser()
    sign_in(visitor, present.username)
    ticket = society.ticket()
    asked = visitor.get(ADDRESS, {"ticket": ticket})
    assert f"You are signed in here as {present.full_name}" in asked.content.decode()
    assert visitor.session["_auth_user_id"] == str(present.pk)
    visitor.post(ADDRESS, {"ticket": ticket, "yes": "1"})
    assert visitor.session["_auth_user_id"] != str(present.pk)


def test_closed_account_and_ended_membership_are_told_so(society: Society) -> None:
    rules(membership_grace_days=0, lapsed_members="out")
    browser().get(ADDRESS, {"ticket": society.ticket()})
    ended = browser().get(ADDRESS, {"ticket": society.ticket(status="ended")})
    assert "Your membership has ended" in ended.content.decode()
    assert browser().get(ADDRESS, {"ticket": society.ticket()}).status_code == 302
    Person.objects.filter(email="ada@members.example").update(is_active=False)
    closed = browser().get(ADDRESS, {"ticket": society.ticket()})
    assert closed.status_code == 403
    assert "Your account here is closed" in closed.content.decode()


def test_one_of_the_team_is_not_handed_over(society: Society) -> None:
    head = someone(email="ada@members.example", is_staff=True, is_superuser=True)
    visitor = browser()
    answer = visitor.get(ADDRESS, {"ticket": society.ticket()})
    assert answer.status_code == 403
    assert "sign in with your own account" in answer.content.decode()
    assert "_auth_user_id" not in visitor.session
    assert not Member.objects.filter(person=head).exists()


def test_browser_that_looks_ahead_uses_nothing_up(society: Society) -> None:
    ticket = society.ticket()
    ahead = browser().get(ADDRESS, {"ticket": ticket}, headers={"sec-purpose": "prefetch"})
    assert ahead.status_code == 503
    assert browser().get(ADDRESS, {"ticket": ticket}).status_code == 302
