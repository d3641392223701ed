"""The doors: off to a provider, back from it, and the way in for staff when it is down."""

from typing import cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.bridges import queries, tasks
from core.bridges.errors import ProviderDown
from core.bridges.forms import RescueForm
from core.bridges.models import Provider
from core.bridges.pages import saml
from core.bridges.permissions import may_manage
from core.bridges.rules import Kind, State
from core.bridges.services import hearing, oidc, rescue
from core.bridges.services.arriving import refuse
from core.kernel.errors import RuleBroken
from core.kernel.limits import allow


@require_safe
@never_cache
def start(request: HttpRequest, key: str) -> HttpResponse:
    """Off to the provider; with `try` one of the team tries it, with `afresh` it asks again.

    A link and no form: the site's rules let no form lead to another site.
    """
    provider = _provider(key)
    trial = "try" in request.GET
    if trial and not may_manage(request):
        raise Http404
    if not trial and not provider.is_open:
        raise Http404
    if not allow(f"sign-in from {request.META.get('REMOTE_ADDR', '')}", limit=60, seconds=60):
        return refuse(request, provider, "Too many tries. Wait a minute, then try again.")
    asked = request.GET.get("next", "")
    next_url = asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else ""
    if provider.kind == Kind.SAML:
        return saml.send_off(
            request, provider, next_url=next_url, trial=trial, afresh="afresh" in request.GET
        )
    try:
        return oidc.begin(
            request, provider, next_url=next_url, trial=trial, afresh="afresh" in request.GET
        )
    except ProviderDown as down:
        return refuse(request, provider, down.message)


@require_safe
@never_cache
def callback(request: HttpRequest, key: str) -> HttpResponse:
    """Back from an OpenID Connect provider, which may have been switched off meanwhile."""
    provider = get_object_or_404(Provider, key=key, kind=Kind.OIDC)
    if provider.state == State.OFF:
        return refuse(request, provider, f"Nobody can sign in with {provider.name} at present.")
    try:
        return oidc.finish(request, provider)
    except RuleBroken as refused:
        return refuse(request, provider, refused.message)


@csrf_exempt
@never_cache
@sensitive_post_parameters()
@require_POST
def signed_out(request: HttpRequest, key: str) -> HttpResponse:
    """An OpenID Connect provider, and no browser, says that somebody signed out there.

    Also of a provider that is off: it lets nobody in, and who came through it may still be here.
    """
    provider = get_object_or_404(Provider, key=key, kind=Kind.OIDC)
    if not allow(f"signed out by {request.META.get('REMOTE_ADDR', '')}", limit=600, seconds=60):
        return _not_heard("temporarily_unavailable", "Too many at once.", 429)
    sent = request.POST.getlist("logout_token")
    try:
        if len(sent) != 1:
            raise hearing.NotHeard("Send one logout_token.")
        hearing.end_sessions(provider, hearing.heard(provider, sent[0]))
    except hearing.NotHeard as wrong:
        return _not_heard("invalid_request", str(wrong), 400)
    return HttpResponse()


def _not_heard(error: str, why: str, status: int) -> JsonResponse:
    return JsonResponse({"error": error, "error_description": why}, status=status)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_rescue(request: HttpRequest) -> HttpResponse:
    """Staff who cannot reach the provider ask for a link; everybody gets the same answer."""
    form = RescueForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        address = request.META.get("REMOTE_ADDR", "")
        if allow(f"rescue:{address}", limit=10, seconds=600):
            tasks.send_rescue.delay(str(rescue.key_for(form.cleaned_data["email"])))
        return render(request, "bridges/rescue_sent.html")
    return render(
        request, "bridges/rescue_ask.html", {"form": form}, status=422 if form.errors else 200
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def use_rescue(request: HttpRequest, token: str) -> HttpResponse:
    """The link itself opens nothing: mail programs look at links. The button signs in."""
    found = queries.rescue_of(token)
    if found is None or request.method != "POST":
        return render(
            request, "bridges/rescue.html", {"rescue": found}, status=200 if found else 404
        )
    with transaction.atomic():
        person = rescue.use(found)
        if request.user.is_authenticated:
            get_adapter(request).logout(request)
        record_authentication(request, person, "rescue")
        answer = perform_login(request, person)
    messages.info(request, "You are signed in with a rescue link. It cannot be used again.")
    return cast(HttpResponse, answer)


def _provider(key: str) -> Provider:
    found = Provider.objects.filter(key=key).exclude(state=State.OFF).first()
    if found is None:
        raise Http404
    return found
