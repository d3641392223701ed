"""What every page knows of the institute."""

from typing import Any

from django.http import HttpRequest

from core.programme.models import Programme
from core.programme.queries import current


def programme(request: HttpRequest) -> dict[str, Any]:
    """`programme` for every template: the settings row, or None on a site without one."""
    try:
        return {"programme": current()}
    except Programme.DoesNotExist:
        return {"programme": None}
