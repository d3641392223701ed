"""Who may open members' pages."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from core.accounts.models import Person

Page = Callable[..., HttpResponse]


def member_required(page: Page) -> Page:
    """Open a page only to somebody who is signed in and acts as mentor or mentee.

    Strangers go to the sign-in page and come back. Somebody with both roles chooses one first,
    somebody with none is asked to tick one.
    """

    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person = request.user
        if not isinstance(person, Person):
            return redirect_to_login(request.get_full_path(), reverse("account_login"))
        if getattr(request, "acting_as", None) is None:
            if person.roles:
                query = urlencode({"next": _way_back(request)})
                return redirect(f"{reverse('accounts:role')}?{query}")
            messages.info(request, "Tick what you want to be: mentor, mentee or both.")
            return redirect("accounts:edit")
        return page(request, *args, **kwargs)

    return guarded


def _way_back(request: HttpRequest) -> str:
    return request.get_full_path() if request.method == "GET" else reverse("front")
