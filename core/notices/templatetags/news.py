"""What is new, for the first page of whoever is signed in."""

from django import template

from core.accounts.models import Person
from core.notices import queries
from core.notices.queries import Shown

register = template.Library()


@register.simple_tag(takes_context=True)
def whats_new(context: template.Context) -> list[Shown]:
    """The latest unread notices; nothing for strangers. At most one query."""
    request = context.get("request")
    person = getattr(request, "user", None)
    if not isinstance(person, Person):
        return []
    return queries.shown(queries.unread(person)[: queries.STRIP])
