"""What every page knows of the person who looks at it."""

from typing import Any

from django.http import HttpRequest


def acting(request: HttpRequest) -> dict[str, Any]:
    """`acting_as` for every template: the role in force."""
    return {"acting_as": getattr(request, "acting_as", None)}
