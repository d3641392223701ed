"""Staff draw the profile form (product F5): what a change does is said before, answers stay."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.models import Person
from core.kernel.models import AuditEntry
from core.profiles.models import Field, Option, Profile, Section
from core.profiles.queries import answers_shown, profile_of
from core.profiles.rules import Kind, Relation, key_from
from core.profiles.services import drawing, foresight
from core.profiles.staff.drawing import _state
from tests.factories.people import someone
from tests.factories.profiles import a_field, a_full_profile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("every_kind")]
Member = Callable[..., tuple[Person, Client]]


@pytest.fixture
def staff(member: Member) -> Client:
    return member(is_staff=True)[1]


def overview() -> str:
    return reverse("staff:profile_form")


def address(key: str) -> str:
    return reverse("staff:profile_form_question", args=[key])


def sent(field: Field | None = None, **changes: Any) -> dict[str, Any]:
    """The form of a question as a browser sends it, with changes."""
    section = field.section if field else Section.objects.get(key="own_section")
    data: dict[str, Any] = {
        "section": str(section.pk), "label": field.label if field else "Knots", "help": "",
        "kind": field.kind if field else "short_text", "audience": "both",
        "visible_to": "everyone", "active": "on", "step": "save",
        "seen": drawing_state(field), **changes,
    }  # fmt: skip
    if field and field.required:
        data.setdefault("required", "on")
    return {name: value for name, value in data.items() if value is not None}


def drawing_state(field: Field | None) -> str:
    return _state(field)


def agreed_in(answer: Any) -> str:
    return str(re.findall(r'name="agreed" value="(\w+)"', answer.content.decode())[0])


def test_staff_ask_one_more_question_with_answers_and_members_see_it(
    staff: Client, member: Member
) -> None:
    made = staff.post(address("new"), sent(label="Knots & splices", kind="choice"))
    assert made["Location"] == address("knots_splices")
    for label in ("Reef", "Bowline"):
        staff.post(address("knots_splices"), {"of_option": 1, "step": "add", "label": label})
    _person, theirs = member("mentee")
    page = theirs.get("/profile/").content.decode()
    assert "Knots &amp; splices" in page
    assert page.index("Reef") < page.index("Bowline")
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"profile field added", "option added"} <= verbs


def test_question_that_becomes_required_says_whom_it_meets_and_asks_first(staff: Client) -> None:
    field = a_field("knots", Kind.SHORT_TEXT)
    for _ in range(3):
        a_full_profile(someone("mentee"), "mentee")
    a_full_profile(someone("mentor"), "mentor", knots="Reef")
    Profile.objects.create(person=someone("mentor"), role="mentor", updated_at="2026-01-01T00:00Z")
    answer = staff.post(address("knots"), sent(field, required="on"))
    page = answer.content.decode()
    assert "3 complete profiles have no answer to this" in page
    assert "1 profile that is not complete yet would need one answer more" in page
    assert not Field.objects.get(key="knots").required
    staff.post(address("knots"), sent(field, required="on", agreed=agreed_in(answer)))
    assert Field.objects.get(key="knots").required
    entry = AuditEntry.objects.get(verb="profile field changed")
    assert (entry.facts["before"], entry.facts["after"]) == (
        {"required": False}, {"required": True},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("key", "changes", "sentence"),
    [
        ("one_line", {"visible_to": "staff"}, "would be read by the programme team alone only"),
        ("story", {"max_length": 5}, "1 answer would be outside the new limits"),
        ("years", {"maximum": 3}, "1 answer would be outside the new limits"),
        ("topics", {"maximum": 1}, "1 answer would be outside the new limits"),
        ("topics", {"minimum": 3}, "1 answer would be outside the new limits"),
        ("one_line", {"active": None}, "the answers are kept, but nobody sees them"),
        ("one_line", {"audience": "mentee"}, "the answers are kept, but nobody sees them"),
    ],
)
def test_what_a_change_does_to_answers_that_are_there_is_said(
    staff: Client, key: str, changes: dict[str, Any], sentence: str
) -> None:
    a_full_profile(someone("mentor"), "mentor")
    field = Field.objects.get(key=key)
    page = staff.post(address(key), sent(field, **changes)).content.decode()
    assert sentence in page
    assert "Save it all the same" in page


def test_answers_for_the_team_alone_are_not_shown_to_everyone_unsaid(staff: Client) -> None:
    Field.objects.filter(key="one_line").update(visible_to="staff")
    a_full_profile(someone("mentor"), "mentor")
    field = Field.objects.get(key="one_line")
    page = staff.post(address("one_line"), sent(field)).content.decode()
    assert "was given for the programme team alone would be read by everyone" in page


def test_kind_stays_once_somebody_has_answered(staff: Client) -> None:
    free, answered = a_field("knots", Kind.SHORT_TEXT), Field.objects.get(key="one_line")
    a_full_profile(someone("mentor"), "mentor")
    for field in (free, answered):
        answer = staff.post(address(field.key), sent(field, kind="long_text"))
        assert answer.status_code == 302
    assert Field.objects.get(key="knots").kind == Kind.LONG_TEXT
    assert Field.objects.get(key="one_line").kind == Kind.SHORT_TEXT


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"label": " "}, "This field is required"),
        ({"kind": "riddle"}, "Select a valid choice"),
        ({"kind": "number", "minimum": 5, "maximum": 4}, "smaller than the smallest"),
        ({"max_length": 0}, "greater than or equal to 1"),
        ({"minimum": 1}, "Only numbers and lists"),
        ({"kind": "number", "max_length": 9}, "Only texts and web addresses"),
        ({"audience": "nobody"}, "Select a valid choice"),
    ],
)
def test_question_that_makes_no_sense_is_refused_beside_its_box(
    staff: Client, changes: dict[str, Any], message: str
) -> None:
    answer = staff.post(address("new"), sent(**changes))
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not Field.objects.filter(label="Knots").exists()


def test_question_changed_by_a_colleague_is_not_overwritten_unseen(staff: Client) -> None:
    field = a_field("knots", Kind.SHORT_TEXT)
    stale = sent(field, label="Mine")
    staff.post(address("knots"), sent(field, label="Theirs"))
    assert staff.post(address("knots"), stale).status_code == 409
    assert Field.objects.get(key="knots").label == "Theirs"


def test_answers_are_renamed_retired_and_merged_without_losing_what_people_said(
    staff: Client,
) -> None:
    person = someone("mentor")
    a_full_profile(person, "mentor", topics=["tides", "lamps"])
    a_full_profile(someone("mentor"), "mentor", topics=["tides"])
    a_full_profile(someone("mentee"), "mentee", topics=["lamps"])
    tides = {"of_option": 1, "option": "tides"}
    staff.post(address("topics"), {**tides, "step": "rename", "label": "The sea"})
    assert "The sea" in shown(person)
    staff.post(address("topics"), {**tides, "step": "retire"})
    assert "The sea" in shown(person)
    staff.post(address("topics"), {**tides, "step": "remove"})
    assert Option.objects.filter(key="tides", field__key="topics", active=False).exists()
    asked = staff.post(address("topics"), {**tides, "step": "merge", "into": "lamps"})
    assert "2 profiles that say “The sea” would say" in asked.content.decode()
    assert "The sea" in shown(person)
    merged = {**tides, "step": "merge", "into": "lamps", "agreed": agreed_in(asked)}
    staff.post(address("topics"), merged)
    answers = Profile.objects.order_by("pk").values_list("answers__topics", flat=True)
    assert list(answers) == [["lamps"], ["lamps"], ["lamps"]]
    assert AuditEntry.objects.get(verb="option merged").facts["profiles"] == 2


def shown(person: Person) -> str:
    profile = profile_of(person, "mentor")
    assert profile is not None
    return str([str(one) for _, rows in answers_shown(profile, Relation.STAFF) for _, one in rows])


def test_answer_of_a_choice_is_merged_too() -> None:
    a_full_profile(someone("mentee"), "mentee", grade="second")
    field = Field.objects.get(key="grade")
    old, *others = [*field.options.filter(key="second"), *field.options.exclude(key="second")]
    assert drawing.merge_options(old, others[0], by=someone()) == 1
    assert Profile.objects.get().answers["grade"] == others[0].key
    assert foresight.chosen(field) == {others[0].key: 1}


def test_answer_of_another_question_is_no_answer_here(staff: Client) -> None:
    strange = {"of_option": 1, "option": "tides", "step": "retire"}
    assert staff.post(address("grade"), strange).status_code == 404
    into = {"of_option": 1, "option": "second", "step": "merge", "into": "tides"}
    staff.post(address("grade"), into)
    assert Option.objects.get(key="second").active
    twice = {"of_option": 1, "step": "add", "label": Option.objects.get(key="second").label}
    page = staff.post(address("grade"), twice, follow=True).content.decode()
    assert "already" in page


def test_staff_put_questions_sections_and_answers_in_another_order(staff: Client) -> None:
    keys = list(Field.objects.values_list("key", flat=True))
    staff.post(overview(), {"step": f"up:{keys[1]}"})
    assert list(Field.objects.values_list("key", flat=True))[:2] == [keys[1], keys[0]]
    staff.post(overview(), {"step": f"up:{keys[1]}"})  # is first already
    assert list(Field.objects.values_list("key", flat=True))[:2] == [keys[1], keys[0]]
    staff.post(reverse("staff:profile_form_section", args=["new"]),
               {"label": "Offers", "audience": "mentor"})  # fmt: skip
    staff.post(overview(), {"step": "section_up:offers"})
    order = list(Section.objects.values_list("key", flat=True))
    assert order.index("offers") == len(order) - 2
    staff.post(overview(), {"step": "section_remove:offers"})
    staff.post(overview(), {"step": "section_remove:own_section"})  # holds questions
    assert list(Section.objects.filter(key__in=["offers", "own_section"])) == [
        Section.objects.get(key="own_section")
    ]
    assert staff.post(overview(), {"step": "explode"}).status_code == 404


def test_section_for_mentors_takes_no_question_for_both(staff: Client) -> None:
    section = Section.objects.get(key="own_section")
    there = reverse("staff:profile_form_section", args=[section.key])
    answer = staff.post(there, {"label": section.label, "audience": "mentor"})
    assert "is asked of others too" in answer.content.decode()
    other = Section.objects.create(key="offers", label="Offers", audience="mentor")
    refused = staff.post(address("new"), sent(section=str(other.pk)))
    assert "The section is not shown to these people." in refused.content.decode()


def test_form_is_drawn_at_the_same_cost_however_long_it_is(
    staff: Client, django_assert_max_num_queries: Any
) -> None:
    a_full_profile(someone("mentor"), "mentor")
    staff.get(overview())
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(
        connection,
    ) as before:
        staff.get(overview())
    for number in range(3):
        a_field(f"more_{number}", Kind.SHORT_TEXT)
    with django_assert_max_num_queries(len(before)):
        assert "more_2" in staff.get(overview()).content.decode()


def test_only_staff_draw_the_form(member: Member) -> None:
    _person, theirs = member("mentor")
    assert theirs.get(overview()).status_code == 404
    assert theirs.post(address("grade"), {"of_option": 1, "step": "add"}).status_code == 404


def test_key_says_what_the_label_says_and_is_used_once() -> None:
    assert key_from("Région & Länder", {"region_lander"}) == "region_lander_2"
    assert key_from("日本語", set()) == "own"
    assert key_from("2nd choice", set()) == "own_2nd_choice"
