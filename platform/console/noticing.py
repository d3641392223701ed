"""Operators hear of a password that was entered in a browser which is new (product A5)."""

from typing import Final
from urllib.parse import urlsplit

from django.db import transaction
from django.http import HttpRequest
from django.template.loader import render_to_string

from core.accounts.models import Person
from core.kernel import outbox
from core.kernel.clock import now
from core.kernel.links import absolute
from core.kernel.ports import current_site
from core.security.rules import browser_in_words
from core.security.services import is_new_browser

KIND: Final = "operator_sign_in"


def note_password(request: HttpRequest, operator: Person) -> bool:
    """Remember the browser; a mail goes out when it is a new one beside known ones.

    The second step comes afterwards: whoever has the password alone is told of as well. Gives
    whether a mail was written. The site has no programme whose words and sender it could use.
    """
    agent = request.headers.get("User-Agent", "")[:1000]
    with transaction.atomic():
        if not is_new_browser(operator, agent):
            return False
        context = {
            "name": operator.full_name,
            "browser": browser_in_words(agent),
            "address": request.META.get("REMOTE_ADDR", ""),
            "at": now(),
            "link": absolute("/"),
        }
        host = urlsplit(current_site().base_url).hostname or ""
        outbox.queue(
            kind=KIND,
            to=(operator.full_name, operator.email),
            sender=("Ithaca operators", f"no-reply@{host}"),
            subject="Your password was entered in a new browser",
            text=render_to_string("console/mails/new_browser.txt", context),
            html=render_to_string("console/mails/new_browser.html", context),
            about=(operator._meta.label, str(operator.pk)),
        )
    return True
