"""What every page knows of the messages that wait."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from core.accounts.models import Person
from core.messaging.queries import unread_total


def unread(request: HttpRequest) -> dict[str, Any]:
    """`unread_messages`: how many wait for the person who looks; asked only where it is shown."""
    person = getattr(request, "user", None)
    if not isinstance(person, Person):
        return {"unread_messages": 0}
    return {"unread_messages": SimpleLazyObject(lambda: unread_total(person))}
