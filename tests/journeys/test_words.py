"""Each institute speaks in its own words, on every page and in every mail; the product in none."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Person
from core.kernel.models import OutboxMail
from core.programme.queries import policies, words
from tenants.context import platform_scope
from tenants.models import Institute
from tests.core.accounts.forms import ticks
from tests.journeys.reading import Reader, walk

pytestmark = pytest.mark.django_db

Inside = Callable[[Institute], AbstractContextManager[Institute]]
SLUGS = ("ciltuk", "linguists", "uhb", "guided", "connect")
PRODUCT = re.compile(r"\bithaca\b|unfold", re.IGNORECASE)
OTHERS = {
    "request": re.compile(r"\bproposals?\b", re.IGNORECASE),
    "proposal": re.compile(r"\brequest(s|ed|ing)?\b", re.IGNORECASE),
}


def institute_of(slug: str) -> Institute:
    """The institute with its generated people and their mails."""
    with platform_scope():
        return Institute.objects.get(slug=slug)


def write_account_mails(client: Client) -> None:
    """The mails that only forms bring about."""
    client.post("/account/password/reset/", {"email": "nobody@people.example"})
    known = Person.objects.filter(username="mentee").values_list("email", flat=True)[0]
    client.post("/account/password/reset/", {"email": known})
    details = {
        "first_name": "Ines", "last_name": "Vale", "roles": ["mentee"], "username": "ines.vale",
        "password1": "three quiet lanterns", "password2": "three quiet lanterns",
        **ticks(),
    }  # fmt: skip
    client.post("/account/signup/", {**details, "email": "ines.vale@people.example"})
    client.post("/account/signup/", {**details, "email": known, "username": "ines.vale.two"})


@pytest.mark.parametrize("slug", SLUGS)
def test_institute_speaks_in_its_own_words(
    slug: str, peopled_copy: None, inside: Inside, member_client: Callable[..., Any]
) -> None:
    institute = institute_of(slug)
    with inside(institute):
        noun = words()["request"].singular
        people = {
            who: Person.objects.get(username=who) for who in ("mentee", "mentor", "both", "staff")
        }
        write_account_mails(member_client(institute))
    wrong: list[str] = []
    pages = 0
    for who, start in (
        ("guest", "/"), ("mentee", "/relationships/"), ("mentor", "/relationships/"),
        ("both", "/account/role/"), ("staff", "/staff/"),
    ):  # fmt: skip
        client = member_client(institute, people.get(who))
        for path, page in walk(client, start, most=30):
            pages += 1
            wrong += slips(f"{who} {path}", page.text, noun, is_staff=who == "staff")
    with inside(institute):
        mails = list(OutboxMail.objects.all())
        passwords_elsewhere = policies().sign_in == "membership"
    kinds = {mail.kind for mail in mails}
    for mail in mails:
        said = f"{mail.subject} {mail.text} {Reader(mail.html).text} {mail.from_name}"
        wrong += slips(f"mail {mail.kind}", said, noun)
    assert not wrong, "\n".join(sorted(set(wrong))[:40])
    assert pages > 50
    assert {"request_received", "request_accepted", "request_declined"} <= kinds
    # Where a society keeps the passwords, nobody is written to about one.
    assert ("no_account" in kinds) != passwords_elsewhere


def slips(where: str, text: str, noun: str, *, is_staff: bool = False) -> list[str]:
    """What stands there in another institute's words, or the product's own name."""
    found = [*PRODUCT.finditer(text), *OTHERS[noun].finditer(text)]
    return [f"{where}: …{text[max(0, match.start() - 40) : match.end() + 40]}…" for match in found]


@pytest.mark.parametrize(
    ("text", "noun"),
    [
        ("Send a proposal", "request"),
        ("Two requests are waiting", "proposal"),
        ("Powered by Ithaca", "request"),
    ],
)
def test_a_planted_slip_is_found(text: str, noun: str) -> None:
    assert slips("planted", text, noun)
