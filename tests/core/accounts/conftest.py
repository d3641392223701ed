"""What tests of accounts share."""

import pytest

from core.accounts.models import Person
from tests.core.accounts.forms import register


@pytest.fixture
def newcomer(db: None) -> Person:
    """Somebody who has registered and not opened the link yet."""
    register(username="newcomer", email="newcomer@people.example")
    return Person.objects.get(username="newcomer")
