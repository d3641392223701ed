"""Who reads, and what an address stands for; anything else is told that there is no such page."""

from typing import cast
from uuid import UUID

from django.http import Http404, HttpRequest

from core.accounts.models import Person
from core.diary import permissions, queries
from core.diary.models import Entry


def reader(request: HttpRequest) -> Person:
    """The person of this request, who may read a diary of their own; raises Http404."""
    person = cast("Person", request.user)
    if not permissions.may_read(person):
        raise Http404
    return person


def writer(request: HttpRequest) -> Person:
    """The person of this request, who may write; raises Http404."""
    person = cast("Person", request.user)
    if not permissions.may_write(person):
        raise Http404
    return person


def entry_of(person: Person, entry_id: UUID) -> Entry:
    """One of this person's own entries; raises Http404."""
    found = queries.entry_of(person, entry_id)
    if found is None:
        raise Http404
    return found
