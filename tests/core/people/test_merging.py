"""Two accounts of one person are made one: nothing is lost, nothing half done, nobody gains."""

from typing import Any
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse

from core.accounts.models import Block, Person
from core.diary.models import Draft
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.kernel.models import AuditEntry
from core.mentorships.models import Mentorship, WaitingPlace
from core.mentorships.states import State
from core.messaging.models import Conversation, Message, Side
from core.people.queries.duplicates import likely_pairs
from core.people.services import merging
from core.people.services.merging.rules import RULES, Way
from core.people.services.merging.walking import _JOINS, foreign_keys, name_of, pointers
from core.profiles.models import Profile
from tests.factories.diary import make_entry
from tests.factories.goals import make_goal
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship
from tests.factories.people import PASSWORD, browser, mails_to, sign_in, someone
from tests.factories.profiles import a_form_of_every_kind, a_full_profile

pytestmark = pytest.mark.django_db


def team(**fields: Any) -> tuple[Person, Client]:
    person = someone(is_staff=True, **fields)
    client = browser()
    client.force_login(person)
    return person, client


def merge(kept: Person, closed: Person, **chosen: str) -> Person:
    return merging.merge(kept, closed, chosen=chosen, by=someone(is_staff=True))


def wrote(sender: Person, reader: Person, text: str, *, read: bool) -> Message:
    first, second = sorted((sender, reader), key=lambda one: one.pk)
    talk, new = Conversation.objects.get_or_create(first=first, second=second)
    if new:
        for one, other in ((first, second), (second, first)):
            Side.objects.create(conversation=talk, person=one, partner=other)
    talk.last_number += 1
    talk.last_at = now()
    talk.save()
    message = Message.objects.create(
        conversation=talk, number=talk.last_number, sender=sender, text=text, key=uuid4()
    )
    talk.sides.filter(person=sender).update(read_number=message.number)
    if read:
        talk.sides.filter(person=reader).update(read_number=message.number)
    return message


# -- every pointer ------------------------------------------------------------------------------
def test_every_foreign_key_to_a_person_has_a_rule_and_every_rule_a_foreign_key() -> None:
    found = {name_of(model, field) for model, field in foreign_keys()}
    found = {name for name in found if name.rpartition(".")[0] not in _JOINS}
    assert found - set(RULES) == set(), "say in merging/rules.py what becomes of these"
    assert set(RULES) - found == set()


def test_pointer_without_a_rule_stops_the_merge(monkeypatch: pytest.MonkeyPatch) -> None:
    left = {name: rule for name, rule in RULES.items() if name != "goals.Goal.owner"}
    monkeypatch.setattr("core.people.services.merging.walking.RULES", left)
    with pytest.raises(LookupError, match=r"goals\.Goal\.owner"):
        merge(someone("mentee"), someone("mentee"))


# -- what moves ---------------------------------------------------------------------------------
def test_relationships_goals_diary_and_addresses_become_the_kept_accounts() -> None:
    kept, closed = someone("mentee"), someone("mentee", last_name="Fenn")
    mentorship = make_mentorship(mentee=closed, state=State.ACTIVE)
    goal, entry = make_goal(mentorship, owner=closed), make_entry(closed)
    old = closed.email
    merge(kept, closed)
    for row, field in ((mentorship, "mentee"), (goal, "owner"), (entry, "writer")):
        row.refresh_from_db()
        assert getattr(row, field) == kept
    closed.refresh_from_db()
    assert (closed.is_active, closed.merged_into, closed.has_usable_password()) == (
        False, kept, False,
    )  # fmt: skip
    assert not closed.email.startswith(old)
    for one in pointers():
        if one.rule.way is not Way.STAY and one.rule.way is not Way.OWN:
            assert not one.rows(closed).exists(), one.field
    for address in (kept.email, old):
        assert sign_in(browser(), address, PASSWORD).headers["Location"] == "/"
        assert [mail.kind for mail in mails_to(address)] == ["people_merged"]
    assert sign_in(browser(), closed.username).status_code == 200
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"people merged", "merged into another account"} <= verbs


def test_sessions_of_the_closed_account_end_and_it_stays_closed() -> None:
    kept, closed = someone("mentee"), someone("mentee")
    client = browser()
    client.force_login(closed)
    merge(kept, closed)
    assert client.get(reverse("accounts:edit")).status_code == 302
    _staff, staff_client = team()
    staff_client.post(reverse("staff:reactivate", args=[closed.pk]))
    closed.refresh_from_db()
    assert not closed.is_active


def test_answers_are_united_and_the_chosen_ones_taken() -> None:
    a_form_of_every_kind(required=False)
    kept, closed = someone("mentor"), someone("mentor", "mentee")
    a_full_profile(kept, "mentor", one_line="Mine", story="")
    a_full_profile(closed, "mentor", one_line="Theirs", story="Told there", years=3)
    a_full_profile(closed, "mentee", one_line="Only there")
    asked = {one.name for one in merging.preview(kept, closed, by=closed).choices}
    assert {"mentor.one_line", "mentor.years", "email"} <= asked
    assert "mentor.story" not in asked
    merge(kept, closed, **{"mentor.years": merging.CLOSED})
    answers = Profile.objects.get(person=kept, role="mentor").answers
    assert (answers["one_line"], answers["story"], answers["years"]) == ("Mine", "Told there", 3)
    assert Profile.objects.get(person=kept, role="mentee").answers["one_line"] == "Only there"
    kept.refresh_from_db()
    assert kept.roles == ["mentor", "mentee"]


def test_chosen_address_and_name_are_taken_and_the_first_joining_day() -> None:
    kept, closed = someone("mentee"), someone("mentee", first_name="Wrenna")
    wanted = closed.email
    merge(kept, closed, email=merging.CLOSED, first_name=merging.CLOSED)
    kept.refresh_from_db()
    assert (kept.email, kept.first_name) == (wanted, "Wrenna")
    primary = EmailAddress.objects.get(user=kept, primary=True)
    assert (primary.email, primary.verified) == (wanted, True)


def test_two_conversations_with_one_person_become_one_in_order_with_what_was_unread() -> None:
    kept, closed, friend = someone("mentee"), someone("mentee"), someone("mentor")
    wrote(friend, kept, "one", read=True)
    wrote(friend, closed, "two", read=True)
    wrote(closed, friend, "three", read=False)
    wrote(friend, kept, "four", read=False)
    lonely = wrote(closed, someone("mentor"), "elsewhere", read=True)
    merge(kept, closed)
    first, second = sorted((kept, friend), key=lambda one: one.pk)
    talk = Conversation.objects.get(first=first, second=second)
    rows = list(talk.messages.order_by("number").values_list("number", "text", "sender"))
    assert rows == [
        (1, "one", friend.pk), (2, "two", friend.pk), (3, "three", kept.pk), (4, "four", friend.pk),
    ]  # fmt: skip
    assert talk.last_number == 4
    assert talk.sides.get(person=kept).read_number == 3
    assert talk.sides.get(person=friend).read_number == 2
    lonely.refresh_from_db()
    assert lonely.sender == kept
    assert set(Side.objects.filter(person=kept).values_list("partner", flat=True)) == {
        friend.pk, *lonely.conversation.sides.exclude(person=kept).values_list("person", flat=True),
    }  # fmt: skip
    assert not Conversation.objects.filter(first=closed).exists()
    assert not Conversation.objects.filter(second=closed).exists()


def test_what_both_have_is_kept_once_and_nobody_points_at_themselves() -> None:
    kept, closed, other = someone("mentee"), someone("mentee"), make_mentor()
    for one in (kept, closed):
        WaitingPlace.objects.create(mentor=other, mentee=one)
        Block.objects.create(blocker=one, blocked=someone("mentor"))
        Block.objects.create(blocker=other, blocked=one)
    Block.objects.create(blocker=kept, blocked=closed)
    Draft.objects.create(writer=kept, text="Begun here.")
    Draft.objects.create(writer=closed, text="And there.")
    merge(kept, closed)
    assert WaitingPlace.objects.get(mentor=other).mentee == kept
    assert Block.objects.filter(blocker=kept).count() == 2
    assert Block.objects.filter(blocked=kept).count() == 1
    assert Draft.objects.get().text == "Begun here.\n\nAnd there."


# -- what is refused ----------------------------------------------------------------------------
def test_two_open_relationships_in_one_direction_are_refused_with_a_sentence() -> None:
    kept, closed, mentor = make_mentee(), make_mentee(), make_mentor("Ida Berg")
    for one in (kept, closed):
        make_mentorship(mentor=mentor, mentee=one, state=State.ACTIVE)
    with pytest.raises(RuleBroken, match=r"relationship with Ida Berg\. End one"):
        merge(kept, closed)
    closed.refresh_from_db()
    assert closed.is_active
    Mentorship.objects.filter(mentee=closed).update(state=State.ENDED.value)
    merge(kept, closed)
    assert Mentorship.objects.filter(mentor=mentor, mentee=kept).count() == 2


def test_people_who_know_each_other_are_two_people() -> None:
    mentor, mentee = make_mentor(), make_mentee()
    make_mentorship(mentor=mentor, mentee=mentee, state=State.ENDED)
    with pytest.raises(RuleBroken, match="relationship with each other"):
        merge(mentor, mentee)
    one, other = someone("mentor"), someone("mentee")
    wrote(one, other, "Hello", read=True)
    with pytest.raises(RuleBroken, match="written to each other"):
        merge(one, other)


def test_nobody_gets_at_an_account_of_the_team_by_merging() -> None:
    colleague, member = someone("mentor", is_staff=True), someone("mentor")
    for kept, closed in ((colleague, member), (member, colleague)):
        with pytest.raises(RuleBroken, match="programme team"):
            merge(kept, closed, email=merging.CLOSED)
    with pytest.raises(RuleBroken, match="one account already"):
        merge(member, member)
    gone = someone("mentor", is_active=False)
    with pytest.raises(RuleBroken, match="is closed"):
        merge(member, gone)


def test_fault_in_the_middle_leaves_everything_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    kept, closed = someone("mentee"), someone("mentee")
    entry = make_entry(closed)

    def broken(*args: object, **kwargs: object) -> None:
        raise RuntimeError("the lamp fell over")

    monkeypatch.setattr(merging, "_tell_both", broken)
    with pytest.raises(RuntimeError):
        merge(kept, closed)
    for row in (closed, entry):
        row.refresh_from_db()
    assert (closed.is_active, entry.writer) == (True, closed)


# -- finding and the pages ----------------------------------------------------------------------
def test_likely_pairs_are_found_by_name_address_and_telephone_and_not_twice() -> None:
    one = someone("mentee", first_name="Ida", last_name="Berg", email="ida.berg@post.example")
    two = someone("mentor", first_name="ida ", last_name="BERG", email="idaberg+2@work.example")
    phone = someone("mentee", phone="+44 7700 900 123")
    same = someone("mentee", phone="07700 900123")
    someone("mentee", first_name="Ida", last_name="Berg", is_active=False)
    found = {(pair.one, pair.other): pair.reasons for pair in likely_pairs(limit=50)}
    assert found == {
        (one, two): ["same name", "addresses much alike"],
        (phone, same): ["same telephone"],
    }
    merging.keep_apart(two, one, by=same)
    assert [pair.one for pair in likely_pairs(limit=50)] == [phone]


def test_staff_compares_chooses_and_merges_on_the_pages(django_assert_num_queries: Any) -> None:
    _staff, client = team()
    one = someone("mentee", first_name="Ida", last_name="Berg", job_title="Judge")
    two = someone("mentee", first_name="Ida", last_name="Berg", job_title="Clerk")
    listed = client.get(reverse("staff:duplicates")).content.decode()
    page = reverse("staff:duplicates_pair", args=[one.pk, two.pk])
    assert page in listed
    shown = client.get(page).content.decode()
    assert "take-job_title" in shown
    assert client.post(page, {"step": "merge"}).status_code == 422
    done = client.post(page, {"step": "merge", "sure": "on", "take-job_title": "closed"})
    assert done.headers["Location"] == reverse("staff:accounts_person_change", args=[one.pk])
    one.refresh_from_db()
    assert one.job_title == "Clerk"
    assert client.post(page, {"step": "merge", "sure": "on"}).status_code == 422
    searched = client.get(reverse("staff:duplicates"), {"person": str(one.pk), "q": two.username})
    assert "No open account was found" in searched.content.decode()


def test_reader_looks_and_does_not_merge() -> None:
    _staff, client = team(staff_role="reader")
    one, two = someone("mentee"), someone("mentee")
    page = reverse("staff:duplicates_pair", args=[one.pk, two.pk])
    shown = client.get(page).content.decode()
    assert "Merge the two" not in shown
    assert client.post(page, {"step": "merge", "sure": "on"}).status_code == 403
