"""The programme team brings two together: at once or by asking, and never against a rule."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.models import Person
from core.accounts.services import block
from core.journey.models import Run
from core.kernel.models import AuditEntry, OutboxMail
from core.matching.models import Listing
from core.mentorships import services
from core.mentorships.errors import MatchRefused, NotTheirs
from core.mentorships.models import Mentorship
from core.mentorships.states import Action, Role, State
from core.profiles.models import Profile
from tests.core.mentorships.test_services import set_policy
from tests.factories.mentorships import (
    an_area,
    make_mentee,
    make_mentor,
    make_mentorship,
    make_person,
)
from tests.factories.people import browser, someone

pytestmark = pytest.mark.django_db

WORDS = "We think that the two of you would work well together."


@pytest.fixture
def member() -> Person:
    return make_person(is_staff=True)


def bring(mentor: Person, mentee: Person, by: Person, *, at_once: bool = True) -> Mentorship:
    return services.match(
        mentor=mentor, mentee=mentee, area=an_area(), statement=WORDS, at_once=at_once, by=by
    )


def sentence(mentor: Person, mentee: Person, by: Person) -> str:
    return services.obstacles([(mentor.pk, mentee.pk)], at_once=True, by=by).get(
        (mentor.pk, mentee.pk), ""
    )


def test_team_lets_two_begin_at_once_and_both_get_contact_details(member: Person) -> None:
    mentor, mentee = make_mentor(capacity=1), make_mentee()
    made = bring(mentor, mentee, member)
    assert (made.state, made.by_team) == (State.ACTIVE, True)
    assert Listing.objects.get(person=mentor).room == 0
    assert Run.objects.filter(mentorship=made).exists()
    step = made.steps.get()
    assert (step.action, step.role, step.by_id) == (Action.MATCH, Role.STAFF, member.pk)
    assert AuditEntry.objects.get(thing_id=str(made.pk)).actor_id == member.pk
    mails = {mail.to_address: mail.text for mail in OutboxMail.objects.all()}
    assert set(mails) == {mentor.email, mentee.email}
    assert mentor.phone in mails[mentee.email]
    assert mentee.phone in mails[mentor.email]


def test_team_asks_the_mentor_who_answers_as_always(member: Person) -> None:
    mentor, mentee = make_mentor(), make_mentee()
    made = bring(mentor, mentee, member, at_once=False)
    assert made.state == State.PROPOSED
    mails = {mail.to_address: mail.text for mail in OutboxMail.objects.all()}
    assert set(mails) == {mentor.email, mentee.email}
    assert not any(one in text for one in (mentor.phone, mentee.phone) for text in mails.values())
    assert services.accept(made, by=mentor).state == State.ACTIVE


def test_words_are_the_mentees_as_soon_as_they_rewrite_them(member: Person) -> None:
    mentor, mentee = make_mentor(), make_mentee()
    made = bring(mentor, mentee, member, at_once=False)
    page = browser()
    page.force_login(mentor)
    assert "asks you to help" in page.get("/relationships/").content.decode()
    services.edit(made, area=made.area, statement="In my own words, at some length.", by=mentee)
    made.refresh_from_db()
    assert made.by_team is False


def _gone(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(is_active=False)


def _unfinished(person: Person) -> None:
    Profile.objects.filter(person=person).update(complete=False)


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda mentor, mentee: _gone(mentee), "The account of {mentee} is not in use."),
        (lambda mentor, mentee: _gone(mentor), "The account of {mentor} is not in use."),
        (lambda mentor, mentee: _unfinished(mentee), "{mentee} has not completed their profile"),
        (lambda mentor, mentee: _unfinished(mentor), "{mentor} has not completed their profile"),
        (
            lambda mentor, mentee: Profile.objects.filter(person=mentor).update(available=False),
            "{mentor} is not available at present.",
        ),
        (
            lambda mentor, mentee: Person.objects.filter(pk=mentor.pk).update(is_mentor=False),
            "{mentor} does not want to be a mentor.",
        ),
        (lambda mentor, mentee: block(mentor, by=mentee), "One of the two has blocked the other."),
        (
            lambda mentor, mentee: make_mentorship(mentor=mentor, mentee=mentee),
            "{mentor} and {mentee} have an open",
        ),
        (
            lambda mentor, mentee: make_mentorship(mentor=mentor, state=State.ACTIVE),
            "{mentor} has no place left.",
        ),
    ],
)
def test_team_is_told_in_a_sentence_why_two_cannot_be_brought_together(
    member: Person, spoil: Callable[[Person, Person], Any], expected: str
) -> None:
    mentor, mentee = make_mentor(capacity=1), make_mentee()
    assert sentence(mentor, mentee, member) == ""
    spoil(mentor, mentee)
    told = expected.format(mentor=mentor.full_name, mentee=mentee.full_name)
    assert told in sentence(mentor, mentee, member)
    before = Mentorship.objects.count()
    with pytest.raises(MatchRefused):
        bring(mentor, mentee, member)
    assert Mentorship.objects.count() == before


def test_nobody_is_matched_with_themselves_or_by_themselves(member: Person) -> None:
    both = make_mentor(is_mentee=True)
    assert "their own" in sentence(both, both, member)
    own = make_mentor(is_staff=True)
    assert "You are one of the two" in sentence(own, make_mentee(), own)
    with pytest.raises(NotTheirs):
        bring(make_mentor(), make_mentee(), make_mentor())


def test_proposals_keep_to_the_limit_of_open_requests(member: Person) -> None:
    set_policy(open_request_limit=1)
    mentee = make_mentee()
    bring(make_mentor(), mentee, member, at_once=False)
    with pytest.raises(MatchRefused, match="as many requests"):
        bring(make_mentor(), mentee, member, at_once=False)


def test_last_place_is_given_once_in_one_batch(member: Person) -> None:
    mentor = make_mentor(capacity=1)
    matches = [services.Match(mentor, make_mentee(), an_area(), WORDS) for _ in range(2)]
    with pytest.raises(MatchRefused, match="no place left"):
        services.match_all(matches, at_once=True, by=member)
    assert not Mentorship.objects.exists()


def test_staff_match_by_hand_from_the_list_to_the_relationship() -> None:
    mentor, mentee = make_mentor("Wren Alder"), make_mentee("Isla Tern")
    client = _of_the_team("coordinator")
    listing = client.get(reverse("staff:match")).content.decode()
    choose = reverse("staff:match_mentee", args=[mentee.pk])
    assert choose in listing
    pair = _pair(mentee, mentor)
    assert pair in client.get(choose).content.decode()
    assert pair in client.get(choose, {"q": "alder wren"}).content.decode()
    bad = client.post(pair, {"way": "", "statement": ""})
    assert bad.status_code == 422
    assert "Write a few words to both." in bad.content.decode()
    form = {"way": "at_once", "area": an_area(), "statement": WORDS}
    done = client.post(pair, form)
    made = Mentorship.objects.get(mentor=mentor, mentee=mentee)
    assert done.headers["Location"] == reverse(
        "staff:mentorships_mentorship_change", args=[made.pk]
    )
    assert choose not in client.get(reverse("staff:match")).content.decode()
    again = client.post(pair, form)
    assert (again.status_code, Mentorship.objects.count()) == (422, 1)
    assert "have an open" in again.content.decode()


def test_read_only_staff_look_and_see_no_button() -> None:
    mentor, mentee = make_mentor(), make_mentee()
    client = _of_the_team("reader")
    choose = client.get(reverse("staff:match_mentee", args=[mentee.pk])).content.decode()
    pair = _pair(mentee, mentor)
    assert pair not in choose
    assert '<form method="post" class="in-panel' not in client.get(pair).content.decode()
    form = {"way": "at_once", "area": an_area(), "statement": WORDS}
    assert client.post(pair, form).status_code == 403
    assert not Mentorship.objects.exists()


def test_lists_of_matching_ask_the_database_the_same_for_one_and_for_three(
    django_assert_max_num_queries: Any,
) -> None:
    mentee, client = make_mentee(), _of_the_team("manager")
    make_mentor()
    client.get(reverse("staff:match"))
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for _ in range(2):
        for name, keys in (("staff:match", []), ("staff:match_mentee", [mentee.pk])):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(reverse(name, args=keys)).status_code == 200
            counts.append(len(asked))
        for _ in range(2):
            make_mentor()
            make_mentee()
    assert counts[:2] == counts[2:]


def _pair(mentee: Person, mentor: Person) -> str:
    profile = Profile.objects.get(person=mentor, role="mentor")
    return reverse("staff:match_pair", args=[mentee.pk, profile.pk])


def _of_the_team(role: str) -> Client:
    client = browser()
    client.force_login(someone(is_staff=True, staff_role=role))
    return client
