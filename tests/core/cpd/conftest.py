"""A site with a CPD scheme, a member with meetings behind them, and browsers."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Person
from core.cpd.rules import KEY, KIND
from core.kernel import clock
from core.mentorships.models import Mentorship
from core.mentorships.states import State
from core.programme.services import publish
from tenants.models import Institute
from tests.factories.meetings import make_meeting
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship

Visit = Callable[[Person], Client]
NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)
YEAR = "?from=2026-01-01&to=2026-12-31"


@pytest.fixture(autouse=True)
def _at_noon(db: None) -> Iterator[None]:
    with clock.frozen(NOON):
        publish(KIND, KEY, {"scheme": "Learning log", "link": "https://learning.example/log",
                            "hours_target": 20, "note": ""})  # fmt: skip
        yield


@pytest.fixture
def visit(member_client: Any, ciltuk: Institute) -> Visit:
    """A browser in which this person is signed in."""
    return lambda person: member_client(ciltuk, person)


@pytest.fixture
def pair(db: None) -> Mentorship:
    """Two who have met for 90 minutes, and once more after the moment of the test."""
    two = make_mentorship(
        mentor=make_mentor("Mara Keel"), mentee=make_mentee("Noor Vane"), state=State.ACTIVE
    )
    make_meeting(two, at=NOON - timedelta(days=10), minutes=90, title="Taking stock")
    make_meeting(two, at=NOON + timedelta(days=10), minutes=60, title="Still to come")
    make_meeting(
        two, at=NOON - timedelta(days=5), title="Called off", cancelled_at=NOON - timedelta(days=6)
    )
    return two
