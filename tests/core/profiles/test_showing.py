"""Who sees what of a profile (product B1)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Person
from core.profiles import queries
from core.profiles.models import Field, Option
from core.profiles.rules import Kind, Relation, Visibility
from tests.factories.people import someone
from tests.factories.profiles import GOOD, a_field, a_full_profile

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("every_kind")]

Member = Callable[..., tuple[Person, Client]]


def shown(person: Person, relation: Relation | str) -> dict[str, str]:
    profile = queries.profile_of(person, "mentor")
    assert profile is not None
    return {
        field.key: str(answer)
        for _section, rows in queries.answers_shown(profile, relation)
        for field, answer in rows
    }


@pytest.mark.parametrize(
    ("relation", "seen"),
    [
        ("everyone", ["one_line"]),
        ("partner", ["one_line", "story"]),
        ("staff", ["one_line", "story", "years"]),
        ("owner", ["one_line", "story", "years"]),
    ],
)
def test_each_reader_sees_what_the_institute_lets_them(relation: str, seen: list[str]) -> None:
    Field.objects.filter(key="story").update(visible_to=Visibility.PARTNER)
    Field.objects.filter(key="years").update(visible_to=Visibility.STAFF)
    person = someone("mentor")
    a_full_profile(person, "mentor")
    found = shown(person, relation)
    assert [key for key in found if key in ("one_line", "story", "years")] == seen


def test_answers_are_shown_in_words() -> None:
    person = someone("mentor")
    a_full_profile(person, "mentor")
    assert shown(person, Relation.EVERYONE) == {
        "one_line": GOOD["one_line"],
        "story": GOOD["story"],
        "grade": "Second",
        "topics": "Lamps, Tides",
        "years": "12",
        "before": "No",
        "starts": "9 March 2027",
        "page": GOOD["page"],
    }


def test_answers_that_make_no_sense_any_more_are_left_out() -> None:
    person = someone("mentor")
    profile = a_full_profile(person, "mentor")
    Option.objects.filter(key="second").delete()
    profile.answers |= {"starts": "once upon a time", "one_line": ""}
    profile.save()
    assert not {"grade", "starts", "one_line"} & set(shown(person, Relation.OWNER))


def test_member_looks_at_the_own_profile_with_the_eyes_of_others(member: Member) -> None:
    Field.objects.filter(key="story").update(visible_to=Visibility.PARTNER)
    person, client = member("mentee", job_title="Keeper", organisation="Lamp House")
    a_full_profile(person, "mentee")
    everyone = client.get("/profile/preview/").content.decode()
    assert "Keeper, Lamp House" in everyone
    assert "First the lamp." not in everyone
    assert person.email not in everyone
    assert "First the lamp." in client.get("/profile/preview/?as=partner").content.decode()
    assert "First the lamp." not in client.get("/profile/preview/?as=staff").content.decode()
    assert 'rel="nofollow noopener noreferrer ugc"' in everyone


def test_preview_of_nothing_says_what_to_do(member: Member) -> None:
    _person, client = member("mentee")
    page = client.get("/profile/preview/").content.decode()
    assert "There is nothing to see yet" in page
    assert "Nobody sees it before it is complete" in page


def test_showing_many_profiles_with_one_form_costs_no_query_each(
    django_assert_num_queries: Any,
) -> None:
    a_field("more", Kind.CHOICES, "a", "b")
    profiles = [a_full_profile(someone("mentor"), "mentor", more=["a"]) for _ in range(5)]
    form = queries.form_of("mentor")
    with django_assert_num_queries(0):
        for profile in profiles:
            assert queries.answers_shown(profile, Relation.EVERYONE, form)
            queries.progress(profile, form)


def test_progress_counts_needed_answers_only() -> None:
    a_field("extra", Kind.SHORT_TEXT, required=False)
    person = someone("mentor")
    profile = a_full_profile(person, "mentor")
    assert queries.progress(profile).words == "Your profile is complete."
    profile.answers = {"one_line": "x", "before": False}
    progress = queries.progress(profile)
    assert (progress.done, progress.total) == (2, 8)
    assert progress.words == "2 of 8 needed answers given."
    assert [field.key for field in queries.missing(profile)][:2] == ["story", "grade"]
