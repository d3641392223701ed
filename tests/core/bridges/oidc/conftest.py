"""A society with an OpenID Connect provider, and an institute that trusts it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core.bridges.models import Provider
from core.bridges.rules import Kind, State
from core.bridges.services.oidc import callback_url, sign_out_url
from core.kernel.links import absolute
from tests.core.bridges.oidc.browsing import MAPPING, MEMBER
from tests.providers.openid import CLIENT, CLIENT_SECRET, OpenIdProvider, running

MakeProvider = Callable[..., Provider]


@pytest.fixture(scope="session")
def started() -> Iterator[OpenIdProvider]:
    """One provider for all tests of this process."""
    with running() as provider:
        yield provider


@pytest.fixture
def society(started: OpenIdProvider, settings: Any) -> OpenIdProvider:
    """The society's provider; our outgoing calls reach it."""
    settings.OUTGOING_ALLOWED_HOSTS = (started.host,)
    return started


@pytest.fixture
def make_provider(society: OpenIdProvider) -> MakeProvider:
    """``make_provider(accounts, **changes)``: a provider of the institute in force, known to both
    sides."""

    def made(accounts: dict[str, dict[str, Any]] | None = None, **changes: Any) -> Provider:
        provider = Provider(
            key="society",
            kind=Kind.OIDC,
            name="The Society",
            button="Sign in with the Society",
            state=State.ON,
            issuer=society.base,
            address=society.base,
            client_id=CLIENT,
            scopes="openid profile email society",
            mapping=MAPPING,
        )
        provider.secret = CLIENT_SECRET
        for name, value in changes.items():
            setattr(provider, name, value)
        provider.save()
        known = {"mira": MEMBER} if accounts is None else accounts
        society.set_up(absolute("/"), callback_url(provider), sign_out_url(provider), **known)
        return provider

    return made
