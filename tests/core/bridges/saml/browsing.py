"""A person's browser that goes to the society and comes back with its form."""

from base64 import b64decode, b64encode
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.test import Client
from django.urls import reverse

from core.bridges.models import Provider
from tests.providers.simplesaml import Form, Visitor

MAPPING = {
    "email": "mail",
    "first_name": "givenName",
    "last_name": "sn",
    "number": "memberNumber",
    "status": "memberStatus",
    "current_words": ["current"],
    "lapsed_words": ["lapsed"],
}


@dataclass
class Browser:
    """One person's browser. here: our site. there: the society's."""

    here: Client
    provider: Provider
    there: Visitor = field(default_factory=Visitor)

    def ask(self, **query: str) -> str:
        """Press the button. Out: the address at the society that we lead to."""
        sent = self.here.get(reverse("bridges:start", args=[self.provider.key]), query)
        assert sent.status_code == 302, sent.content
        return str(sent["Location"])

    def fetch(self, name: str = "mira", **query: str) -> Form:
        """Ask, sign in at the society. Out: its form, not yet brought back."""
        return self.there.sign_in(self.ask(**query), name)

    def bring(self, form: dict[str, str], provider: Provider | None = None) -> Any:
        """Bring the society's form back to us, and go on to the page that reads it."""
        address = reverse("bridges:saml_answer", args=[(provider or self.provider).key])
        crossing = Client(
            headers={"host": self.here.defaults["HTTP_HOST"]}
        )  # a form of another site brings no cookies
        answer = crossing.post(address, dict(form))
        if answer.status_code == 303:
            return self.here.get(answer["Location"])
        return answer

    def sign_in(self, name: str = "mira", **query: str) -> Any:
        """The whole way there and back."""
        return self.bring(self.fetch(name, **query))

    @property
    def is_signed_in(self) -> bool:
        return "_auth_user_id" in self.here.session


def document(form: dict[str, str]) -> bytes:
    """The XML of a form that came from the society."""
    return b64decode(form["SAMLResponse"])


def with_document(form: dict[str, str], source: bytes) -> dict[str, str]:
    """The same form with other XML in it."""
    return {**form, "SAMLResponse": b64encode(source).decode("ascii")}


def path_of(address: str) -> str:
    """The path and query of an address of ours, for the test client."""
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
