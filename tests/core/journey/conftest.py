"""Two partners on a road of three stages, and browsers for them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from core.accounts.models import Person
from core.journey.rules import DEFAULT, KEY, KIND, Activity, Plan, Question
from core.mentorships.models import Mentorship
from core.mentorships.states import State
from core.programme.models import Programme
from core.programme.services import publish
from tenants.models import Institute
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship

Visit = Callable[[Person], Client]
SHEET = Activity(
    key="agreement",
    label="What we agree",
    introduction="Each writes, then you compare.",
    questions=(
        Question(key="often", label="How often do we meet?"),
        Question(key="between", label="What stays between us?"),
    ),
)
FIRST = DEFAULT.stages[0].model_copy(update={"activities": (SHEET,)})
PLAN = Plan(stages=(FIRST, *DEFAULT.stages[1:]), tips=DEFAULT.tips)


@pytest.fixture
def plan(db: None) -> None:
    """The institute's road."""
    publish(KIND, KEY, PLAN.model_dump(mode="json"))


@pytest.fixture
def visit(member_client: Any, ciltuk: Institute) -> Visit:
    """A browser in which this person is signed in."""
    return lambda person: member_client(ciltuk, person)


@pytest.fixture
def pair(db: None) -> Mentorship:
    """Two who work together."""
    return make_mentorship(
        mentor=make_mentor("Mara Keel"), mentee=make_mentee("Noor Vane"), state=State.ACTIVE
    )


def set_policy(**policies: Any) -> None:
    """Let the institute decide otherwise."""
    programme = Programme.objects.get()
    programme.policies_data = {**programme.policies_data, **policies}
    programme.save()
    cache.clear()
