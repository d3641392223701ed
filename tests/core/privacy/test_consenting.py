"""Agreements: kept with the text as it was, asked again after a change, optional ones apart."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.accounts.events import InvitationAccepted
from core.accounts.models import Person
from core.help.models import LegalPage
from core.kernel import clock
from core.kernel.errors import RuleBroken
from core.kernel.events import tell
from core.kernel.models import AuditEntry
from core.membership.models import Member
from core.privacy.models import Consent, Document, How, Permission, Purpose
from core.privacy.queries import consenting as queries
from core.privacy.services import consenting as services
from tests.factories.people import PASSWORD, browser, someone

pytestmark = pytest.mark.django_db
AGREE = "/account/agree/"


def signed_in(person: Person) -> Client:
    client = browser()
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def head() -> Person:
    return someone(is_staff=True, is_superuser=True)


def change(slug: str = "privacy", line: str = "We also keep a list of umbrellas.") -> None:
    page = LegalPage.objects.get(slug=slug)
    page.body = f"{page.body}\n\n{line}"
    page.save()


def ask(slug: str = "privacy", **start: Any) -> Document:
    document = services.note_versions()[slug]
    services.decide(document, ask=True, start=start.get("start"), by=head())
    return document


def agreeing(client: Client, page: Any, **more: Any) -> Any:
    ticks = {f"agree_{one.document.kind}": one.document.number for one in page.context["needed"]}
    return client.post(AGREE, {**ticks, "next": "/help/", **more})


def test_newcomer_ticks_a_box_for_each_page_and_the_text_is_kept_as_it_was() -> None:
    Purpose.objects.create(key="news", label="News of the programme", text="Four times a year.")
    Purpose.objects.create(key="story", label="My story", text="In the newsletter.")
    address = reverse("account_signup")
    shown = browser().get(address).content.decode()
    assert shown.count('<input type="checkbox" name="agree_') == 2
    assert "checked" not in shown
    form = {
        "roles": ["mentee"], "first_name": "Fern", "last_name": "Lark",
        "email": "fern@people.example", "username": "fern.lark",
        "password1": PASSWORD, "password2": PASSWORD, "agree_privacy": "1",
    }  # fmt: skip
    refused = browser().post(address, form).content.decode()
    assert refused.count("Tick the box if you accept “Terms of use”.") == 2  # summary and box
    assert "Tick the box once you have read" not in refused
    assert not Person.objects.filter(username="fern.lark").exists()
    browser().post(address, {**form, "agree_terms": "1", "wish_news": "on"})
    person = Person.objects.get(username="fern.lark")
    assert queries.allows(person, "news")
    assert not queries.allows(person, "story")
    kept = Consent.objects.filter(person=person).select_related("document")
    assert {(one.document.kind, one.document.number, one.how) for one in kept} == {
        ("privacy", 1, "registration"), ("terms", 1, "registration"),
    }  # fmt: skip
    old = Document.objects.get(kind="privacy").body
    change()
    services.note_versions()
    first, second = Document.objects.filter(kind="privacy").order_by("number")
    assert (first.body, second.number, second.asks_again) == (old, 2, None)
    assert "umbrellas" in second.body
    page = signed_in(person).get(reverse("privacy:agreements")).content.decode()
    assert "version 1" in page
    assert "umbrellas" not in page


def test_invited_person_agrees_by_accepting() -> None:
    person = someone("mentor")
    services.note_versions()
    with transaction.atomic():
        tell(InvitationAccepted(person_id=person.pk, agreed=(("privacy", 1), ("terms", 1))))
    assert set(Consent.objects.filter(person=person).values_list("how", flat=True)) == {
        "invitation"
    }


def test_who_comes_through_the_society_agrees_before_going_on_and_wishes_are_not_ticked() -> None:
    Purpose.objects.create(key="news", label="News of the programme", text="Four times a year.")
    person = someone("mentee")
    Member.objects.create(person=person, source="oidc")
    client = signed_in(person)
    led = client.get(reverse("resources:list"))
    assert led.headers["Location"] == f"{AGREE}?next=%2Fresources%2F"
    page = client.get(AGREE)
    text = page.content.decode()
    assert 'name="wish_news"' in text
    assert "checked" not in text
    assert client.post(AGREE, {"next": "/"}).status_code == 422
    assert agreeing(client, page).headers["Location"] == "/help/"
    assert {one.how for one in Consent.objects.filter(person=person)} == {How.FIRST_SIGN_IN}
    assert not Permission.objects.exists()
    assert AGREE not in client.get(reverse("resources:list")).headers.get("Location", "")
    again = signed_in(person)
    assert AGREE not in again.get(reverse("resources:list")).headers.get("Location", "")


def test_change_is_asked_of_everybody_only_when_the_team_says_so_and_from_its_day_on() -> None:
    person = someone("mentee")
    client = signed_in(person)
    services.agree(person, services.note_versions().values(), how=How.REGISTRATION)
    change()
    services.note_versions()
    assert AGREE not in client.get("/account/edit/").headers.get("Location", "")
    ask(start=clock.now().date() + timedelta(days=2))
    assert client.get("/account/edit/").status_code == 200
    with clock.frozen(clock.now() + timedelta(days=2)):
        assert client.get("/account/edit/").headers["Location"].startswith(AGREE)
        page = client.get(AGREE)
        text = page.content.decode()
        assert "<ins>We also keep a list of umbrellas.</ins>" in text
        assert "You agreed to version 1. This is version 2." in text
        assert agreeing(client, page).headers["Location"] == "/help/"
        assert client.get("/account/edit/").status_code == 200
    assert Consent.objects.get(person=person, document__number=2).how == How.ASKED_AGAIN


def test_leaving_reading_and_ones_own_data_stay_open_meanwhile_and_nothing_else() -> None:
    person = someone("mentee")
    client = signed_in(person)
    ask()
    for name in ("accounts:delete", "help:contact", "privacy:agreements", "security:places",
                 "account_change_password"):  # fmt: skip
        assert AGREE not in client.get(reverse(name)).headers.get("Location", ""), name
    assert client.get("/about/privacy/").status_code == 200
    for path in ("/", "/account/edit/", "/mentors/", "/relationships/", "/help/"):
        assert client.get(path).headers["Location"].startswith(AGREE), path
    assert client.post("/account/edit/", {}).headers["Location"] == f"{AGREE}?next=%2F"
    assert client.post(reverse("account_logout")).headers["Location"] == "/"
    assert client.get("/").status_code == 200


def test_agreement_costs_no_query_once_given() -> None:
    person = someone("mentee")
    client = signed_in(person)
    client.get("/account/mails/")

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert client.get("/account/mails/").status_code == 200
        return len(seen)

    before = asked()
    ask()
    agreeing(client, client.get(AGREE))
    client.get("/account/mails/")
    assert asked() == before


def test_page_that_changes_while_it_is_read_is_not_agreed_to() -> None:
    person = someone("mentee")
    client = signed_in(person)
    ask()
    page = client.get(AGREE)
    change()
    answer = agreeing(client, page)
    assert answer.status_code == 422
    assert "This page has changed while you were reading" in answer.content.decode()
    assert not Consent.objects.exists()
    with pytest.raises(RuleBroken):
        services.decide(Document.objects.get(kind="privacy", number=1), ask=True, start=None,
                        by=head())  # fmt: skip


def test_optional_consent_is_given_and_taken_back_and_the_record_stays() -> None:
    Purpose.objects.create(key="news", label="News of the programme", text="Four times a year.")
    person = someone("mentee")
    client = signed_in(person)
    path = reverse("privacy:agreements")
    client.post(path, {"wish": ["news", "nothing"]})
    assert queries.allows(person, "news")
    client.post(path, {"wish": ["news"]})
    assert Permission.objects.count() == 1
    client.post(path, {})
    assert not queries.allows(person, "news")
    kept = Permission.objects.get()
    assert kept.text == "News of the programme\n\nFour times a year."
    assert kept.withdrawn_at is not None
    assert "taken back on" in client.get(path).content.decode()
    assert AuditEntry.objects.filter(verb="consent taken back").count() == 1


def test_team_sees_how_many_agreed_and_decides_and_takes_a_file() -> None:
    person, boss = someone("mentee"), head()
    services.agree(person, services.note_versions().values(), how=How.REGISTRATION)
    change()
    client = signed_in(boss)
    text = client.get(reverse("staff:agreements")).content.decode()
    assert "Not decided yet" in text
    newest = Document.objects.get(kind="privacy", number=2)
    path = reverse("staff:agreement", args=[newest.pk])
    assert "<ins>We also keep a list of umbrellas.</ins>" in client.get(path).content.decode()
    assert client.post(path, {}).status_code == 422
    assert client.post(path, {"ask": "yes", "start": "2001-01-01"}).status_code == 422
    assert client.post(path, {"ask": "yes"}).headers["Location"] == reverse("staff:agreements")
    agreeing(client, client.get(AGREE))
    shown = client.get(path).content.decode()
    assert f">{person.full_name}</a>" in shown.split("Not agreed yet")[1]
    assert boss.full_name not in shown.split("Not agreed yet")[1].split("<tbody>")[1]
    file = reverse("staff:agreements_file")
    missing = client.get(f"{file}?without={newest.pk}").content.decode()
    assert f"{person.full_name},{person.email},Privacy policy,2,1" in missing
    assert boss.email not in missing
    assert client.get(f"{file}?without=everybody").status_code == 404
    rows = client.get(file).content.decode()
    assert f"{person.full_name},{person.email},Privacy policy,1," in rows
    client.post(path, {"ask": "no"})
    assert queries.asked_from("privacy") is None
    assert AGREE not in signed_in(person).get("/account/edit/").headers.get("Location", "")


def test_operator_who_visits_agrees_for_nobody() -> None:
    ask()
    row = someone(is_staff=True)
    row.support_key = row.pk
    row.save()
    assert AGREE not in signed_in(row).get("/account/edit/").headers.get("Location", "")
