"""Who may open members' pages, and whether somebody showed a moment ago who they are."""

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
from core.accounts.rules import RECENTLY, SIGNED_IN_AT
from core.kernel.clock import now

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


def signed_in_recently(request: HttpRequest) -> bool:
    """Whether whoever acts here signed in, or was asked once more, a few minutes ago.

    One of the team who stands in for a member did not sign in as the member.
    """
    person = request.user
    if not isinstance(person, Person):
        return False
    kept = request.session.get(SIGNED_IN_AT)
    if not isinstance(kept, list) or len(kept) != 2 or kept[0] != str(person.pk):
        return False
    return 0 <= now().timestamp() - float(kept[1]) < RECENTLY.total_seconds()
