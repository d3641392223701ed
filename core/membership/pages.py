"""The door for members who come from the society's site (product A6)."""

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.accounts.models import Person
from core.kernel.errors import RuleBroken
from core.kernel.limits import allow
from core.membership import services
from core.membership.rules import Source
from core.membership.rules.tickets import TicketRefused


@csrf_exempt  # the form stands on the society's site; the ticket itself is good once
@never_cache
@sensitive_post_parameters("ticket")
@require_http_methods(["GET", "POST"])
def arrive(request: HttpRequest) -> HttpResponse:
    """Sign a member in whom the society's site hands over; the contract is in the documents.

    Somebody else who is signed in here is asked first, and nothing is used up by the question.
    """
    if "prefetch" in request.headers.get("Sec-Purpose", ""):
        return HttpResponse(status=503)
    if not allow(f"arrive:{get_adapter().get_client_ip(request)}", limit=30, seconds=60):
        return _refused(request, "Too many tries. Wait a minute, then try again.", status=429)
    token = (request.POST if request.method == "POST" else request.GET).get("ticket", "")
    try:
        ticket, key = services.read_ticket(token)
        present = request.user
        known = services.find(ticket.record, Source.HANDOVER)
        if isinstance(present, Person) and present != known and "yes" not in request.POST:
            return _asked(request, token, present)
        services.use_ticket(ticket, key)
        taken = services.take(ticket.record, source=Source.HANDOVER)
    except TicketRefused as refused:
        return _refused(request, "", reason=str(refused), status=403)
    except RuleBroken as broken:
        return _refused(request, broken.message, status=403)
    if request.user.is_authenticated:
        logout(request)
    record_authentication(request, taken.person, method="membership")
    login = Login(user=taken.person, redirect_url=ticket.target or None)
    response: HttpResponse = perform_login(request, login)
    response["Referrer-Policy"] = "no-referrer"
    return response


def _asked(request: HttpRequest, token: str, present: Person) -> HttpResponse:
    context = {"ticket": token, "present": present}
    return _private(render(request, "membership/arrive_ask.html", context))


def _refused(
    request: HttpRequest, message: str, *, reason: str = "", status: int = 403
) -> HttpResponse:
    context = {"message": message, "reason": reason}
    return _private(render(request, "membership/arrive.html", context, status=status))


def _private(response: HttpResponse) -> HttpResponse:
    """The ticket stands in the address: no other site gets to see it."""
    response["Referrer-Policy"] = "no-referrer"
    return response
