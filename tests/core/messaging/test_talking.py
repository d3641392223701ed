"""Two people write to each other: who may, once only, read marks, order."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from core.accounts.models import Person
from core.accounts.services import block
from core.kernel import clock
from core.kernel.ids import new_id
from core.mentorships.states import State
from core.messaging import errors, queries, services
from core.messaging.models import Conversation, Draft, Kind, Message
from core.messaging.rules import writing as rules
from core.profiles.models import Profile
from core.programme.models import Programme
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship

pytestmark = pytest.mark.django_db


def write(by: Person, to: Person, text: str = "Good morning.") -> Message:
    return services.send(to=to, text=text, key=new_id(), by=by)


@pytest.mark.usefixtures("asked")
def test_two_people_write_there_is_one_conversation(mentor: Person, mentee: Person) -> None:
    write(mentee, mentor, "Hello")
    write(mentor, mentee, "Hello back")
    assert Conversation.objects.count() == 1
    assert [m.text for m in queries.thread(mentor, mentee).messages] == ["Hello", "Hello back"]
    assert [m.text for m in queries.thread(mentee, mentor).messages] == ["Hello", "Hello back"]
    last = queries.last_message_between(mentee, mentor)
    assert last is not None
    assert last.sender == mentor


@pytest.mark.usefixtures("asked")
def test_member_presses_twice_it_is_sent_once(mentor: Person, mentee: Person) -> None:
    key = uuid4()
    first = services.send(to=mentor, text="Once", key=key, by=mentee)
    again = services.send(to=mentor, text="Once", key=key, by=mentee)
    assert first == again
    assert Message.objects.count() == 1


def test_stranger_cannot_write_to_a_member(mentor: Person, mentee: Person) -> None:
    with pytest.raises(errors.NotBetweenThem):
        write(mentor, mentee)
    with pytest.raises(errors.NotBetweenThem):
        write(mentee, mentor)
    assert not Conversation.objects.exists()


def test_member_cannot_write_to_themselves(mentor: Person) -> None:
    with pytest.raises(errors.NotBetweenThem):
        write(mentor, mentor)


def test_mentee_asks_before_any_request_the_mentor_answers_in_the_same_place(
    mentor: Person, mentee: Person
) -> None:
    asked = services.ask(to=mentor, text="May I ask?", key=new_id(), by=mentee)
    assert asked.kind == Kind.QUESTION
    write(mentor, mentee, "You may.")
    write(mentee, mentor, "Thank you.")
    assert len(queries.thread(mentee, mentor).messages) == 3


def test_mentee_asks_an_unavailable_mentor_and_is_refused(mentor: Person, mentee: Person) -> None:
    Profile.objects.filter(person=mentor).update(available=False)
    with pytest.raises(errors.CannotWrite):
        services.ask(to=mentor, text="?", key=new_id(), by=mentee)


def test_mentee_asks_a_mentor_with_an_incomplete_profile_and_is_refused(
    mentor: Person, mentee: Person
) -> None:
    Profile.objects.filter(person=mentor).update(complete=False)
    with pytest.raises(errors.CannotWrite):
        services.ask(to=mentor, text="?", key=new_id(), by=mentee)


@pytest.mark.parametrize(("policy", "allowed"), [("hidden", False), ("shown", True)])
def test_mentee_asks_a_full_mentor_only_where_full_mentors_are_shown(
    policy: str, allowed: bool, mentee: Person
) -> None:
    programme = Programme.objects.get()
    programme.policies_data["full_mentors"] = policy
    programme.save()
    full = make_mentor(capacity=1)
    make_mentorship(mentor=full, state=State.ACTIVE)
    if allowed:
        services.ask(to=full, text="?", key=new_id(), by=mentee)
    else:
        with pytest.raises(errors.CannotWrite):
            services.ask(to=full, text="?", key=new_id(), by=mentee)


def test_mentor_cannot_ask_a_question_of_a_mentee(mentor: Person, mentee: Person) -> None:
    with pytest.raises(errors.NotBetweenThem):
        services.ask(to=mentee, text="?", key=new_id(), by=mentor)


def test_mentee_who_asks_too_many_people_a_day_is_told_to_wait(mentee: Person) -> None:
    for _ in range(rules.QUESTIONS_A_DAY):
        services.ask(to=make_mentor(), text="?", key=new_id(), by=mentee)
    with pytest.raises(errors.TooMuch):
        services.ask(to=make_mentor(), text="?", key=new_id(), by=mentee)
    services.ask(to=make_mentor(), text="?", key=new_id(), by=make_mentee())


@pytest.mark.usefixtures("asked")
def test_member_who_writes_without_end_is_slowed_down(mentor: Person, mentee: Person) -> None:
    for _ in range(rules.MESSAGES_IN_TEN_MINUTES):
        write(mentee, mentor)
    with pytest.raises(errors.TooMuch):
        write(mentee, mentor)
    write(mentor, mentee)


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("blocker", ["mentor", "mentee"])
def test_blocked_people_write_neither_way_and_are_not_told_why(
    blocker: str, mentor: Person, mentee: Person
) -> None:
    write(mentee, mentor)
    one, other = (mentor, mentee) if blocker == "mentor" else (mentee, mentor)
    block(other, by=one)
    for by, to in ((mentor, mentee), (mentee, mentor)):
        with pytest.raises(errors.CannotWrite) as refused:
            write(by, to)
        assert "block" not in refused.value.message
    assert Message.objects.count() == 1


@pytest.mark.usefixtures("asked")
def test_nobody_writes_to_a_closed_account(mentor: Person, mentee: Person) -> None:
    write(mentee, mentor)
    Person.objects.filter(pk=mentor.pk).update(is_active=False)
    with pytest.raises(errors.CannotWrite):
        write(mentee, Person.objects.get(pk=mentor.pk))


@pytest.mark.parametrize("state", [State.DECLINED, State.WITHDRAWN, State.LAPSED])
def test_conversation_goes_on_whatever_became_of_the_request(
    state: State, mentor: Person, mentee: Person
) -> None:
    services.ask(to=mentor, text="?", key=new_id(), by=mentee)
    make_mentorship(mentor=mentor, mentee=mentee, state=state)
    write(mentor, mentee)
    write(mentee, mentor)


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("text", ["", "  \n\t ", "\x00\x07"])
def test_member_who_writes_nothing_sends_nothing(text: str, mentor: Person, mentee: Person) -> None:
    with pytest.raises(errors.NothingWritten):
        write(mentee, mentor, text)
    assert not Message.objects.exists()


@pytest.mark.usefixtures("asked")
def test_member_who_writes_a_book_is_told_its_length(mentor: Person, mentee: Person) -> None:
    with pytest.raises(errors.TooLong, match="8001"):
        write(mentee, mentor, "x" * 8001)


@pytest.mark.usefixtures("asked")
def test_member_writes_in_every_script_it_arrives_unchanged(mentor: Person, mentee: Person) -> None:
    text = "Ümläut, 漢字, عربى, 🙂\n\n\tindented"
    assert write(mentee, mentor, text.replace("\n", "\r\n")).text == text


@pytest.mark.usefixtures("asked")
def test_unread_messages_are_counted_until_they_are_seen(mentor: Person, mentee: Person) -> None:
    for _ in range(3):
        write(mentee, mentor)
    assert queries.unread_by_partner(mentor) == {mentee.pk: 3}
    assert queries.unread_by_partner(mentee) == {}
    assert services.mark_read(partner=mentee, number=2, by=mentor)
    assert not services.mark_read(partner=mentee, number=2, by=mentor)
    assert not services.mark_read(partner=mentee, number=1, by=mentor)
    assert queries.unread_by_partner(mentor) == {mentee.pk: 1}
    assert queries.thread(mentee, mentor).partner_read == 2


@pytest.mark.usefixtures("asked")
def test_nobody_marks_as_read_what_was_not_written_yet(mentor: Person, mentee: Person) -> None:
    write(mentee, mentor)
    assert not services.mark_read(partner=mentee, number=99, by=mentor)
    assert queries.unread_by_partner(mentor) == {mentee.pk: 1}


@pytest.mark.usefixtures("asked")
def test_draft_is_kept_and_gone_once_sent(mentor: Person, mentee: Person) -> None:
    services.keep_draft(to=mentor, text="Dear Ad", by=mentee)
    services.keep_draft(to=mentor, text="Dear Ada,", by=mentee)
    assert queries.draft_of(mentee, mentor) == "Dear Ada,"
    assert queries.draft_of(mentor, mentee) == ""
    key = new_id()
    services.send(to=mentor, text="Dear Ada, hello", key=key, by=mentee)
    assert not Draft.objects.exists()
    services.keep_draft(to=mentor, text="Dear Ada, hello", by=mentee, key=key)
    assert not Draft.objects.exists()


@pytest.mark.usefixtures("asked")
def test_draft_that_is_emptied_is_forgotten(mentor: Person, mentee: Person) -> None:
    services.keep_draft(to=mentor, text="Dear", by=mentee)
    services.keep_draft(to=mentor, text="  ", by=mentee)
    assert not Draft.objects.exists()


def test_draft_to_somebody_one_cannot_write_to_is_refused(mentor: Person) -> None:
    with pytest.raises(errors.NotBetweenThem):
        services.keep_draft(to=make_mentor(), text="Dear", by=mentor)


@pytest.mark.usefixtures("asked")
def test_messages_carry_the_moment_they_were_written(mentor: Person, mentee: Person) -> None:
    at = datetime(2027, 3, 28, 0, 59, tzinfo=UTC)
    with clock.frozen(at):
        message = write(mentee, mentor)
    message.refresh_from_db()
    assert message.sent_at == at
