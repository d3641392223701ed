"""Fields and profiles on the staff site."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Person
from core.kernel.models import AuditEntry
from core.profiles.models import Field, Option, Section
from core.profiles.rules import Kind
from tests.factories.people import someone
from tests.factories.profiles import a_field, a_full_profile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("every_kind")]

Member = Callable[..., tuple[Person, Client]]
FIELDS = "/staff/profiles/field/"


def field_form(field: Field | None = None, **changes: Any) -> dict[str, Any]:
    """The form of a field with no options added, with changes."""
    sent: dict[str, Any] = {
        "section": str((field.section if field else Section.objects.get(key="own_section")).pk),
        "label": field.label if field else "Knots",
        "help": "",
        "audience": "both",
        "visible_to": "everyone",
        "order": "1",
        "active": "on",
        "options-TOTAL_FORMS": "0",
        "options-INITIAL_FORMS": "0",
    }
    if field is None:
        sent |= {"key": "knots", "kind": "short_text"}
    return {**sent, **changes}


def test_staff_add_a_field_with_options_and_members_are_asked(member: Member) -> None:
    _team, client = member(is_staff=True)
    sent = {**field_form(kind="choice"), "options-TOTAL_FORMS": "2"}
    for number, key in enumerate(["reef", "bowline"]):
        sent |= {
            f"options-{number}-key": key,
            f"options-{number}-label": key.capitalize(),
            f"options-{number}-order": str(number),
            f"options-{number}-active": "on",
        }
    assert client.post(f"{FIELDS}add/", sent).status_code == 302
    _person, theirs = member("mentee")
    page = theirs.get("/profile/").content.decode()
    assert "Knots" in page
    assert "Bowline" in page
    assert AuditEntry.objects.filter(verb="staff.added").exists()


def test_staff_switch_a_field_off_but_never_change_its_key_or_kind(member: Member) -> None:
    _team, client = member(is_staff=True)
    field = a_field("knots", Kind.SHORT_TEXT)
    client.post(
        f"{FIELDS}{field.pk}/change/", field_form(field, key="other", kind="number", active="")
    )
    field.refresh_from_db()
    assert (field.key, field.kind, field.active) == ("knots", Kind.SHORT_TEXT, False)
    assert client.post(f"{FIELDS}{field.pk}/delete/", {"post": "yes"}).status_code == 403


@pytest.mark.parametrize(
    "changes",
    [
        {"key": "Not a key"},
        {"key": "one_line"},
        {"kind": "riddle"},
        {"minimum": "5", "maximum": "4"},
        {"max_length": "0"},
        {"audience": "nobody"},
    ],
)
def test_field_that_makes_no_sense_is_refused(member: Member, changes: dict[str, Any]) -> None:
    _team, client = member(is_staff=True)
    response = client.post(f"{FIELDS}add/", field_form(**changes))
    assert response.status_code == 200
    assert response.context["errors"]
    assert not Field.objects.filter(label="Knots").exists()


def test_field_for_both_cannot_stand_in_a_section_for_mentors(member: Member) -> None:
    _team, client = member(is_staff=True)
    section = Section.objects.create(key="offers", label="Offers", audience="mentor")
    response = client.post(f"{FIELDS}add/", field_form(section=str(section.pk)))
    assert "The section is not shown to these people." in response.content.decode()


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


def test_options_are_not_deleted_by_staff(member: Member) -> None:
    _team, client = member(is_staff=True)
    field = Field.objects.get(key="grade")
    options = list(field.options.all())
    sent = field_form(field, **{"options-TOTAL_FORMS": "2", "options-INITIAL_FORMS": "2"})
    for number, option in enumerate(options):
        sent |= {
            f"options-{number}-id": str(option.pk),
            f"options-{number}-field": str(field.pk),
            f"options-{number}-key": option.key,
            f"options-{number}-label": option.label,
            f"options-{number}-order": "0",
            f"options-{number}-DELETE": "on",
        }
    client.post(f"{FIELDS}{field.pk}/change/", sent)
    assert Option.objects.filter(field=field).count() == 2
