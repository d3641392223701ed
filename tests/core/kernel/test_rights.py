"""Who on the programme team may do what: every page of the staff site, every role, every verb."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, reverse

from core.kernel.rights import TABLE, Area, Right, StaffRole, right_of
from core.kernel.staff import OPEN, StaffSite, staff_site
from core.messaging.models import Report
from core.routes.areas import AREAS
from tests.factories.mentorships import make_mentorship
from tests.factories.people import browser, someone

pytestmark = pytest.mark.django_db

LISTS = {
    Area.FIGURES: "staff:visits_dailyvisits_changelist",
    Area.PEOPLE: "staff:accounts_person_changelist",
    Area.RELATIONSHIPS: "staff:mentorships_mentorship_changelist",
    Area.SAFEGUARDING: "staff:messaging_report_changelist",
    Area.HELP: "staff:help_enquiry_changelist",
    Area.CONTENT: "staff:help_faq_changelist",
    Area.SETTINGS: "staff:profile_form",
    Area.RECORDS: "staff:kernel_auditentry_changelist",
}


def as_role(role: StaffRole) -> Client:
    client = browser()
    client.force_login(someone(is_staff=True, staff_role=role.value))
    return client


def names(patterns: list[Any]) -> Iterator[str]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from names(one.url_patterns)
        elif isinstance(one, URLPattern) and one.name:
            yield one.name


def test_every_page_of_the_site_stands_in_the_table_of_areas() -> None:
    import_module("config.urls.tenant")  # which puts every page on the staff site
    site = StaffSite(name="empty")
    own = set(names(staff_site.get_urls())) - set(names(site.get_urls())) - OPEN
    site.areas = AREAS
    fallen = {name for name in own if _key(name) is None}
    assert fallen == set()
    dead = {key for key in AREAS if not any(_key(name) == key for name in own)}
    assert dead == set()


def _key(name: str) -> str | None:
    while name and name not in AREAS:
        name = name.rpartition("_")[0]
    return name or None


def test_table_names_every_role_in_every_area_and_roles_unknown_have_no_right() -> None:
    assert set(TABLE) == {(role, area) for role in StaffRole for area in Area}
    assert all(right_of("nobody", area) is Right.NONE for area in Area)
    assert all(right_of("manager", area) is Right.WRITE for area in Area)
    writes = [area for area in Area if right_of("reader", area) is Right.WRITE]
    assert writes == []


@pytest.mark.parametrize("role", StaffRole)
def test_each_role_opens_the_lists_that_it_may_and_sees_no_way_to_others(role: StaffRole) -> None:
    client = as_role(role)
    home = client.get("/staff/").content.decode()
    for area, name in LISTS.items():
        may = right_of(role, area) >= Right.READ
        assert client.get(reverse(name)).status_code == (200 if may else 403), area
        if area is not Area.FIGURES:
            assert (f'href="{reverse(name)}"' in home) is may, area


@pytest.mark.parametrize("role", StaffRole)
def test_each_role_changes_what_it_may_and_nothing_else(role: StaffRole) -> None:
    client = as_role(role)
    row = make_mentorship()
    pages = {
        Area.RELATIONSHIPS: reverse("staff:step_in", args=[row.pk]),
        Area.CONTENT: reverse("staff:help_faq_add"),
        Area.SETTINGS: reverse("staff:profile_form_section", args=["new"]),
    }
    for area, page in pages.items():
        may = right_of(role, area) is Right.WRITE
        assert (client.post(page, {}).status_code == 403) is not may, area
    row.refresh_from_db()
    assert row.state == "proposed"


def test_role_taken_away_while_somebody_works_refuses_the_next_click() -> None:
    person = someone(is_staff=True)
    client = browser()
    client.force_login(person)
    page = reverse("staff:help_faq_add")
    assert client.get(page).status_code == 200
    person.staff_role = StaffRole.READER.value
    person.save()
    assert client.post(page, {"question": "Now?"}).status_code == 403
    person.is_staff = False
    person.save()
    assert client.get(page).status_code == 404


def test_safeguarding_stays_with_those_who_are_responsible() -> None:
    assert not Report.objects.exists()
    for role in (StaffRole.COORDINATOR, StaffRole.EDITOR, StaffRole.READER):
        assert as_role(role).get(reverse(LISTS[Area.SAFEGUARDING])).status_code == 403


def test_head_of_the_team_gives_roles_and_others_cannot() -> None:
    person = someone(is_staff=True)
    for is_head in (False, True):
        client = browser()
        client.force_login(someone(is_staff=True, is_superuser=is_head))
        page = reverse("staff:accounts_person_change", args=[person.pk])
        assert ('name="staff_role"' in client.get(page).content.decode()) is is_head
        fields = ("first_name", "last_name", "email", "time_zone")
        form = {name: getattr(person, name) for name in fields}
        client.post(page, {**form, "is_staff": "on", "is_active": "on", "staff_role": "editor"})
        person.refresh_from_db()
        assert person.staff_role == ("editor" if is_head else "manager")
