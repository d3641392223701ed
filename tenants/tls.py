"""``/internal/tls-allowed?domain=``: may the proxy fetch a certificate for this host?

Answers a proxy that makes certificates on demand (Caddy's ``ask``): 200 for hosts that are served,
404 for everything else, always with one and the same query. Asked from outside, it does not exist:
either the caller shows the token of ``ITHACA_TLS_ASK_TOKEN``, or, without one, comes straight from
this machine or its private network, with no header of a proxy. Source: trust, "Custom domains".
"""

import hmac
from collections.abc import Callable
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from core.kernel.limits import allow
from tenants.context import platform_scope
from tenants.errors import NameRefused
from tenants.hosts import served
from tenants.models import Domain, State
from tenants.names import checked_host

PATH = "/internal/tls-allowed"
MOST, SECONDS = 3_000, 60
_OWN = [
    ip_network(network)
    for network in (
        "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7",
    )
]  # fmt: skip
_OF_PROXIES = ("X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "Via", "X-Real-IP")


class TlsAllowed:
    """Stands before the look-up of hosts: a proxy asks by the machine's own address."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Out: 200, 404 or 429 for the one address, else the page."""
        if request.path != PATH:
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"} or not _may_ask(request):
            return _answer("Not found", 404)
        with platform_scope():
            if not allow(f"tls:{_caller(request)}", limit=MOST, seconds=SECONDS):
                return _answer("Too many questions", 429)
            known = may_have_certificate(request.GET.get("domain", "")[:300])
        return _answer("ok", 200) if known else _answer("Not found", 404)


def may_have_certificate(host: str) -> bool:
    """Whether this host is proved and belongs to an institute that answers; in platform's scope."""
    try:
        stored = checked_host(host)
    except NameRefused:
        stored = ""
    live = served(Domain.objects.filter(domain=stored)).filter(
        institute__state__in=(State.ACTIVE, State.SUSPENDED)
    )
    return live.exists()


def _may_ask(request: HttpRequest) -> bool:
    token = settings.TLS_ASK_TOKEN
    if token:
        return hmac.compare_digest(request.GET.get("token", "").encode(), token.encode())
    if any(name in request.headers for name in _OF_PROXIES):
        return False
    try:
        address = ip_address(_caller(request).removeprefix("::ffff:"))
    except ValueError:
        return not _caller(request)  # a socket of this machine has no address
    return any(address in network for network in _OWN)


def _caller(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))


def _answer(text: str, status: int) -> HttpResponse:
    return HttpResponse(f"{text}\n", status=status, content_type="text/plain; charset=utf-8")
