"""Two people who can write to each other, and their browsers."""

from collections.abc import Callable

import pytest
from django.test import Client

from core.accounts.models import Person
from tenants.models import Institute
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship

Browser = Callable[[Person], Client]


@pytest.fixture
def mentor(db: None) -> Person:
    return make_mentor("Ada Lark")


@pytest.fixture
def mentee(db: None) -> Person:
    return make_mentee("Bo Finch")


@pytest.fixture
def asked(mentor: Person, mentee: Person) -> None:
    """A request lies between the two, so both may write."""
    make_mentorship(mentor=mentor, mentee=mentee)


@pytest.fixture
def browser(ciltuk: Institute, member_client: Callable[..., Client]) -> Browser:
    """A person's browser."""
    return lambda person: member_client(ciltuk, person)
