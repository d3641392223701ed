"""Real threads on committed rows: one meeting, one change, one cancellation, and their mails."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from uuid import uuid4

import pytest
from django.db import connection

from core.kernel import clock
from core.kernel.errors import RuleBroken
from core.kernel.models import OutboxMail
from core.meetings import errors, services
from core.meetings.models import Meeting
from core.mentorships import services as of_mentorships
from core.mentorships.models import Mentorship
from tenants.context import tenant_context
from tenants.models import Institute
from tests.core.meetings.conftest import NOON
from tests.factories.meetings import plan

pytestmark = pytest.mark.django_db(transaction=True)
Deed = Callable[[], object]


def all_at_once(institute: Institute, deeds: list[Deed]) -> list[object]:
    """Each in a thread and a connection of its own, let go together at noon."""
    barrier = threading.Barrier(len(deeds))

    def run(deed: Deed) -> object:
        with tenant_context(institute), clock.frozen(NOON):
            try:
                barrier.wait(timeout=20)
                return deed()
            except RuleBroken as broken:
                return broken
            finally:
                connection.close()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(run, deeds))


def test_one_form_sent_many_times_at_once_makes_one_meeting(
    ciltuk: Institute, pair: Mentorship
) -> None:
    key = uuid4()
    send = partial(services.arrange, pair, by=pair.mentee, plan=plan(), send=True, form_key=key)
    made = all_at_once(ciltuk, [send] * 5)
    assert {one.pk for one in made if isinstance(one, Meeting)} == {Meeting.objects.get().pk}
    assert OutboxMail.objects.filter(kind="meeting_arranged").count() == 1


def test_of_many_changes_at_once_one_wins(ciltuk: Institute, pair: Mentorship) -> None:
    meeting = services.arrange(pair, by=pair.mentee, plan=plan(), send=True)
    deeds: list[Deed] = [
        partial(services.change, meeting, by=by, plan=plan(minutes=minutes), seen=0, send=False)
        for by, minutes in ((pair.mentee, 30), (pair.mentor, 45), (pair.mentee, 90))
    ]
    outcomes = all_at_once(ciltuk, deeds)
    assert sum(isinstance(one, Meeting) for one in outcomes) == 1
    assert sum(isinstance(one, errors.AlreadyChanged) for one in outcomes) == 2
    assert Meeting.objects.get().sequence == 1


def test_end_and_meeting_at_once_leave_no_meeting_to_come(
    ciltuk: Institute, pair: Mentorship
) -> None:
    meeting = services.arrange(pair, by=pair.mentee, plan=plan(), send=True)
    deeds: list[Deed] = [
        partial(of_mentorships.end, pair, reason="", by=pair.mentor),
        partial(services.arrange, pair, by=pair.mentee, plan=plan(title="Late"), send=True),
        partial(services.cancel, meeting, by=pair.mentee),
        partial(services.cancel, meeting, by=pair.mentor),
    ]
    all_at_once(ciltuk, deeds)
    assert not Meeting.objects.filter(cancelled_at=None).exists()
    cancelled = OutboxMail.objects.filter(kind="meeting_cancelled", about_id=str(meeting.pk))
    assert cancelled.count() == 1
