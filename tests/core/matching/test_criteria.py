"""Staff choose criteria and weights and see on real people what that changes (product F5)."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.accounts.models import Person
from core.kernel.ids import new_id
from core.kernel.models import AuditEntry
from core.matching import queries
from core.matching.models import Criterion
from core.matching.queries import search, wanted_of
from core.profiles.services.foresight import field_effects
from tenants.models import Institute
from tests.factories.matching import make_field, make_found, make_seeker
from tests.factories.mentorships import make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("criteria")]


@pytest.fixture
def staff(member_client: Any, ciltuk: Institute) -> Client:
    client: Client = member_client(ciltuk, make_person("Tilda Ray", is_staff=True))
    return client


def page() -> str:
    return reverse("staff:criteria")


def sent(client: Client, **changes: Any) -> dict[str, Any]:
    """The form as it stands, with changes such as `region_weight=9`."""
    data: dict[str, Any] = {"step": "save"}
    for one in queries.all_criteria():
        key = one.mentor_field.key
        data |= {
            f"{key}-weight": one.weight,
            f"{key}-mentee_field": str(one.mentee_field_id or ""),
            f"{key}-any_label": one.any_label,
        }
        data |= {
            f"{key}-{name}": "on" for name in ("active", "exact_allowed") if getattr(one, name)
        }
    found = re.search(r'name="seen" value="(\w+)"', client.get(page()).content.decode())
    data["seen"] = found[1] if found else ""
    data |= {name.replace("_", "-", 1): value for name, value in changes.items()}
    return {name: value for name, value in data.items() if value is not None}


def agreed_in(answer: Any) -> str:
    return str(re.findall(r'name="agreed" value="(\w+)"', answer.content.decode())[0])


def two_ways() -> tuple[Person, Person, Person]:
    """A mentee, whom they find first by areas, and whom they would find first by region."""
    by_area = make_found("Ada Brook", answers={"areas": ["cpd"], "region": "london"})
    by_region = make_found("Tom Reed", answers={"areas": ["study"], "region": "wales"})
    seeker = make_seeker({"areas": ["cpd"], "region": "wales"})
    return seeker, by_area, by_region


def first_of(seeker: Person) -> Person:
    return search(seeker, wanted_of(seeker), 1).results[0].person


def test_other_weights_say_who_would_find_somebody_else_and_are_saved_after(staff: Client) -> None:
    seeker, by_area, by_region = two_ways()
    make_seeker({"areas": ["cpd"]})
    assert first_of(seeker) == by_area
    answer = staff.post(page(), sent(staff, region_weight=9))
    text = answer.content.decode()
    assert "<strong>1 of 2</strong>" in text
    row = text[text.index("Biggest changes") :]
    assert row.index(seeker.full_name) < row.index("Ada Brook") < row.index("Tom Reed")
    assert Criterion.objects.get(mentor_field__key="region").weight == 1
    agreed = agreed_in(answer)
    other = staff.post(page(), sent(staff, region_weight=8, agreed=None) | {"agreed": agreed})
    assert other.status_code == 200  # agreed to something else
    assert staff.post(page(), sent(staff, region_weight=9) | {"agreed": agreed}).status_code == 302
    assert first_of(seeker) == by_region
    entry = AuditEntry.objects.get(verb="matching criterion changed")
    assert (entry.facts["before"], entry.facts["after"]) == ({"weight": 1}, {"weight": 9})


def test_words_are_saved_at_once_and_the_same_again_is_no_change(staff: Client) -> None:
    assert staff.post(page(), sent(staff, region_any_label="Anywhere")).status_code == 302
    assert Criterion.objects.get(mentor_field__key="region").any_label == "Anywhere"
    staff.post(page(), sent(staff))
    assert AuditEntry.objects.filter(verb="matching criterion changed").count() == 1


def test_criterion_switched_off_is_looked_at_first(staff: Client) -> None:
    two_ways()
    text = staff.post(page(), sent(staff, areas_active=None, step="look")).content.decode()
    assert "<strong>1 of 1</strong>" in text
    assert Criterion.objects.filter(active=True).count() == 3


def test_what_would_change_costs_the_same_for_one_mentee_and_for_three() -> None:
    two_ways()
    rows = list(queries.all_criteria())
    rows[1].weight = 9
    costs = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as spent:
            queries.compare(rows)
        costs.append(len(spent))
        for _ in range(2):
            make_seeker({"areas": ["cpd"], "region": "wales"})
    assert costs[0] == costs[1]
    found = queries.compare(rows)
    assert (found.sample, found.mentees, found.other_first) == (5, 5, 5)
    assert found.is_whole


def test_one_more_question_begins_switched_off_and_goes_again(
    staff: Client, django_capture_on_commit_callbacks: Any
) -> None:
    field = make_field("tides", ["spring", "neap"])
    staff.post(page(), {"step": "add", "mentor_field": str(field.pk)})
    made = Criterion.objects.get(mentor_field=field)
    assert (made.active, made.mentee_field) == (False, field)
    staff.post(page(), {"step": "up:tides"})
    assert [one.key for one in queries.questions()] == ["areas", "region", "function"]
    assert list(Criterion.objects.values_list("mentor_field__key", flat=True))[2] == "tides"
    staff.post(page(), {"step": "remove:areas"})  # searched by: stays
    staff.post(page(), {"step": "remove:tides"})
    assert set(Criterion.objects.values_list("mentor_field__key", flat=True)) == {
        "areas", "region", "function",
    }  # fmt: skip
    hidden = make_field("secret", ["yes"], visible_to="staff")
    staff.post(page(), {"step": "add", "mentor_field": str(hidden.pk)})
    assert not Criterion.objects.filter(mentor_field=hidden).exists()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"region_weight": 0}, "greater than or equal to 1"),
        ({"region_weight": 101}, "less than or equal to 100"),
        ({"region_weight": "much"}, "whole number"),
        ({"region_mentee_field": str(new_id())}, "Choose one of the list."),
    ],
)
def test_criteria_that_cannot_be_are_refused_beside_their_box(
    staff: Client, changes: dict[str, Any], message: str
) -> None:
    answer = staff.post(page(), sent(staff, **changes))
    assert answer.status_code == 422
    assert message in answer.content.decode()


def test_criteria_changed_by_a_colleague_are_not_overwritten_unseen(staff: Client) -> None:
    stale = sent(staff, region_any_label="Mine")
    staff.post(page(), sent(staff, region_any_label="Theirs"))
    assert staff.post(page(), stale).status_code == 409
    assert Criterion.objects.get(mentor_field__key="region").any_label == "Theirs"


def test_question_taken_out_of_use_says_that_the_search_loses_it() -> None:
    field = Criterion.objects.get(mentor_field__key="region").mentor_field
    after = type(field).objects.get(pk=field.pk)
    after.active = False
    told = " ".join(field_effects(field, after))
    assert "would no longer be searched by this" in told
    assert "would no longer start from their answers" in told


def test_only_staff_choose_criteria(member_client: Any, ciltuk: Institute) -> None:
    assert member_client(ciltuk, make_person(is_mentor=True)).get(page()).status_code == 404
