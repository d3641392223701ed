"""Who may look for a mentor."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from core.accounts.models import Person
from core.accounts.permissions import member_required
from core.profiles.rules import Audience
from core.programme.queries import words

Page = Callable[..., HttpResponse]


def mentee_required(page: Page) -> Page:
    """Open a page to people who act as mentees; the gate of profiles stands before it.

    Somebody who acts as mentor is led to the mentee account, or to where one is asked for.
    """

    @member_required
    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        person = request.user
        if not isinstance(person, Person):  # member_required saw to it
            return redirect("front")
        noun = words()
        if getattr(request, "acting_as", None) != Audience.MENTEE:
            if person.is_mentee:
                query = urlencode({"next": request.get_full_path()})
                return redirect(f"{reverse('accounts:role')}?{query}")
            messages.info(
                request,
                f"To look for {noun['mentor'].form('article')}, tick that you want to be "
                f"{noun['mentee'].form('article')}.",
            )
            return redirect("accounts:edit")
        return page(request, *args, **kwargs)

    return guarded
