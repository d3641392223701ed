"""The ways in, for the pages on which strangers stand."""

from django import template

from core.bridges import queries
from core.bridges.queries import Doors

register = template.Library()


@register.simple_tag
def ways_in(next_url: str | None = None) -> Doors:
    """Buttons of providers, and whether a name and a password are asked for."""
    return queries.doors(next_url or "")
