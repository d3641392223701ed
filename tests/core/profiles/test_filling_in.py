"""Filling in the profile (product B1, B2, B10)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Person
from core.kernel.models import AuditEntry
from core.profiles import queries
from core.profiles.models import Field, Option, Profile, Section
from core.profiles.rules import Audience, Kind
from tests.factories.profiles import GOOD, a_field, a_full_profile, as_sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("every_kind")]

Member = Callable[..., tuple[Person, Client]]


def profile(person: Person, role: str) -> Profile:
    found = queries.profile_of(person, role)
    assert found is not None
    return found


def test_mentee_fills_in_every_kind_of_field_and_goes_on_to_find_a_mentor(member: Member) -> None:
    person, client = member("mentee")
    response = client.post("/profile/", as_sent())
    assert response.headers["Location"] == "/mentors/"
    found = profile(person, "mentee")
    assert found.answers == {**GOOD, "topics": ["lamps", "tides"]}
    assert found.complete
    assert found.completed_at is not None
    assert AuditEntry.objects.filter(verb="profile completed", thing_id=found.pk).exists()


def test_mentor_fills_in_and_reads_what_happens_next(member: Member) -> None:
    person, client = member("mentor")
    response = client.post("/profile/", as_sent(capacity="3"), follow=True)
    page = response.content.decode()
    assert response.redirect_chain[-1][0] == "/profile/ready/"
    assert "What happens next" in page
    assert "3 mentees at once" in page
    assert profile(person, "mentor").capacity == 3


def test_form_shows_labels_hints_sections_and_the_saved_answers(member: Member) -> None:
    person, client = member("mentee")
    a_full_profile(person, "mentee")
    page = client.get("/profile/").content.decode()
    for words in ("Everything", "All of it.", "Three sentences.", "For example 27 3 2026"):
        assert words in page
    for value in ('value="Keeper of lighthouses"', 'value="9"', 'value="3"', 'value="2027"'):
        assert value in page
    assert page.count("checked") == 4, "one grade, two topics, one no"


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("one_line", {"one_line": "x" * 41}),
        ("one_line", {"one_line": ""}),
        ("one_line", {"one_line": "a\x00b"}),
        ("story", {"story": "x" * 4001}),
        ("grade", {"grade": "third"}),
        ("grade", {"grade": None}),
        ("topics", {"topics": ["lamps", "gold"]}),
        ("topics", {"topics": ["lamps", "tides", "ropes"]}),
        ("topics", {"topics": None}),
        ("years", {"years": "twelve"}),
        ("years", {"years": "61"}),
        ("before", {"before": "maybe"}),
        ("starts", {"starts_day": "31", "starts_month": "2"}),
        ("starts", {"starts_year": ""}),
        ("starts", {"starts_month": "\x00"}),
        ("page", {"page": "javascript:alert(1)"}),
    ],
)
def test_wrong_answer_has_its_message_and_nothing_else_is_lost(
    member: Member, key: str, changes: dict[str, Any]
) -> None:
    person, client = member("mentee")
    response = client.post("/profile/", as_sent(**changes))
    page = response.content.decode()
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [f"answer-{key}"]
    assert "There is a problem" in page
    assert queries.profile_of(person, "mentee") is None
    if key != "one_line":
        assert 'value="Keeper of lighthouses"' in page
    if key != "story":
        assert "First the lamp." in page


def test_unfinished_profile_is_saved_for_later_and_says_what_is_missing(member: Member) -> None:
    person, client = member("mentee")
    sent = as_sent(grade=None, years="", topics=None, save=None, draft="")
    response = client.post("/profile/", sent, follow=True)
    page = response.content.decode()
    assert "come back and go on at any time" in page
    assert "5 of 8 needed answers given." in page
    for label in ("Grade", "Topics", "Years"):
        assert f">{label}</a></li>" in page
    assert not profile(person, "mentee").complete
    assert client.post("/profile/", as_sent()).headers["Location"] == "/mentors/"


def test_draft_may_miss_answers_but_not_hold_wrong_ones(member: Member) -> None:
    person, client = member("mentee")
    sent = as_sent(grade="third", years="", save=None, draft="")
    response = client.post("/profile/", sent)
    assert list(response.context["form"].errors) == ["answer-grade"]
    assert queries.profile_of(person, "mentee") is None


def test_complete_profile_cannot_become_a_draft_again(member: Member) -> None:
    person, client = member("mentee")
    a_full_profile(person, "mentee")
    response = client.post("/profile/", as_sent(one_line="", save=None, draft=""))
    assert response.status_code == 422
    assert profile(person, "mentee").answers["one_line"] == GOOD["one_line"]
    assert 'name="draft"' not in client.get("/profile/").content.decode()


def test_complete_profile_is_changed_and_stays_where_it_is(member: Member) -> None:
    person, client = member("mentee")
    first = a_full_profile(person, "mentee")
    response = client.post("/profile/", as_sent(one_line="Keeper of bees"), follow=True)
    assert "Your profile is saved." in response.content.decode()
    found = profile(person, "mentee")
    assert found.answers["one_line"] == "Keeper of bees"
    assert found.completed_at == first.completed_at


@pytest.mark.parametrize("capacity", ["0", "51", "two", "1.5", "\x00", "9" * 40])
def test_impossible_number_of_mentees_is_told_beside_its_field(
    member: Member, capacity: str
) -> None:
    _person, client = member("mentor")
    response = client.post("/profile/", as_sent(capacity=capacity))
    assert list(response.context["form"].errors) == ["capacity"]


def test_mentor_who_names_no_number_gets_the_usual_one(
    member: Member, policy: Callable[..., None]
) -> None:
    policy(default_capacity=4)
    person, client = member("mentor")
    assert 'value="4"' in client.get("/profile/").content.decode()
    client.post("/profile/", as_sent(capacity=""))
    assert profile(person, "mentor").capacity is None
    assert queries.capacity_of(profile(person, "mentor")) == 4


def test_mentee_is_not_asked_how_many_mentees(member: Member) -> None:
    person, client = member("mentee")
    assert "How many mentees" not in client.get("/profile/").content.decode()
    client.post("/profile/", as_sent(capacity="9"))
    assert profile(person, "mentee").capacity is None


def test_each_role_has_a_form_and_a_profile_of_its_own(member: Member) -> None:
    section = Section.objects.create(key="wants", label="Wants", audience=Audience.MENTEE)
    a_field("wish", Kind.SHORT_TEXT, audience=Audience.MENTEE, section=section)
    a_field("offer", Kind.SHORT_TEXT, audience=Audience.MENTOR)
    person, client = member("mentor", "mentee")
    for role, own, other in (("mentor", "Offer", "Wish"), ("mentee", "Wish", "Offer")):
        client.post("/account/role/", {"role": role})
        page = client.get("/profile/").content.decode()
        assert own in page
        assert other not in page
        client.post("/profile/", as_sent(one_line=role, wish="w", offer="o"))
    assert profile(person, "mentor").answers["one_line"] == "mentor"
    assert "wish" not in profile(person, "mentor").answers
    assert profile(person, "mentee").answers["one_line"] == "mentee"


def test_answer_to_a_field_out_of_use_is_kept_and_not_shown(member: Member) -> None:
    person, client = member("mentee")
    a_full_profile(person, "mentee")
    Field.objects.filter(key="story").update(active=False)
    assert "First the lamp." not in client.get("/profile/").content.decode()
    client.post("/profile/", as_sent())
    assert profile(person, "mentee").answers["story"] == GOOD["story"]


def test_option_out_of_use_stays_with_whoever_chose_it(member: Member) -> None:
    person, client = member("mentee")
    a_full_profile(person, "mentee")
    Option.objects.filter(key="second").update(active=False)
    assert "Second" in client.get("/profile/").content.decode()
    assert client.post("/profile/", as_sent()).status_code == 302
    other, theirs = member("mentee")
    assert 'value="second"' not in theirs.get("/profile/").content.decode()
    assert theirs.post("/profile/", as_sent()).status_code == 422
    assert queries.profile_of(other, "mentee") is None


def test_form_of_many_questions_is_a_list_to_choose_from(member: Member) -> None:
    a_field("county", Kind.CHOICE, *[f"county_{n}" for n in range(40)], required=True)
    _person, client = member("mentee")
    assert '<select name="answer-county"' in client.get("/profile/").content.decode()


@pytest.mark.parametrize("fields", [1, 40])
def test_profile_page_costs_the_same_queries_however_long_the_form_is(
    member: Member, fields: int, django_assert_num_queries: Any
) -> None:
    for number in range(fields):
        a_field(f"extra_{number}", Kind.CHOICES, "a", "b", "c")
    person, client = member("mentee")
    a_full_profile(person, "mentee")
    client.get("/profile/")
    with django_assert_num_queries(5):  # session, person, profile, fields, options
        client.get("/profile/")


def test_profile_with_thousands_of_boxes_sent_is_refused_without_harm(member: Member) -> None:
    person, client = member("mentee")
    response = client.post("/profile/", as_sent(topics=["lamps"] * 3000))
    assert response.status_code == 400
    assert queries.profile_of(person, "mentee") is None


def test_text_is_shown_as_text(member: Member) -> None:
    person, client = member("mentee")
    a_full_profile(person, "mentee", one_line="<script>x</script>", story="<img src=x>")
    for path in ("/profile/", "/profile/preview/"):
        page = client.get(path).content.decode()
        assert "<script>x" not in page
        assert "<img src=x" not in page


def test_two_first_saves_at_once_make_one_profile(member: Member) -> None:
    person, client = member("mentee")
    client.post("/profile/", as_sent())
    client.post("/profile/", as_sent())
    assert Profile.objects.filter(person=person).count() == 1
