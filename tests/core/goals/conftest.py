"""Two partners, a moment in which all is held still, and browsers for them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Person
from core.kernel import clock
from core.mentorships.models import Mentorship
from core.mentorships.states import State
from tenants.models import Institute
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship

Visit = Callable[[Person], Client]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    """A Monday."""
    with clock.frozen(NOON):
        yield


@pytest.fixture
def visit(member_client: Any, ciltuk: Institute) -> Visit:
    """A browser in which this person is signed in."""
    return lambda person: member_client(ciltuk, person)


@pytest.fixture
def pair(db: None) -> Mentorship:
    """A mentor and a mentee who work together."""
    return make_mentorship(
        mentor=make_mentor("Mara Keel"), mentee=make_mentee("Noor Vane"), state=State.ACTIVE
    )
