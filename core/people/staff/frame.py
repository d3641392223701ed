"""What the pages of people on the staff site share."""

from typing import Any

from django.http import HttpRequest, HttpResponse

from core.kernel.rights import Right
from core.kernel.staff import staff_page, staff_site

PER_PAGE = 50


def page(
    request: HttpRequest, template: str, title: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page in the staff frame."""
    return staff_page(request, f"people/staff/{template}.html", title, status=status, **context)


def may_write(request: HttpRequest, name: str) -> bool:
    """Whether buttons of a page are drawn."""
    return staff_site.may(request, name, Right.WRITE)


def query_without_page(request: HttpRequest) -> str:
    """What was asked, for links to other pages of a list."""
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()
