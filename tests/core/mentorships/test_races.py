"""Real threads on committed rows: of many at once exactly one wins, and one mail goes out."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection

from core.accounts.models import Person
from core.kernel.errors import RuleBroken
from core.kernel.models import OutboxMail
from core.matching.models import Listing
from core.mentorships import errors, queries, services
from core.mentorships.models import Mentorship, MentorshipStep
from core.mentorships.services import answering, asking, steps
from core.mentorships.states import State
from core.profiles.models import Profile
from tenants.context import tenant_context
from tenants.models import Institute
from tests.core.mentorships.test_services import send, set_policy
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship

pytestmark = pytest.mark.django_db(transaction=True)

Deed = Callable[[], Mentorship]


def all_at_once(institute: Institute, deeds: list[Deed]) -> list[Mentorship | RuleBroken]:
    """Each in a thread and a connection of its own, let go together."""
    barrier = threading.Barrier(len(deeds))

    def run(deed: Deed) -> Mentorship | RuleBroken:
        with tenant_context(institute):
            try:
                barrier.wait(timeout=20)
                return deed()
            except RuleBroken as broken:
                return broken
            finally:
                connection.close()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(run, deeds))


def won(outcomes: list[Mentorship | RuleBroken]) -> int:
    return sum(isinstance(one, Mentorship) for one in outcomes)


def test_many_accepts_for_one_place_give_one_mentee(ciltuk: Institute) -> None:
    for _ in range(5):
        mentor = make_mentor(capacity=1)
        asked = [make_mentorship(mentor=mentor) for _ in range(6)]
        before = OutboxMail.objects.count()
        outcomes = all_at_once(ciltuk, [partial(services.accept, one, by=mentor) for one in asked])
        assert won(outcomes) == 1
        assert sum(isinstance(one, errors.MentorFull) for one in outcomes) == 5
        assert Mentorship.objects.filter(mentor=mentor, state=State.ACTIVE).count() == 1
        assert Listing.objects.get(person=mentor).room == 0
        assert OutboxMail.objects.count() == before + 2


def test_one_request_answered_in_every_way_at_once_gets_one_answer(ciltuk: Institute) -> None:
    for _ in range(8):
        asked = make_mentorship()
        mentor, mentee = asked.mentor, asked.mentee
        before = OutboxMail.objects.filter(to_address=mentee.email).count()
        outcomes = all_at_once(
            ciltuk,
            [
                partial(services.accept, asked, by=mentor),
                partial(services.decline, asked, by=mentor),
                partial(services.accept, asked, by=mentor),
                partial(services.decline, asked, by=mentor),
                partial(services.withdraw, asked, by=mentee),
            ],
        )
        assert won(outcomes) == 1
        assert sum(isinstance(one, errors.NoLongerPossible) for one in outcomes) == 4
        state = Mentorship.objects.get(pk=asked.pk).state
        assert MentorshipStep.objects.filter(mentorship=asked, after=state).count() == 1
        assert asked.steps.count() == 2
        mails = OutboxMail.objects.filter(to_address=mentee.email).count() - before
        assert mails == (0 if state == State.WITHDRAWN else 1)


def test_one_mentee_pressing_send_many_times_sends_once(ciltuk: Institute) -> None:
    mentor, mentee = make_mentor(), make_mentee()
    outcomes = all_at_once(ciltuk, [partial(send, mentor=mentor, by=mentee)] * 6)
    assert won(outcomes) == 1
    assert sum(isinstance(one, errors.AlreadyOpen) for one in outcomes) == 5
    assert OutboxMail.objects.filter(to_address=mentor.email).count() == 1


def test_mentee_asking_many_mentors_at_once_stays_within_the_limit(ciltuk: Institute) -> None:
    set_policy(open_request_limit=2)
    mentee = make_mentee()
    mentors = [make_mentor() for _ in range(6)]
    outcomes = all_at_once(ciltuk, [partial(send, mentor=one, by=mentee) for one in mentors])
    assert won(outcomes) == 2
    assert sum(isinstance(one, errors.TooManyOpen) for one in outcomes) == 4


def test_two_who_both_read_the_old_state_do_not_both_move_it(
    ciltuk: Institute, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = make_mentorship()
    both_have_read = threading.Barrier(2)
    look_up = steps.look_up

    def slowly(*args: Any, **kwargs: Any) -> Mentorship:
        found = look_up(*args, **{**kwargs, "hold": False})
        both_have_read.wait(timeout=20)
        return found

    monkeypatch.setattr(answering, "look_up", slowly)
    monkeypatch.setattr(asking, "look_up", slowly)
    outcomes = all_at_once(
        ciltuk,
        [
            partial(services.decline, asked, by=asked.mentor),
            partial(services.withdraw, asked, by=asked.mentee),
        ],
    )
    assert won(outcomes) == 1
    assert asked.steps.count() == 2
    assert OutboxMail.objects.count() == 1


def test_check_of_places_finds_a_missing_lock(
    ciltuk: Institute, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The planted fault: without the lock on the mentor two read the same free place."""
    mentor = make_mentor(capacity=1)
    asked = [make_mentorship(mentor=mentor) for _ in range(2)]
    both_have_read = threading.Barrier(2)
    room_of = queries.room_of

    def slowly(person: Person, profile: Profile | None = None) -> int:
        places = room_of(person, profile)
        both_have_read.wait(timeout=20)
        return places

    monkeypatch.setattr(answering, "lock", lambda *people: None)
    monkeypatch.setattr(queries, "room_of", slowly)
    outcomes = all_at_once(ciltuk, [partial(services.accept, one, by=mentor) for one in asked])
    assert won(outcomes) == 2


def test_answers_and_edits_at_once_leave_one_outcome_that_fits_history(ciltuk: Institute) -> None:
    set_policy(negotiation="ask_for_changes")
    for _ in range(6):
        asked = send(mentor=make_mentor(), by=make_mentee())
        mentor, mentee = asked.mentor, asked.mentee
        said = {"area": asked.area, "statement": f"{asked.statement} And more."}
        outcomes = all_at_once(
            ciltuk,
            [
                partial(services.accept, asked, by=mentor),
                partial(services.decline, asked, by=mentor),
                partial(services.ask_changes, asked, note="More, please.", by=mentor),
                partial(services.edit, asked, **said, by=mentee),
                partial(services.edit, asked, **said, by=mentee),
                partial(services.withdraw, asked, by=mentee),
            ],
        )
        asked.refresh_from_db()
        moments = list(asked.steps.exclude(action__in=["send", "edit", "ask_changes"]))
        assert len(moments) <= 1
        assert asked.state == asked.steps.last().after  # type: ignore[union-attr]
        assert asked.steps.filter(action="edit").count() <= 1
        mails = OutboxMail.objects.filter(about_id=str(asked.pk)).count()
        taken = asked.steps.count() + asked.steps.filter(action="accept").count()
        assert mails == taken
        assert won(outcomes) >= 1


def test_both_marking_it_done_at_once_complete_it_once(ciltuk: Institute) -> None:
    set_policy(who_completes="each")
    for _ in range(5):
        active = make_mentorship(state=State.ACTIVE)
        outcomes = all_at_once(
            ciltuk,
            [
                partial(services.mark_done, active, by=active.mentor),
                partial(services.mark_done, active, by=active.mentee),
            ],
        )
        assert won(outcomes) == 2
        active.refresh_from_db()
        assert active.state == State.COMPLETED
        assert [step.action for step in active.steps.all()][1:] == ["mark_done", "complete"]
        assert OutboxMail.objects.filter(about_id=str(active.pk)).count() == 2


def test_ending_completing_and_ending_at_once_free_one_place(ciltuk: Institute) -> None:
    mentor = make_mentor(capacity=1)
    active = make_mentorship(mentor=mentor, state=State.ACTIVE)
    outcomes = all_at_once(
        ciltuk,
        [
            partial(services.end, active, by=mentor),
            partial(services.complete, active, by=active.mentee),
            partial(services.end, active, by=active.mentee),
        ],
    )
    assert won(outcomes) == 1
    assert Listing.objects.get(person=mentor).room == 1
    assert OutboxMail.objects.count() == 1


def test_reopening_and_sending_anew_at_once_give_one_open_request(ciltuk: Institute) -> None:
    for _ in range(5):
        asked = make_mentorship(state=State.WITHDRAWN)
        outcomes = all_at_once(
            ciltuk,
            [
                partial(services.reopen, asked, by=asked.mentee),
                partial(send, mentor=asked.mentor, by=asked.mentee),
                partial(services.reopen, asked, by=asked.mentee),
            ],
        )
        assert won(outcomes) == 1
        assert OutboxMail.objects.filter(to_address=asked.mentor.email).count() == 1
