"""Who may say how people sign in."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from core.kernel.rights import Right
from core.kernel.staff import staff_site

Page = Callable[..., HttpResponse]


def may_manage(request: HttpRequest) -> bool:
    """Whether this request's person runs the programme: others do not even look at providers.

    Nor do operators who visit: who decides over signing in could sign in as anybody.
    """
    visits = getattr(request.user, "is_operator", False)
    return not visits and staff_site.may(request, "providers", Right.WRITE)


def managers_only(page: Page) -> Page:
    """Close a page of the staff site to whoever may not change how people sign in."""

    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may_manage(request):
            raise PermissionDenied
        return page(request, *args, **kwargs)

    return guarded
