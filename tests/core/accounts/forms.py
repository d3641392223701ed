"""The registration form as a browser sends it."""

from typing import Any

from django.test import Client

from core.accounts.queries import asked_of_newcomers
from tests.factories.people import PASSWORD, browser


def ticks() -> dict[str, str]:
    """The boxes of the pages that are read and accepted."""
    return {f"agree_{page.key}": str(page.version) for page in asked_of_newcomers().pages}


def registration(**changes: Any) -> dict[str, Any]:
    """A whole, correct form."""
    return {
        "first_name": "Wren",
        "last_name": "Marlowe",
        "email": "wren@people.example",
        "username": "wren",
        "roles": ["mentee"],
        "password1": PASSWORD,
        "password2": PASSWORD,
        **ticks(),
        **changes,
    }


def register(client: Client | None = None, **changes: Any) -> Any:
    """Send the registration form."""
    return (client or browser()).post("/account/signup/", registration(**changes))
