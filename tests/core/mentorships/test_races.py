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
from core.mentorships.states import State
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
    look_up = services.look_up

    def slowly(*args: Any, **kwargs: Any) -> Mentorship:
        found = look_up(*args, **kwargs)
        both_have_read.wait(timeout=20)
        return found

    monkeypatch.setattr(services, "look_up", slowly)
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

    def slowly(person: Person) -> int:
        places = room_of(person)
        both_have_read.wait(timeout=20)
        return places

    monkeypatch.setattr(services, "lock", lambda *people: None)
    monkeypatch.setattr(queries, "room_of", slowly)
    outcomes = all_at_once(ciltuk, [partial(services.accept, one, by=mentor) for one in asked])
    assert won(outcomes) == 2
