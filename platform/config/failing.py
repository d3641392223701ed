"""What a person sees when a page failed: never a bare line, whatever else is away."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.views import defaults

from tenants.closed import away_page

AWAY = (OperationalError, InterfaceError)


def server_error(request: HttpRequest) -> HttpResponse:
    """500 in the institute's look, or 503 on a plain page when the database does not answer.

    Django calls it while the failure is being handled.
    """
    if isinstance(sys.exc_info()[1], AWAY):
        return away_page()
    return defaults.server_error(request)
