"""Whether there is a CPD record here, for pages of other apps."""

from django import template

from core.cpd.queries import scheme
from core.cpd.rules import Scheme

register = template.Library()


@register.simple_tag
def cpd_scheme() -> Scheme | None:
    """The institute's scheme; None where it has none."""
    return scheme()
