"""Staff, members and clients on the institute's address."""

from collections.abc import Callable

import pytest
from django.test import Client

from core.accounts.models import Person
from core.programme.models import Programme
from tenants.models import Institute
from tests.factories.mentorships import make_person
from tests.factories.programmes import ensure_programme


@pytest.fixture
def programme(ciltuk: Institute) -> Programme:
    return ensure_programme()


@pytest.fixture
def colleague(ciltuk: Institute) -> Person:
    """A member of the programme team, and nothing else."""
    return make_person("Tamsin Orrery", is_staff=True)


@pytest.fixture
def staff(
    ciltuk: Institute, programme: Programme, colleague: Person, member_client: Callable[..., Client]
) -> Client:
    """The colleague's browser."""
    return member_client(ciltuk, colleague)
