"""Profiles on the staff site; questions are found in a list and changed on a page of their own."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.models import Person
from core.kernel.models import AuditEntry
from core.profiles.models import Field
from tests.factories.people import someone
from tests.factories.profiles import a_full_profile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("every_kind")]

Member = Callable[..., tuple[Person, Client]]


def test_list_of_questions_leads_to_the_page_that_says_what_a_change_does(member: Member) -> None:
    _team, client = member(is_staff=True)
    field = Field.objects.get(key="grade")
    assert field.label in client.get("/staff/profiles/field/").content.decode()
    led = client.get(f"/staff/profiles/field/{field.pk}/change/")
    assert led["Location"] == reverse("staff:profile_form_question", args=["grade"])
    led = client.get(f"/staff/profiles/section/{field.section_id}/change/")
    assert led["Location"] == reverse("staff:profile_form_section", args=["own_section"])
    assert client.get("/staff/profiles/field/not-a-key/change/").status_code == 404
    for address in ("add/", f"{field.pk}/delete/"):
        assert client.post(f"/staff/profiles/field/{address}").status_code == 403


def test_staff_read_a_profile_in_words_and_set_its_room(member: Member) -> None:
    staff, client = member(is_staff=True)
    person = someone("mentor")
    profile = a_full_profile(person, "mentor", one_line="<b>Keeper</b>")
    address = f"/staff/profiles/profile/{profile.pk}/change/"
    page = client.get(address).content.decode()
    assert "Lamps, Tides" in page
    assert "<b>Keeper" not in page
    client.post(address, {"capacity": "5", "available": "on"})
    profile.refresh_from_db()
    assert (profile.capacity, profile.available) == (5, True)
    client.post(address, {"capacity": "5"})
    profile.refresh_from_db()
    assert not profile.available
    assert AuditEntry.objects.filter(verb="terms changed", actor_id=staff.pk).count() == 2
    assert "complete" in str(profile.answers) or profile.complete
