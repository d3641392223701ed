"""A page reads the institute's settings once."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from core.programme.queries import read_once


class ReadOnce:
    """Every word of the institute on a page comes from one reading of its settings."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Out: the page."""
        with read_once():
            return self.get_response(request)
