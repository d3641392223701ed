"""What every answer carries, whoever asked."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

type_of_next = Callable[[HttpRequest], HttpResponse]


class Health:
    """Answers ``/healthz`` before any host is looked up, for load balancers."""

    def __init__(self, get_response: type_of_next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Out: 200 ``ok`` for the health address, else the page."""
        if request.path == "/healthz":
            return HttpResponse("ok\n", content_type="text/plain")
        return self.get_response(request)


class ContentSecurityPolicy:
    """Puts the policy on every answer that has none of its own."""

    def __init__(self, get_response: type_of_next) -> None:
        self.get_response = get_response
        self.policy = _written(settings.CONTENT_SECURITY_POLICY)
        self.staff_policy = _written(settings.STAFF_CONTENT_SECURITY_POLICY)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Out: the answer with ``Content-Security-Policy`` and ``Permissions-Policy``."""
        response = self.get_response(request)
        staff = request.path.startswith(settings.STAFF_PREFIX)
        policy = self.staff_policy if staff else self.policy
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", "camera=(self), microphone=(self)")
        return response


def _written(policy: dict[str, list[str]]) -> str:
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in policy.items())
