"""What the pages of people on the staff site share."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.kernel.rights import Right
from core.kernel.staff import staff_site

PER_PAGE = 50


def page(
    request: HttpRequest, template: str, title: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page in the staff frame."""
    request.current_app = staff_site.name
    return render(
        request,
        f"people/staff/{template}.html",
        {**staff_site.each_context(request), "title": title, **context},
        status=status,
    )


def may_write(request: HttpRequest, name: str) -> bool:
    """Whether buttons of a page are drawn."""
    return staff_site.may(request, name, Right.WRITE)


def query_without_page(request: HttpRequest) -> str:
    """What was asked, for links to other pages of a list."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()
