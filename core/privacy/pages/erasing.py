"""A member asks to be erased for good (product A11)."""

from typing import cast

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts.models import Person
from core.kernel.errors import RuleBroken
from core.privacy import rules
from core.privacy.queries.erasing import open_request
from core.privacy.services import asking
from core.security.permissions import recent_sign_in_required


class EraseForm(forms.Form):
    """A last question."""

    sure = forms.BooleanField(
        label="Yes, erase everything about me. I know that nobody can bring it back",
        error_messages={"required": "Tick the box if you want everything erased."},
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@recent_sign_in_required
def erase(request: HttpRequest) -> HttpResponse:
    """What it means, then the request, or the way to take it back."""
    person = cast("Person", request.user)
    asked = open_request(person)
    if request.method == "POST" and request.POST.get("step") == "take-back":
        if asked is not None and asking.take_back(asked, by=person):
            messages.success(request, "You have changed your mind. Nothing was erased.")
        return redirect("privacy:erase")
    sent = request.method == "POST" and not (asked and asked.is_waiting)
    form = EraseForm(request.POST if sent else None)
    if form.is_valid():
        try:
            asking.ask(person)
        except RuleBroken as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, "We have sent you an e-mail. Open the link in it to confirm.")
        return redirect("privacy:erase")
    return render(
        request,
        "privacy/erase.html",
        {"form": form, "asked": asked, "days": rules.CONFIRM_WITHIN.days},
        status=422 if form.errors else 200,
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The link of the mail: it was them."""
    asked = asking.asked_by(token)
    if request.method == "POST" and asked is not None:
        asked = asking.confirm(asked)
    return render(
        request, "privacy/erase_confirm.html", {"asked": asked}, status=200 if asked else 404
    )
