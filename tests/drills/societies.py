"""A society beside the platform, seen from inside the product (`Site.inside`)."""

import json

from django.conf import settings
from django.test import Client
from django.urls import reverse

from core.accounts.models import Person
from core.bridges.models import Provider
from core.bridges.rules import Kind, State
from core.membership.models import Member
from core.membership.services.keys import make_token
from tenants.context import tenant_context
from tests.drills.acts import institute
from tests.drills.moody import CLIENT


def trust(slug: str, base: str) -> None:
    """Let members of the institute sign in with the provider; print where that begins."""
    with tenant_context(institute(slug)):
        provider = Provider(
            key="moody", kind=Kind.OIDC, name="The Society", button="Sign in with the Society",
            state=State.ON, issuer=base, address=base, client_id=CLIENT,
        )  # fmt: skip
        provider.secret = "only for the drill"
        provider.save()
        print(json.dumps(reverse("bridges:start", args=[provider.key])))  # noqa: T201


def open_door(slug: str) -> None:
    """Print a token with which the society's system keeps the members of the institute."""
    with tenant_context(institute(slug)):
        by = Person.objects.get(username="staff")
        print(json.dumps(make_token("Drill", by=by)[1]))  # noqa: T201


def session(slug: str, username: str) -> None:
    """Print a session of somebody who is signed in."""
    with tenant_context(institute(slug)):
        client = Client()
        person = Person.objects.get(username=username)
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
        print(json.dumps(client.cookies[settings.SESSION_COOKIE_NAME].value))  # noqa: T201


def seen(slug: str) -> None:
    """Print how many came by the society, as accounts and as members."""
    with tenant_context(institute(slug)):
        people = Person.objects.filter(email__endswith="@society.example")
        found = {"people": people.count(), "members": Member.objects.count()}
    print(json.dumps(found))  # noqa: T201
