"""Broken rules become pages in the institute's look; addresses are read without their NULs."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from core.kernel.errors import RuleBroken

_TEMPLATES = {404: "errors/404.html", 409: "errors/409.html", 422: "errors/422.html"}


class PlainAddresses:
    """Read an address without its NULs: no row holds one, and no database takes one to look for.

    What is asked for behind a "?" is answered as if they were not there; a path with one leads
    nowhere (404). In a form they are told of beside the field.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        query = request.META.get("QUERY_STRING", "")
        if "%00" in query:
            request.META["QUERY_STRING"] = query.replace("%00", "")
        if "\x00" in request.path_info:
            raise Http404
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
