"""The index of mentors follows accounts, profiles, places and criteria."""

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from core.accounts.models import Person
from core.matching import services
from core.matching.models import Criterion, Listing, words_in
from core.matching.queries import next_closest, questions, receipt, receipts, search
from core.matching.rules import Wanted
from core.matching.services import listings
from core.profiles.models import Field, Option, Profile
from tenants.models import Institute
from tests.core.matching.conftest import SetPolicy
from tests.factories.matching import (
    make_answers,
    make_criterion,
    make_field,
    make_found,
    make_seeker,
)
from tests.factories.mentorships import make_person

WALES = {"region": "wales", "areas": ["leadership"]}


def listing(person: Person) -> Listing:
    return Listing.objects.get(person=person)


def found(seeker: Person | None = None) -> set[Person]:
    page = search(seeker or make_seeker({}), Wanted(), 1)
    return {result.person for result in page.results}


def test_mentor_completes_a_profile_and_is_found(criteria: list[Criterion]) -> None:
    mentor = make_found(answers={**WALES, "other": "x"})
    assert listing(mentor).tokens == ["areas=leadership", "region=wales"]
    assert listing(mentor).listed
    assert found() == {mentor}


@pytest.mark.parametrize(
    "change",
    [
        {"person": {"is_active": False}},
        {"person": {"is_mentor": False}},
        {"profile": {"complete": False}},
        {"profile": {"available": False}},
        {"room": 0},
    ],
    ids=str,
)
def test_mentor_who_cannot_take_anybody_is_not_found_and_comes_back(
    criteria: list[Criterion], change: dict[str, Any]
) -> None:
    mentor = make_found(answers=WALES)
    profile = mentor.profiles.get()

    def set_all(backwards: bool) -> None:
        for thing, name in ((mentor, "person"), (profile, "profile")):
            for key, value in change.get(name, {}).items():
                setattr(thing, key, value != backwards)
            if name in change:
                thing.save()
        if "room" in change:
            services.set_room(mentor, 2 if backwards else 0)

    set_all(backwards=False)
    assert found() == set()
    set_all(backwards=True)
    assert found() == {mentor}


def test_mentor_changes_answers_and_the_index_follows(criteria: list[Criterion]) -> None:
    mentor = make_found(answers=WALES)
    profile = mentor.profiles.get()
    profile.answers = {"region": "london"}
    profile.save()
    assert listing(mentor).tokens == ["region=london"]
    profile.delete()
    assert not listing(mentor).listed


def test_mentee_never_gets_a_listing(criteria: list[Criterion]) -> None:
    seeker = make_seeker(WALES)
    services.relist(seeker)
    services.set_room(seeker, 3)
    assert not Listing.objects.exists()


def test_mentor_takes_and_gives_back_mentees(criteria: list[Criterion]) -> None:
    mentor = make_found(answers=WALES)
    profile = mentor.profiles.get()
    profile.capacity = 3
    profile.save()
    services.set_room(mentor, 1)
    assert (listing(mentor).taken, listing(mentor).room) == (2, 1)
    services.relist(mentor)
    assert (listing(mentor).taken, listing(mentor).room) == (2, 1)
    services.set_room(mentor, -4)
    assert (listing(mentor).taken, listing(mentor).room) == (3, 0)


def test_full_mentor_is_shown_as_full_and_last_among_equals_where_the_institute_wants_it(
    criteria: list[Criterion], set_policy: SetPolicy
) -> None:
    full, free = make_found(answers=WALES), make_found(answers=WALES)
    services.set_room(full, 0)
    seeker = make_seeker({})
    assert found(seeker) == {free}
    set_policy(full_mentors="shown")
    page = search(seeker, Wanted(), 1)
    assert [(one.person, one.full) for one in page.results] == [(free, False), (full, True)]
    assert [one.person for one in next_closest(seeker, exclude=[], n=5)] == [free]


def test_option_taken_out_of_use_is_no_longer_asked(criteria: list[Criterion]) -> None:
    make_found(answers=WALES)
    seeker = make_seeker(WALES)
    Option.objects.filter(key="wales").update(active=False)
    region = next(one for one in questions() if one.key == "region")
    assert "wales" not in {choice.key for choice in region.choices}
    assert [line.key for line in receipt(seeker, seeker).lines] == ["areas"]


@pytest.mark.parametrize(
    "change", [{"active": False}, {"visible_to": "partner"}, {"visible_to": "staff"}], ids=str
)
def test_field_hidden_from_members_is_no_longer_asked(
    criteria: list[Criterion], change: dict[str, Any]
) -> None:
    Field.objects.filter(key="region").update(**change)
    assert [one.key for one in questions()] == ["areas", "function"]


def test_criterion_added_rebuilds_the_index_after_commit(
    criteria: list[Criterion],
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[Any]],
) -> None:
    mentor = make_found(answers={**WALES, "sector": "rail"})
    field = make_field("sector", ["rail"])
    with django_capture_on_commit_callbacks(execute=True):
        Criterion.objects.create(mentor_field=field)
    assert "sector=rail" in listing(mentor).tokens
    with django_capture_on_commit_callbacks(execute=True):
        Criterion.objects.get(mentor_field=field).delete()
    assert "sector=rail" not in listing(mentor).tokens


def test_rebuild_mends_whatever_went_past_the_receivers(
    criteria: list[Criterion], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listings, "CHUNK", 2)
    mentors = [make_found(answers=WALES) for _ in range(5)]
    Listing.objects.filter(person=mentors[0]).delete()
    Person.objects.filter(pk=mentors[1].pk).update(is_active=False)
    Profile.objects.filter(person=mentors[2]).update(answers={})
    Profile.objects.filter(person=mentors[3]).update(available=False)
    assert services.rebuild_listings() == 4
    assert found() == {mentors[0], mentors[2], mentors[4]}
    assert services.rebuild_listings() == 0


def test_signing_in_costs_no_relisting(
    criteria: list[Criterion],
    django_assert_num_queries: Callable[[int], AbstractContextManager[Any]],
) -> None:
    mentor = make_found(answers=WALES)
    with django_assert_num_queries(1):
        mentor.save(update_fields=["last_login"])


def test_decline_offers_the_next_closest_with_reasons(criteria: list[Criterion]) -> None:
    best = make_found(answers=WALES)
    second = make_found(answers={"region": "wales"})
    third = make_found(answers={"region": "london"})
    seeker = make_seeker(WALES)
    offered = next_closest(seeker, exclude=[best.pk], n=2)
    assert [one.person for one in offered] == [second, third]
    assert offered[0].receipt.words == "Meets 1 of 2"
    assert receipt(seeker, best).sentence == ("Meets both: Areas: Leadership; Region: Wales.")
    assert {key: one.words for key, one in receipts(seeker, [best, third]).items()} == {
        best.pk: "Meets both",
        third.pk: "Meets none of 2",
    }


def test_receipt_of_somebody_without_a_profile_is_empty(criteria: list[Criterion]) -> None:
    assert receipt(make_person(), make_found(answers=WALES)).lines == ()


@pytest.mark.parametrize(
    ("mentor_field", "mentee_field", "wrong"),
    [
        ({"kind": "short_text"}, {}, "mentor_field"),
        ({"audience": "mentee"}, {}, "mentor_field"),
        ({"visible_to": "partner"}, {}, "mentor_field"),
        ({"key": "page"}, {}, "mentor_field"),
        ({}, {"kind": "date"}, "mentee_field"),
        ({}, {"audience": "mentor"}, "mentee_field"),
    ],
)
def test_staff_choose_a_field_that_cannot_be_matched_and_hear_why(
    db: None, mentor_field: dict[str, Any], mentee_field: dict[str, Any], wrong: str
) -> None:
    criterion = Criterion(
        mentor_field=make_field(**{"key": "one_side", **mentor_field}),
        mentee_field=make_field(**{"key": "other_side", **mentee_field}),
    )
    with pytest.raises(ValidationError) as refusal:
        criterion.full_clean()
    assert list(refusal.value.message_dict) == [wrong]


def test_words_of_the_index_survive_the_database(db: None) -> None:
    mentor = make_person(is_mentor=True)
    odd = ["a=b", "it's", "back\\slash", "two words"]
    Listing.objects.create(person=mentor, tokens=odd)
    assert listing(mentor).tokens == sorted(odd)
    assert words_in("") == []


@pytest.mark.django_db(transaction=True)
def test_profile_and_account_saved_at_once_leave_a_true_listing(
    ciltuk: Institute, inside: Callable[[Institute], AbstractContextManager[Any]]
) -> None:
    make_criterion("at_once", ["yes_please"])
    mentor = make_person(is_mentor=True)
    profile = make_answers(mentor, "mentor", {})
    start = threading.Barrier(2)

    def save(change: Callable[[int], None]) -> None:
        try:
            with inside(ciltuk):
                for turn in range(20):
                    start.wait(timeout=20)
                    change(turn)
        finally:
            connection.close()

    def profile_saved(turn: int) -> None:
        one = Profile.objects.get(pk=profile.pk)
        one.answers = {"at_once": "yes_please"} if turn % 2 else {}
        one.save()

    def person_saved(turn: int) -> None:
        one = Person.objects.get(pk=mentor.pk)
        one.is_active = bool(turn % 2)
        one.save()

    threads = [threading.Thread(target=save, args=(one,)) for one in (profile_saved, person_saved)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert listing(mentor).listed
    assert listing(mentor).tokens == ["at_once=yes_please"]
