"""A society with its own sign-in, and an institute that trusts it."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.test import Client
from pytest_django import Settings

from core.bridges.models import Provider
from core.bridges.rules import Kind, State
from core.bridges.services.saml import answers, metadata, ours
from core.bridges.services.saml.metadata import Party
from tenants.models import Institute
from tests.core.bridges.saml.browsing import MAPPING, Browser, document
from tests.core.bridges.saml.signing import Pair
from tests.providers import keys
from tests.providers.simplesaml import SimpleSaml, running

MemberClient = Callable[..., Client]
MakeProvider = Callable[..., Provider]


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimpleSaml]:
    """One SimpleSAMLphp for all tests of this process."""
    folder: Path = tmp_path_factory.mktemp("society")
    with running(folder) as idp:
        yield idp


@pytest.fixture
def idp(started: SimpleSaml, settings: Settings) -> SimpleSaml:
    """The society's identity provider with one member; our outgoing calls reach it."""
    settings.OUTGOING_ALLOWED_HOSTS = (started.base.removeprefix("http://"),)
    started.options()
    started.people(
        mira={
            "mail": "mira.holt@society.example",
            "givenName": "Mira",
            "sn": "Holt",
            "memberNumber": "M-1042",
            "memberStatus": "current",
        },
    )
    return started


@pytest.fixture(scope="session")
def own_key() -> tuple[str, str]:
    """Our private key and certificate: made once, they take a while."""
    key, certificate = keys.pair("ours")
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private.decode(), certificate.public_bytes(Encoding.PEM).decode()


@pytest.fixture
def make_provider(idp: SimpleSaml, own_key: tuple[str, str]) -> MakeProvider:
    """``make_provider(**changes)``: a provider of the institute in force, known to both sides."""

    def made(**changes: object) -> Provider:
        provider = Provider(
            key="society",
            kind=Kind.SAML,
            name="The Society",
            button="Sign in with the Society",
            state=State.ON,
            issuer=idp.entity,
            metadata=idp.metadata().decode(),
            mapping=MAPPING,
            trusts_addresses=True,
        )
        for name, value in changes.items():
            setattr(provider, name, value)
        provider.sp_key, provider.sp_certificate = own_key
        provider.save()
        idp.trust(ours.metadata(provider))
        return provider

    return made


@pytest.fixture
def provider(ciltuk: Institute, make_provider: MakeProvider) -> Provider:
    """The society's provider at the institute."""
    return make_provider()


@pytest.fixture
def browser(ciltuk: Institute, provider: Provider, member_client: MemberClient) -> Browser:
    """A person's browser, at our site and at the society's."""
    return Browser(member_client(ciltuk), provider)


@dataclass
class Caught:
    """An answer that a thief has caught on its way."""

    source: bytes
    number: str
    provider: Provider
    party: Party

    def read(self, source: bytes, party: Party | None = None) -> answers.Said:
        """Bring an answer, changed or not."""
        field = b64encode(source).decode("ascii")
        return answers.read(field, self.provider, party or self.party, self.number)


@pytest.fixture
def caught(browser: Browser) -> Caught:
    """A good answer of the society, not yet brought back."""
    form = browser.fetch()
    number = answers.number_of(form["SAMLResponse"])
    party = metadata.read(browser.provider.metadata.encode())
    return Caught(document(form), number, browser.provider, party)


@pytest.fixture(scope="session")
def stranger() -> Pair:
    """A key that nobody trusts, or a provider's that a test trusts."""
    return keys.pair("a stranger")
