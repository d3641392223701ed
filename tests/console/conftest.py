"""Operators, and browsers on their site."""

from collections.abc import Callable

import pytest
from django.test import Client

from core.accounts.models import Person
from tenants.context import platform_scope, tenant_context
from tenants.models import Institute, Kind
from tests.factories.mentorships import make_person

PASSWORD = "a lantern on the quay"


@pytest.fixture
def site(db: None) -> Institute:
    """The operators' site."""
    with platform_scope():
        return Institute.objects.get(kind=Kind.OPERATORS)


@pytest.fixture
def operator(site: Institute) -> Person:
    """Somebody who runs the platform."""
    with tenant_context(site):
        person = make_person("Odile Marram", is_staff=True)
        person.set_password(PASSWORD)
        person.save()
    return person


@pytest.fixture
def stranger(site: Institute, member_client: Callable[..., Client]) -> Client:
    """A browser on the operators' site, nobody signed in."""
    return member_client(site)


@pytest.fixture
def console(site: Institute, operator: Person, member_client: Callable[..., Client]) -> Client:
    """The operator's browser."""
    return member_client(site, operator)
