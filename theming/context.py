"""What every template knows of the look."""

from typing import Any

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from theming.queries import look_or_plain


def brand(request: HttpRequest) -> dict[str, Any]:
    """`look` for every template, read when a template first asks for it."""
    return {"look": SimpleLazyObject(look_or_plain)}
