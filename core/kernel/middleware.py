"""Broken rules become pages in the institute's look."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.kernel.errors import RuleBroken

_TEMPLATES = {404: "errors/404.html", 409: "errors/409.html", 422: "errors/422.html"}


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
