"""Which institute a request is for: by its exact host, and by nothing else."""

from collections.abc import Callable, Iterator

from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.request import split_domain_port
from django.http.response import HttpResponseBase
from django.urls import set_urlconf

from tenants.closed import suspended_page
from tenants.context import tenant_context
from tenants.hosts import institute_of, leads_on
from tenants.models import Institute, Kind, State
from tenants.site import base_url

Next = Callable[[HttpRequest], HttpResponseBase]


class InstituteOfHost:
    """Puts the institute of the host in force; unknown hosts get a 404 that names nobody.

    A suspended institute answers 503. One that is being prepared or was deleted is unknown.
    Sets `request.institute` and the URL conf of its kind.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        institute = _institute_for(request)
        if institute is None or institute.state not in {State.ACTIVE, State.SUSPENDED}:
            return _unknown()
        if institute.state == State.SUSPENDED:
            return suspended_page(institute)
        if leads_on(_host(request)):
            return _moved(request, institute)
        request.institute = institute  # type: ignore[attr-defined]
        request.urlconf = _urlconf(institute)
        try:
            with tenant_context(institute):
                response = self.get_response(request)
        finally:
            set_urlconf(None)
        if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
            response.streaming_content = _streamed(institute, iter(response))
        return response


def _institute_for(request: HttpRequest) -> Institute | None:
    host = _host(request)
    return institute_of(host) if host and host.isascii() else None


def _host(request: HttpRequest) -> str:
    """The host without port; empty for one that cannot be."""
    try:
        return split_domain_port(request.get_host())[0]
    except SuspiciousOperation:
        return ""


def _moved(request: HttpRequest, institute: Institute) -> HttpResponse:
    """Lead from a former address to the same page of the primary one; forms begin anew."""
    path = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
    answer = HttpResponse(status=303)
    answer.headers["Location"] = base_url(institute) + path
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _urlconf(institute: Institute) -> str:
    if institute.kind == Kind.OPERATORS:
        return str(settings.OPERATORS_URLCONF)
    return str(settings.ROOT_URLCONF)


def _unknown() -> HttpResponse:
    return HttpResponse("Not found\n", status=404, content_type="text/plain; charset=utf-8")


def _streamed(institute: Institute, parts: Iterator[bytes]) -> Iterator[bytes]:
    """The parts of an answer that is made while it is sent, each made within its institute."""
    while True:
        with tenant_context(institute):
            try:
                part = next(parts)
            except StopIteration:
                return
        yield part
