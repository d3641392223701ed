"""Two who worked together, a survey, and browsers for them and for staff."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Person
from core.kernel import clock
from core.mentorships.models import Mentorship
from core.mentorships.states import State
from core.programme.models import Programme
from tenants.models import Institute
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship, make_person

Visit = Callable[[Person], Client]
Policy = Callable[..., None]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_noon() -> Iterator[None]:
    """A Monday in winter."""
    with clock.frozen(NOON):
        yield


@pytest.fixture
def visit(member_client: Any, ciltuk: Institute) -> Visit:
    """A browser in which this person is signed in."""
    return lambda person: member_client(ciltuk, person)


@pytest.fixture
def pair(db: None) -> Mentorship:
    """A mentor and a mentee who work together since ten weeks."""
    return make_mentorship(
        mentor=make_mentor("Mara Keel"),
        mentee=make_mentee("Noor Vane"),
        state=State.ACTIVE,
        answered_at=NOON - timedelta(weeks=10),
    )


@pytest.fixture
def staff(db: None) -> Person:
    """Somebody on the programme team."""
    return make_person("Tessa Rowe", is_staff=True, is_superuser=True)


@pytest.fixture
def set_policy(db: None) -> Policy:
    """Decide something as the institute."""

    def change(**policies: Any) -> None:
        programme = Programme.objects.get()
        programme.policies_data = {**programme.policies_data, **policies}
        programme.save()

    return change
