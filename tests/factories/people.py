"""People who can sign in, and a browser for somebody who is not signed in yet."""

import re
from itertools import count
from typing import Any

from django.test import Client

from core.accounts import services
from core.accounts.models import Person
from core.kernel.models import OutboxMail
from core.kernel.ports import current_site

PASSWORD = "three quiet lanterns"
_numbers = count(1)


def someone(*roles: str, **fields: Any) -> Person:
    """A person with a confirmed address and `PASSWORD`, in the roles named."""
    number = next(_numbers)
    return services.create_person(
        **{
            "username": f"someone{number}",
            "email": f"someone{number}@people.example",
            "password": PASSWORD,
            "first_name": "Wren",
            "last_name": f"Marlowe{number}",
            "is_mentor": "mentor" in roles,
            "is_mentee": "mentee" in roles,
            **fields,
        }
    )


def browser(**options: Any) -> Client:
    """A browser on the present site with an internet address of its own."""
    number = next(_numbers)
    host = current_site().base_url.split("://", 1)[1].split(":", 1)[0]
    address = f"198.51.{number // 250 % 250}.{number % 250 + 1}"
    return Client(headers={"host": host}, REMOTE_ADDR=address, **options)


def sign_in(client: Client, login: str, password: str = PASSWORD, **more: str) -> Any:
    """Send the sign-in form."""
    return client.post("/account/login/", {"login": login, "password": password, **more})


def mails_to(address: str) -> list[OutboxMail]:
    """The mails to an address, oldest first."""
    return list(OutboxMail.objects.filter(to_address=address).order_by("created_at", "id"))


def path_in(mail: OutboxMail) -> str:
    """The path of the one link of this site in a mail."""
    base = re.escape(current_site().base_url)
    found = re.search(rf"^{base}(/\S*)$", mail.text, re.MULTILINE)
    assert found is not None, mail.text
    return found[1]
