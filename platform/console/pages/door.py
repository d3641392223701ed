"""Signing in to the operators' site, and out."""

from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from console.forms.door import SignInForm
from console.noticing import note_password
from console.permissions import is_operators_site, may_operate


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Operators sign in with accounts of their own schema."""
    if not is_operators_site():
        raise Http404
    if may_operate(request.user):
        return redirect("console:institutes")
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid() and form.operator is not None:
        login(request, form.operator)
        note_password(request, form.operator)
        return redirect(next_of(request))
    status = 422 if form.errors else 200
    context = {"form": form, "next": request.POST.get("next") or request.GET.get("next", "")}
    return render(request, "console/sign_in.html", context, status=status)


def next_of(request: HttpRequest) -> str:
    """Where the operator wanted to go, if that is a page of this site; else the institutes."""
    address = request.POST.get("next") or request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return address if address and safe else reverse("console:institutes")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if not is_operators_site():
        raise Http404
    logout(request)
    messages.success(request, "You are signed out.")
    return redirect("console:sign_in")
