"""A site where the diary is among the tools, a member, and browsers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Person
from core.programme.models import Programme
from core.programme.queries import current
from tenants.models import Institute
from tests.factories.mentorships import make_mentee

Visit = Callable[[Person], Client]


def set_tools(*items: str) -> None:
    """Choose what stands in the menu of tools."""
    row: Programme = current()
    row.menus_data = {**row.menus_data, "tools": {"label": "Tools", "items": list(items)}}
    row.save()


@pytest.fixture(autouse=True)
def _diary_offered(db: None) -> None:
    set_tools("goals", "diary")


@pytest.fixture
def visit(member_client: Any, ciltuk: Institute) -> Visit:
    """A browser in which this person is signed in."""
    return lambda person: member_client(ciltuk, person)


@pytest.fixture
def writer(db: None) -> Person:
    """A mentee who keeps a diary."""
    return make_mentee("Noor Vane")
