"""A database that a whole module may commit to: copying one for each test takes seconds."""

import secrets
from collections.abc import Iterator

import pytest
from pytest_django import DjangoDbBlocker

from tenants.context import platform_scope
from tenants.hosts import forget_hosts
from tenants.models import Institute, State
from tests import database


@pytest.fixture(scope="module")
def module_copy(
    django_db_setup: None, template_name: str, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """A copy of the template for one module; nothing is rolled back."""
    name = f"test_module_{secrets.token_hex(6)}"
    with django_db_blocker.unblock(), database.copied(name, source=template_name):
        forget_hosts()
        yield
    forget_hosts()


@pytest.fixture
def committed(module_copy: None) -> Iterator[dict[str, Institute]]:
    """The institutes by short name; their state is put back after the test."""
    with platform_scope():
        institutes = {one.slug: one for one in Institute.objects.all()}
    yield institutes
    with platform_scope():
        Institute.objects.filter(pk__in=[one.pk for one in institutes.values()]).update(
            state=State.ACTIVE
        )
    forget_hosts()
