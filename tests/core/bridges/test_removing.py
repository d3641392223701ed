"""A society changes its provider: the old one goes, the people stay (product A6)."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.bridges.models import GivenRole, Provider
from core.bridges.rules import State
from core.bridges.services.arriving import let_in
from core.kernel import clock
from core.kernel.models import AuditEntry
from core.kernel.rights import StaffRole
from core.membership.models import Tie
from core.programme.models import Programme
from tests.core.bridges.test_arriving import a_provider, mira
from tests.factories.people import browser, mails_to, path_in, sign_in, someone

pytestmark = pytest.mark.django_db


def team(**fields: Any) -> Client:
    person = someone(is_staff=True, **fields)
    client = browser()
    assert sign_in(client, person.username).status_code == 302
    return client


def text_of(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer
    return " ".join(answer.content.decode().split())


def page_of(provider: Provider) -> str:
    return reverse("staff:provider_remove", args=[provider.pk])


def test_provider_that_is_off_is_removed_and_its_people_change_over() -> None:
    old, manager = a_provider(), team(staff_role="manager")
    person = let_in(old, mira())
    assert "It is not off" in text_of(manager, page_of(old))
    assert manager.post(page_of(old)).status_code == 422
    assert Provider.objects.filter(pk=old.pk).exists()
    Provider.objects.update(state=State.OFF)
    assert page_of(old) in text_of(manager, reverse("staff:provider", args=[old.pk]))
    page = text_of(manager, page_of(old))
    assert "1 person signed in with it" in page
    assert "knows 1 of them at their next sign-in" in page
    assert person.full_name in page
    with clock.frozen(clock.now() + timedelta(minutes=6)):
        asked = manager.post(page_of(old))
        assert asked["Location"].startswith(reverse("security:again"))
    assert manager.post(page_of(old))["Location"] == reverse("staff:providers")
    assert not Provider.objects.exists()
    assert AuditEntry.objects.get(verb="bridge.removed").facts["people"] == 1
    assert Tie.objects.filter(member__person=person).exists()
    other = a_provider("another", makes_accounts=False)
    assert let_in(other, mira(subject="n-7")) == person  # by the address, this once
    assert let_in(other, mira(subject="n-7", email="else@people.example")) == person
    again = a_provider()  # the same issuer: by the key that was kept
    assert let_in(again, mira(email="", email_verified=False)) == person


def test_same_issuer_in_another_row_keeps_people_and_their_places_on_the_team() -> None:
    old = a_provider()
    person = let_in(old, mira(role=StaffRole.EDITOR))
    heir = a_provider("heir", issuer=old.issuer)
    Provider.objects.filter(pk=old.pk).update(state=State.OFF)
    manager = team(staff_role="manager")
    assert "knows them by the same keys" in text_of(manager, page_of(old))
    assert manager.post(page_of(old)).status_code == 302
    person.refresh_from_db()
    assert (person.is_staff, GivenRole.objects.get().provider) == (True, heir)
    let_in(heir, mira())  # left the group
    person.refresh_from_db()
    assert not person.is_staff


def test_only_a_head_takes_people_off_the_team_and_others_see_nothing() -> None:
    old = a_provider(state=State.OFF)
    person = let_in(old, mira(role=StaffRole.EDITOR))
    by_hand = let_in(old, mira(subject="s-2", email="two@society.example", role=StaffRole.EDITOR))
    by_hand.staff_role = "coordinator"
    by_hand.save()
    for role in ("coordinator", "reader"):
        assert team(staff_role=role).get(page_of(old)).status_code == 403
    manager, head = team(staff_role="manager"), team(is_superuser=True)
    refused = manager.post(page_of(old))
    assert refused.status_code == 422
    assert "the head alone can remove it" in refused.content.decode()
    assert "The place on the" in text_of(head, page_of(old))
    assert head.post(page_of(old)).status_code == 302
    for one, stays in ((person, False), (by_hand, True)):
        one.refresh_from_db()
        assert one.is_staff is stays


def test_team_is_not_locked_out_when_the_last_provider_goes() -> None:
    row = Programme.objects.get()
    row.policies_data = {
        **row.policies_data, "sign_in": "membership", "self_registration": False,
        "membership_link": "https://society.example/", "demo_sign_in_notice": False,
    }  # fmt: skip
    row.save()
    person = someone(is_staff=True, is_superuser=True)
    stranger = browser()
    assert reverse("bridges:ask_rescue") in text_of(stranger, "/account/login/")
    stranger.post(reverse("bridges:ask_rescue"), {"email": person.email})
    assert stranger.post(path_in(mails_to(person.email)[0])).status_code == 302
    old = a_provider(state=State.OFF)
    assert "No provider is on" in text_of(stranger, page_of(old))
