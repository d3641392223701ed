"""What tests of profiles share."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Person
from core.programme.queries import current
from tests.factories.people import browser, someone
from tests.factories.profiles import a_form_of_every_kind


@pytest.fixture
def every_kind(db: None) -> None:
    """The form has one required field of each kind."""
    a_form_of_every_kind()


@pytest.fixture
def member(db: None) -> Callable[..., tuple[Person, Client]]:
    """``member("mentee")`` → a person with these roles and their browser, signed in."""

    def made(*roles: str, **fields: Any) -> tuple[Person, Client]:
        person = someone(*roles, **fields)
        client = browser()
        client.force_login(person)
        return person, client

    return made


@pytest.fixture
def policy(db: None) -> Callable[..., None]:
    """``policy(profile_gate=False)`` changes what the institute decided."""

    def changed(**policies: Any) -> None:
        programme = current()
        programme.policies_data = {**programme.policies_data, **policies}
        programme.save()

    return changed
