"""A signed-in browser for every test of the pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Person
from tenants.models import Institute

Visit = Callable[[Person], Client]


@pytest.fixture
def visit(member_client: Any, ciltuk: Institute) -> Visit:
    """A browser in which this person is signed in."""
    return lambda person: member_client(ciltuk, person)
