"""What the tests of memberships share."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Person
from core.mentorships.models import Mentorship
from core.mentorships.states import State
from core.programme.models import Programme
from tenants.models import Institute
from tests.factories.mentorships import make_mentorship, make_profile
from tests.factories.people import someone


def rules(**changes: Any) -> None:
    """Let other rules of the programme hold."""
    programme = Programme.objects.get()
    programme.policies_data = {**programme.policies_data, **changes}
    programme.save()


@pytest.fixture
def visit(member_client: Any, ciltuk: Institute) -> Callable[..., Client]:
    """A browser in which this person is signed in, or nobody."""
    return lambda person=None: member_client(ciltuk, person)


@pytest.fixture
def pair(db: None) -> tuple[Person, Person]:
    """A mentor and a mentee with complete profiles, who can sign in."""
    mentor, mentee = someone("mentor"), someone("mentee")
    make_profile(mentor, "mentor", capacity=3)
    make_profile(mentee, "mentee")
    return mentor, mentee


@pytest.fixture
def active(pair: tuple[Person, Person]) -> Mentorship:
    """A relationship of the two."""
    return make_mentorship(mentor=pair[0], mentee=pair[1], state=State.ACTIVE)
