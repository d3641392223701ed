"""Agreeing before one goes on, and one's own agreements."""

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from core.accounts.models import Person
from core.privacy.forms import AgreeForm
from core.privacy.models import How
from core.privacy.queries import consenting as queries
from core.privacy.services import consenting as services
from core.programme.queries import current


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agree(request: HttpRequest) -> HttpResponse:
    """What is to be agreed to, and what changed; POST agrees to the versions that were shown."""
    person = cast(Person, request.user)
    first = bool(request.session.get(services.FIRST_SIGN_IN))
    target = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = reverse("front")
    newest = services.note_versions()
    if getattr(request, "stand_in", None) is not None:
        return redirect("front")
    missing = queries.kinds_missing(person, all_of_them=first)
    documents = [newest[kind] for kind in missing if kind in newest]
    if not documents:
        request.session.pop(services.FIRST_SIGN_IN, None)
        return redirect(target)
    form = AgreeForm(
        request.POST if request.method == "POST" else None,
        asked=services.asked(documents, with_wishes=first),
    )
    if form.is_valid():
        how = How.FIRST_SIGN_IN if first else How.ASKED_AGAIN
        services.agree(person, documents, how=how)
        if first:
            services.choose(person, form.agreed.wishes, how=how)
        request.session[services.AGREED] = queries.asked_now(current().asked_data)
        request.session.pop(services.FIRST_SIGN_IN, None)
        return redirect(target)
    return render(
        request,
        "privacy/agree.html",
        {
            "form": form,
            "needed": queries.needed(person, documents),
            "first": first,
            "next": target,
        },
        status=422 if form.errors else 200,
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def agreements(request: HttpRequest) -> HttpResponse:
    """One's agreements with the texts as they were; POST gives and takes back optional ones."""
    person = cast(Person, request.user)
    if request.method == "POST":
        services.choose(person, request.POST.getlist("wish"), how=How.OWN_PAGE)
        messages.success(request, "Your choice is saved.")
        return redirect("privacy:agreements")
    return render(
        request,
        "privacy/agreements.html",
        {
            "agreements": queries.agreements_of(person),
            "wishes": queries.wishes_of(person),
            "taken_back": queries.permissions_of(person).exclude(withdrawn_at=None),
        },
    )
