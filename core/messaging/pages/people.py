"""Who reads the page, and whom it is about."""

from uuid import UUID

from django.http import Http404, HttpRequest

from core.accounts.models import Person


def reader(request: HttpRequest) -> Person:
    """The signed-in person; raises Http404 where a page was left open to others by mistake."""
    if not isinstance(request.user, Person):
        raise Http404
    return request.user


def partner_of(person_id: UUID) -> Person:
    """Whoever the address names. Raises Http404."""
    found = Person.objects.filter(pk=person_id).first()
    if found is None:
        raise Http404
    return found
