"""Operators, and browsers on their site."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.test import Client

from core.accounts.models import Person
from core.kernel.models import OutboxMail
from core.kernel.outbox import queue
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


@pytest.fixture
def mail(ciltuk: Institute) -> OutboxMail:
    """A mail of an institute, with a script in it."""
    with tenant_context(ciltuk), transaction.atomic():
        return queue(
            kind="request_received",
            to=("Silas Wherry", "silas@people.example"),
            sender=("The team", "team@lantern.example"),
            subject="Somebody asks for your help",
            text="Look at https://ciltuk.localhost/relationships/ please <b>",
            html="<p>Look <script>alert(1)</script></p>",
        )
