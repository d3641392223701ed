"""The operators' second step: a code from an authenticator app after the password.

Source: trust ("operators always"); product A5.
"""

from base64 import b64encode
from typing import cast
from urllib.parse import quote, urlencode

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, get_totp_secret, validate_totp_code
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from console.forms.door import CodeForm
from console.pages.door import next_of
from console.permissions import SECOND_STEP, is_operators_site, may_operate, took_second_step
from core.accounts.models import Person
from core.kernel import audit

ISSUER = "Ithaca operators"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Enter a code; whoever has no app yet is led to set one up."""
    operator = _operator(request)
    steps = [one.wrap() for one in Authenticator.objects.filter(user=operator)]
    if not steps:
        query = urlencode({"next": next_of(request)})
        return redirect(f"{reverse('console:set_up_second_step')}?{query}")
    form = CodeForm(
        operator, lambda code: any(step.validate_code(code) for step in steps), request.POST or None
    )
    if request.method == "POST" and form.is_valid():
        request.session.cycle_key()
        request.session[SECOND_STEP] = True
        return redirect(next_of(request))
    context = {"form": form, "next": next_of(request)}
    status = 422 if form.errors else 200
    return render(request, "console/second_step.html", context, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Set up an app and see the recovery codes once."""
    operator = _operator(request)
    if Authenticator.objects.filter(user=operator).exists():
        return redirect("console:second_step")
    secret = get_totp_secret(regenerate=request.method != "POST")
    form = CodeForm(operator, lambda code: validate_totp_code(secret, code), request.POST or None)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            TOTP.activate(operator, secret)
            codes = RecoveryCodes.activate(operator).get_unused_codes()
            audit.record("operator.second_step_added", thing=operator, by=operator)
        request.session.cycle_key()
        request.session[SECOND_STEP] = True
        return render(request, "console/codes.html", {"codes": codes, "next": next_of(request)})
    label = quote(f"{ISSUER}:{operator.username}")
    query = urlencode({"secret": secret, "issuer": ISSUER}, quote_via=quote)
    picture = get_adapter().build_totp_svg(f"otpauth://totp/{label}?{query}")
    context = {
        "form": form,
        "next": next_of(request),
        "secret": secret,
        "picture": b64encode(picture.encode()).decode(),
    }
    status = 422 if form.errors else 200
    return render(request, "console/set_up.html", context, status=status)


def _operator(request: HttpRequest) -> Person:
    """Whoever has entered a password and no code yet. Http404 for everybody else."""
    if not is_operators_site() or not may_operate(request.user) or took_second_step(request):
        raise Http404
    return cast("Person", request.user)
