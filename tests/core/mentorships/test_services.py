"""Sending, accepting, declining and withdrawing: each whole, or not at all."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from core.kernel.errors import RuleBroken
from core.kernel.models import AuditEntry, OutboxMail
from core.matching.models import Listing
from core.mentorships import errors, queries, services
from core.mentorships.models import Mentorship, MentorshipStep
from core.mentorships.rules import Reason
from core.mentorships.states import OPEN, PAST, UNANSWERED, Action, State
from core.profiles.models import Profile
from core.programme.queries import current
from tests.factories.mentorships import (
    STATEMENT,
    an_area,
    make_mentee,
    make_mentor,
    make_mentorship,
    make_person,
    make_profile,
)

pytestmark = pytest.mark.django_db


def send(**who: Any) -> Mentorship:
    return services.send(area=an_area(), statement=STATEMENT, **who)


def set_policy(**policies: Any) -> None:
    programme = current()
    programme.policies_data = {**programme.policies_data, **policies}
    programme.save()


def nothing_happened(during: Callable[[], object], error: type[RuleBroken]) -> str:
    """Run it, expect the error, and look that no row was written; gives the message."""
    before = [rows() for rows in (_rows, MentorshipStep.objects.count, _audit, _mails)]
    with pytest.raises(error) as raised:
        during()
    assert before == [rows() for rows in (_rows, MentorshipStep.objects.count, _audit, _mails)]
    return raised.value.message


def _rows() -> list[tuple[Any, ...]]:
    return list(Mentorship.objects.order_by("id").values_list("id", "state", "changed_at"))


def _audit() -> int:
    return AuditEntry.objects.count()


def _mails() -> int:
    return OutboxMail.objects.count()


def test_mentee_sends_and_it_waits_for_the_mentor() -> None:
    mentor, mentee = make_mentor(), make_mentee()
    sent = send(mentor=mentor, by=mentee)
    sent.refresh_from_db()
    assert (sent.state, sent.mentor, sent.mentee) == (State.PROPOSED, mentor, mentee)
    assert sent.statement == STATEMENT
    step = sent.steps.get()
    assert (step.action, step.before, step.after, step.by) == ("send", "", "proposed", mentee)
    audit = AuditEntry.objects.get(verb="mentorship sent")
    assert (audit.thing_id, audit.actor_id) == (str(sent.pk), mentee.pk)
    assert OutboxMail.objects.get().to_address == mentor.email
    assert queries.waiting_for(mentor, [sent]) == [sent]
    assert queries.waiting_for(mentee, [sent]) == []


def test_mentee_cannot_send_twice_to_one_mentor() -> None:
    mentor, mentee = make_mentor(), make_mentee()
    first = send(mentor=mentor, by=mentee)
    with pytest.raises(errors.AlreadyOpen) as raised:
        send(mentor=mentor, by=mentee)
    assert raised.value.mentorship_id == first.pk
    assert (Mentorship.objects.count(), _mails()) == (1, 1)


@pytest.mark.parametrize("state", sorted(PAST))
def test_mentee_can_send_again_after_it_came_to_an_end(state: State) -> None:
    past = make_mentorship(state=state)
    assert send(mentor=past.mentor, by=past.mentee).state == State.PROPOSED


def test_two_people_can_mentor_each_other_both_ways() -> None:
    one, two = make_mentor(is_mentee=True), make_mentor(is_mentee=True)
    make_profile(one, "mentee")
    make_profile(two, "mentee")
    send(mentor=one, by=two)
    send(mentor=two, by=one)
    assert Mentorship.objects.count() == 2


def test_nobody_asks_themselves() -> None:
    both = make_mentor(is_mentee=True)
    make_profile(both, "mentee")
    nothing_happened(lambda: send(mentor=both, by=both), errors.NotTheirs)


def test_mentor_without_mentee_role_cannot_send() -> None:
    nothing_happened(lambda: send(mentor=make_mentor(), by=make_mentor()), errors.NotTheirs)


def test_mentee_is_refused_by_a_full_mentor() -> None:
    mentor = make_mentor("Wren Alder", capacity=1)
    make_mentorship(mentor=mentor, state=State.ACTIVE)
    mentee = make_mentee()
    assert "Wren Alder" in nothing_happened(
        lambda: send(mentor=mentor, by=mentee), errors.MentorFull
    )


def test_mentee_is_refused_by_an_unavailable_mentor() -> None:
    mentor, mentee = make_mentor(), make_mentee()
    Profile.objects.filter(person=mentor).update(available=False)
    nothing_happened(lambda: send(mentor=mentor, by=mentee), errors.MentorUnavailable)


def test_mentee_with_an_unfinished_profile_is_asked_to_complete_it() -> None:
    set_policy(profile_gate=True)
    mentor, mentee = make_mentor(), make_person(is_mentee=True)
    nothing_happened(lambda: send(mentor=mentor, by=mentee), errors.ProfileMissing)
    set_policy(profile_gate=False)
    assert send(mentor=mentor, by=mentee).state == State.PROPOSED


def test_mentee_at_the_limit_is_told_so_and_can_send_after_withdrawing() -> None:
    set_policy(open_request_limit=2)
    mentee = make_mentee()
    first = send(mentor=make_mentor(), by=mentee)
    send(mentor=make_mentor(), by=mentee)
    third = make_mentor()
    message = nothing_happened(lambda: send(mentor=third, by=mentee), errors.TooManyOpen)
    assert "2" in message
    services.withdraw(first, by=mentee)
    assert send(mentor=third, by=mentee).state == State.PROPOSED


def test_accepted_ones_do_not_count_against_the_limit() -> None:
    set_policy(open_request_limit=1)
    mentee = make_mentee()
    make_mentorship(mentee=mentee, state=State.ACTIVE)
    assert send(mentor=make_mentor(), by=mentee).state == State.PROPOSED


def test_institute_without_a_limit_lets_mentees_send_many() -> None:
    set_policy(open_request_limit=None)
    mentee = make_mentee()
    for _ in range(6):
        send(mentor=make_mentor(), by=mentee)


def test_mentor_accepts_and_the_place_is_taken() -> None:
    asked = make_mentorship(mentor=make_mentor(capacity=2))
    accepted = services.accept(asked, by=asked.mentor)
    accepted.refresh_from_db()
    assert accepted.is_active
    assert accepted.answered_at is not None
    assert [moment.step.action for moment in queries.history(accepted)] == ["send", "accept"]
    assert Listing.objects.get(person=asked.mentor).room == 1
    assert AuditEntry.objects.filter(verb="mentorship accepted").count() == 1
    assert sorted(OutboxMail.objects.values_list("kind", flat=True)) == [
        "relationship_begun",
        "request_accepted",
    ]


def test_mentor_without_room_cannot_accept_and_may_still_decline() -> None:
    mentor = make_mentor(capacity=1)
    make_mentorship(mentor=mentor, state=State.ACTIVE)
    asked = make_mentorship(mentor=mentor)
    assert services.available_actions(mentor, asked) == (Action.DECLINE,)
    message = nothing_happened(lambda: services.accept(asked, by=mentor), errors.MentorFull)
    assert "profile" in message


def test_mentor_declines_with_reason_and_kind_words() -> None:
    asked = make_mentorship()
    services.decline(asked, reason="no_time", note="  Do write again in spring. ", by=asked.mentor)
    asked.refresh_from_db()
    assert (asked.state, asked.reason) == (State.DECLINED, Reason.NO_TIME)
    assert asked.note == "Do write again in spring."
    assert OutboxMail.objects.get().to_address == asked.mentee.email


def test_mentee_withdraws_and_the_mentor_is_told() -> None:
    asked = make_mentorship()
    services.withdraw(asked, by=asked.mentee)
    asked.refresh_from_db()
    assert asked.state == State.WITHDRAWN
    mail = OutboxMail.objects.get()
    assert (mail.kind, mail.to_address) == ("request_withdrawn", asked.mentor.email)


BUILT = [services.accept, services.decline, services.withdraw]


@pytest.mark.parametrize("service", BUILT, ids=lambda one: one.__name__)
@pytest.mark.parametrize("state", sorted(set(State) - UNANSWERED))
def test_answer_in_a_wrong_state_is_a_conflict_that_says_how_it_stands(
    service: Callable[..., Mentorship], state: State
) -> None:
    asked = make_mentorship(state=state)
    owner = asked.mentee if service is services.withdraw else asked.mentor
    message = nothing_happened(lambda: service(asked, by=owner), errors.NoLongerPossible)
    assert message == queries.standing(asked)


@pytest.mark.parametrize("service", BUILT, ids=lambda one: one.__name__)
def test_somebody_else_cannot_answer(service: Callable[..., Mentorship]) -> None:
    asked = make_mentorship()
    partner = asked.mentor if service is services.withdraw else asked.mentee
    for person in (partner, make_mentor(is_mentee=True)):
        nothing_happened(lambda by=person: service(asked, by=by), errors.NotTheirs)  # type: ignore[misc]


def test_row_in_hand_that_is_out_of_date_wins_nothing() -> None:
    asked = make_mentorship()
    stale = Mentorship.objects.get(pk=asked.pk)
    services.withdraw(asked, by=asked.mentee)
    assert stale.state == State.PROPOSED
    nothing_happened(lambda: services.accept(stale, by=stale.mentor), errors.NoLongerPossible)


@pytest.mark.parametrize("state", sorted(State))
def test_every_offered_action_succeeds_and_every_other_is_refused(state: State) -> None:
    for action, service in zip(
        (Action.ACCEPT, Action.DECLINE, Action.WITHDRAW), BUILT, strict=True
    ):
        asked = make_mentorship(state=state)
        for person in (asked.mentor, asked.mentee):
            offered = action in services.available_actions(person, asked)
            with transaction.atomic():
                try:
                    service(asked, by=person)
                    worked = True
                except RuleBroken:
                    worked = False
                transaction.set_rollback(True)
            assert worked == offered


def test_area_that_is_not_the_institutes_is_refused() -> None:
    if not an_area():
        pytest.fail("the institute of this test has no areas of support")
    mentor, mentee = make_mentor(), make_mentee()
    nothing_happened(
        lambda: services.send(mentor=mentor, area="not_there", statement=STATEMENT, by=mentee),
        errors.AreaUnknown,
    )


def test_database_itself_refuses_a_second_open_one_in_a_direction() -> None:
    for state in sorted(OPEN):
        first = make_mentorship(state=state)
        with pytest.raises(IntegrityError), transaction.atomic():
            make_mentorship(mentor=first.mentor, mentee=first.mentee)


def test_database_itself_refuses_unknown_states_and_oneself() -> None:
    asked = make_mentorship()
    for wrong in ({"state": "half"}, {"mentor": asked.mentee}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Mentorship.objects.filter(pk=asked.pk).update(**wrong)


def test_mentor_who_takes_more_mentees_is_found_again() -> None:
    mentor = make_mentor(capacity=1)
    asked = make_mentorship(mentor=mentor)
    services.accept(asked, by=mentor)
    assert Listing.objects.get(person=mentor).room == 0
    profile = Profile.objects.get(person=mentor)
    profile.capacity = 3
    profile.save()
    assert Listing.objects.get(person=mentor).room == 2


def test_mentor_who_takes_fewer_than_they_have_has_no_room_until_it_is_true_again() -> None:
    mentor = make_mentor(capacity=3)
    for _ in range(3):
        services.accept(make_mentorship(mentor=mentor), by=mentor)
    profile = Profile.objects.get(person=mentor)
    for capacity, room in ((1, 0), (4, 1)):
        profile.capacity = capacity
        profile.save()
        assert Listing.objects.get(person=mentor).room == room
