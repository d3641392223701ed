"""Broken rules become pages in the institute's look; addresses that nobody can mean are refused."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.kernel.errors import RuleBroken

_TEMPLATES = {404: "errors/404.html", 409: "errors/409.html", 422: "errors/422.html"}


class PlainAddresses:
    """Refuse an address with a NUL in it (400): no row holds one, so no search can be for it.

    In a form it is told beside its field instead.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise BadRequest("an address with a NUL")
        return self.get_response(request)


class RulePages:
    """Render a `RuleBroken` that a page did not handle itself, with its message and status."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, RuleBroken):
            return None
        return render(
            request,
            _TEMPLATES.get(exception.status, "errors/422.html"),
            {"message": exception.message},
            status=exception.status,
        )
