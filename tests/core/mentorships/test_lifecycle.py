"""From the ask to the end: editing, asking for changes, reopening, completing, leaving."""

from datetime import UTC, datetime, timedelta

import pytest

from core.accounts.services import block
from core.kernel import clock
from core.kernel.models import OutboxMail
from core.matching.models import Listing
from core.mentorships import errors, permissions, queries, services
from core.mentorships.models import Mentorship
from core.mentorships.rules import Part, compare
from core.mentorships.states import OPEN, PAST, UNANSWERED, Action, State
from core.profiles.models import Profile
from tests.core.mentorships.test_services import nothing_happened, send, set_policy
from tests.factories.mentorships import (
    STATEMENT,
    make_mentee,
    make_mentor,
    make_mentorship,
    make_person,
)

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2025, 3, 1, 9, tzinfo=UTC)
START = datetime(2027, 3, 1, 9, tzinfo=UTC)


def asked(**who: object) -> Mentorship:
    return send(**{"mentor": make_mentor(), "by": make_mentee(), **who})


def kinds() -> list[str]:
    return list(OutboxMail.objects.order_by("created_at", "id").values_list("kind", flat=True))


def test_mentee_edits_and_mentor_sees_word_by_word_what_changed() -> None:
    sent = asked()
    services.edit(
        sent, area=sent.area, statement=STATEMENT.replace("years", "ages"), by=sent.mentee
    )
    changes = queries.latest_change(sent)
    assert changes is not None
    told = [piece for piece in changes.statement if piece[0] is not Part.SAME]
    assert told == [(Part.REMOVED, "years."), (Part.ADDED, "ages.")]
    assert [moment.step.action for moment in queries.history(sent)] == ["send", "edit"]
    assert queries.history(sent)[1].changes == changes
    mail = OutboxMail.objects.get(kind="request_edited")
    assert mail.to_address == sent.mentor.email
    assert "done it for ages" in mail.text


def test_mentee_saving_the_same_words_again_tells_nobody() -> None:
    sent = asked()
    services.edit(sent, area=sent.area, statement=STATEMENT, by=sent.mentee)
    assert kinds() == ["request_received"]
    assert sent.steps.count() == 1


def test_mentee_cannot_flood_the_mentor_with_edits() -> None:
    sent = asked()
    for number in range(10):
        services.edit(sent, area=sent.area, statement=f"{STATEMENT} {number}", by=sent.mentee)
    assert Action.EDIT not in services.available_actions(sent.mentee, sent)
    with pytest.raises(errors.TooOften):
        services.edit(sent, area=sent.area, statement="Once more.", by=sent.mentee)
    with clock.frozen(clock.now() + timedelta(days=2)):
        services.edit(sent, area=sent.area, statement="Once more.", by=sent.mentee)


def test_mentor_asks_for_changes_and_mentee_sends_a_new_version() -> None:
    set_policy(negotiation="ask_for_changes")
    with clock.frozen(START):
        sent = asked()
    with clock.frozen(START + timedelta(days=2)):
        services.ask_changes(sent, note="What is your aim?", by=sent.mentor)
    wish = OutboxMail.objects.get(kind="changes_asked")
    assert wish.to_address == sent.mentee.email
    assert "> What is your aim?" in wish.text
    with clock.frozen(START + timedelta(days=12)):
        services.revise(
            sent, area=sent.area, statement=f"{STATEMENT} My aim: peace.", by=sent.mentee
        )
    sent.refresh_from_db()
    assert sent.state == State.PROPOSED
    assert sent.waiting_since == START + timedelta(days=10)
    assert sent.paused_at is None
    assert queries.latest_words(sent, Action.ASK_CHANGES) == "What is your aim?"
    assert kinds() == ["request_received", "changes_asked", "request_revised"]


@pytest.mark.parametrize("negotiation", ["message_first", "edit_details"])
def test_institute_that_negotiates_otherwise_offers_no_asking_for_changes(negotiation: str) -> None:
    set_policy(negotiation=negotiation)
    sent = make_mentorship()
    assert Action.ASK_CHANGES not in services.available_actions(sent.mentor, sent)
    nothing_happened(
        lambda: services.ask_changes(sent, note="More.", by=sent.mentor), errors.NotThisWay
    )


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.LAPSED, State.ENDED])
def test_mentee_reopens_and_the_mentor_has_to_say_yes(state: State) -> None:
    row = make_mentorship(state=state, waiting_since=LONG_AGO, reminded_day=15)
    services.reopen(row, area=row.area, statement=f"{STATEMENT} Again.", by=row.mentee)
    row.refresh_from_db()
    assert row.state == State.PROPOSED
    assert row.reminded_day == 0
    assert row.waiting_since > LONG_AGO
    assert row.statement.endswith("Again.")
    assert not permissions.may_see_contact(row.mentee, row)
    mail = OutboxMail.objects.get()
    assert (mail.kind, mail.to_address) == ("request_reopened", row.mentor.email)
    services.accept(row, by=row.mentor)
    row.refresh_from_db()
    assert row.is_active


def test_mentor_thinks_again_about_a_decline() -> None:
    row = asked()
    services.decline(row, reason="away", note="Not now.", by=row.mentor)
    assert Action.REOPEN not in services.available_actions(row.mentee, _fresh(row))
    services.reopen(row, by=row.mentor)
    row.refresh_from_db()
    assert (row.state, row.reason, row.note) == (State.PROPOSED, "", "")
    assert OutboxMail.objects.get(kind="decline_reopened").to_address == row.mentee.email
    assert row.steps.get(action="decline").note == "Not now."


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.LAPSED, State.ENDED, State.DECLINED])
def test_nothing_is_reopened_while_the_mentor_is_away_or_full(state: State) -> None:
    row = make_mentorship(mentor=make_mentor(capacity=1), state=state)
    who = row.mentor if state is State.DECLINED else row.mentee
    profile = Profile.objects.get(person=row.mentor)
    profile.available = False
    profile.save()
    assert Action.REOPEN not in services.available_actions(who, row)
    nothing_happened(lambda: services.reopen(row, by=who), errors.MentorUnavailable)
    profile.available = True
    profile.save()
    assert Action.REOPEN in services.available_actions(who, row)
    make_mentorship(mentor=row.mentor, state=State.ACTIVE)
    assert Action.REOPEN not in services.available_actions(who, row)
    nothing_happened(lambda: services.reopen(row, by=who), errors.MentorFull)


def test_nothing_is_reopened_beside_an_open_one_or_beyond_the_limit() -> None:
    set_policy(open_request_limit=1)
    row = make_mentorship(state=State.WITHDRAWN)
    another = make_mentorship(mentee=row.mentee)
    nothing_happened(lambda: services.reopen(row, by=row.mentee), errors.TooManyOpen)
    services.withdraw(another, by=row.mentee)
    send(mentor=row.mentor, by=row.mentee)
    nothing_happened(lambda: services.reopen(row, by=row.mentee), errors.AlreadyOpen)


def test_either_of_the_two_completes_where_either_may() -> None:
    set_policy(who_completes="either")
    row = make_mentorship(mentor=make_mentor(capacity=1), state=State.ACTIVE)
    assert Action.MARK_DONE not in services.available_actions(row.mentee, row)
    services.complete(row, by=row.mentee)
    assert _fresh(row).state == State.COMPLETED
    assert Listing.objects.get(person=row.mentor).room == 1
    assert OutboxMail.objects.get().to_address == row.mentor.email


def test_each_of_the_two_says_so_where_each_must() -> None:
    set_policy(who_completes="each")
    row = make_mentorship(state=State.ACTIVE)
    assert Action.COMPLETE not in services.available_actions(row.mentor, row)
    services.mark_done(row, by=row.mentor)
    row = _fresh(row)
    assert row.state == State.ACTIVE
    assert Action.MARK_DONE not in services.available_actions(row.mentor, row)
    assert Action.COMPLETE not in services.available_actions(row.mentor, row)
    assert Action.COMPLETE in services.available_actions(row.mentee, row)
    services.complete(row, by=row.mentee)
    assert _fresh(row).state == State.COMPLETED
    assert kinds() == ["completion_asked", "relationship_completed"]


def test_mentor_completes_when_the_mentee_asks() -> None:
    set_policy(who_completes="mentor_when_asked")
    row = make_mentorship(state=State.ACTIVE)
    nothing_happened(lambda: services.complete(row, by=row.mentor), errors.NotThisWay)
    nothing_happened(lambda: services.mark_done(row, by=row.mentor), errors.NotThisWay)
    services.mark_done(row, by=row.mentee)
    nothing_happened(lambda: services.complete(row, by=row.mentee), errors.NotThisWay)
    services.complete(row, by=row.mentor)
    assert _fresh(row).state == State.COMPLETED


@pytest.mark.parametrize("who", ["mentor", "mentee", "staff"])
def test_anyone_of_the_two_or_staff_ends_it_and_contact_details_hide_at_once(who: str) -> None:
    row = make_mentorship(mentor=make_mentor(capacity=1), state=State.ACTIVE)
    people = {"mentor": row.mentor, "mentee": row.mentee, "staff": make_person(is_staff=True)}
    services.end(row, reason="We never met.", by=people[who])
    row = _fresh(row)
    assert row.state == State.ENDED
    assert not permissions.may_see_contact(row.mentor, row)
    assert not permissions.may_see_contact(row.mentee, row)
    assert row.steps.get(action="end").staff_note == "We never met."
    assert Listing.objects.get(person=row.mentor).room == 1
    told = set(OutboxMail.objects.values_list("to_address", flat=True))
    assert told == {one.email for name, one in people.items() if name not in (who, "staff")}
    assert not OutboxMail.objects.filter(text__contains="never met").exists()
    assert not OutboxMail.objects.filter(text__contains=row.mentor.email).exists()


@pytest.mark.parametrize("state", sorted(State))
def test_blocking_ends_what_is_open_and_nobody_is_told_why(state: State) -> None:
    row = make_mentorship(state=state)
    block(row.mentee, by=row.mentor)
    after = _fresh(row).state
    assert after not in OPEN
    assert after == state if state in PAST else after != state
    assert OutboxMail.objects.count() == (1 if state in OPEN else 0)
    assert not OutboxMail.objects.filter(text__icontains="block").exists()


def test_blocked_people_neither_find_nor_ask_nor_reopen() -> None:
    row = make_mentorship(state=State.WITHDRAWN)
    assert [one.person for one in queries.closest_left(row.mentee)] == [row.mentor]
    block(row.mentee, by=row.mentor)
    assert queries.closest_left(row.mentee) == []
    message = nothing_happened(
        lambda: services.reopen(row, by=row.mentee), errors.MentorUnavailable
    )
    assert "block" not in message
    nothing_happened(lambda: send(mentor=row.mentor, by=row.mentee), errors.NotTheirs)


def test_message_stops_the_clock_and_the_answer_lets_it_go_on() -> None:
    row = make_mentorship(waiting_since=START)
    pair = {"mentor": row.mentor, "mentee": row.mentee}
    services.resume(**pair)
    with clock.frozen(START + timedelta(days=5)):
        services.pause(**pair)
        services.pause(**pair)
    with clock.frozen(START + timedelta(days=9)):
        services.resume(**pair)
    row.refresh_from_db()
    assert row.waiting_since == START + timedelta(days=4)
    assert row.paused_at is None


def test_two_texts_are_compared_without_losing_a_letter() -> None:
    before, after = "One  two\n\nthree.", "One two\nthree and four."
    pieces = compare(before, after)
    assert "".join(text for part, text in pieces if part is not Part.ADDED) == before
    assert "".join(text for part, text in pieces if part is not Part.REMOVED) == after
    assert compare("", "") == []


def test_every_mail_of_one_relationship_is_in_one_thread() -> None:
    row = asked()
    services.accept(row, by=row.mentor)
    services.end(row, by=row.mentee)
    threads = set(OutboxMail.objects.values_list("in_reply_to", flat=True))
    assert len(threads) == 1
    assert f"mentorship-{row.pk}@" in threads.pop()


@pytest.mark.parametrize("state", sorted(UNANSWERED))
def test_mentor_reads_no_reason_of_a_withdrawal(state: State) -> None:
    row = make_mentorship(state=state)
    services.withdraw(row, reason="Too strict.", by=row.mentee)
    assert row.steps.get(action="withdraw").staff_note == "Too strict."
    assert not OutboxMail.objects.filter(text__contains="strict").exists()


def _fresh(row: Mentorship) -> Mentorship:
    return queries.with_people().get(pk=row.pk)
