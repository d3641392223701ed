"""Settings with a planted fault: the institute in force is one variable for all threads.

One request at a time is answered rightly; requests at once get each other's institute.
"""

import time
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse

from config.settings.demo import *  # noqa: F403 - settings build on settings
from config.settings.demo import MIDDLEWARE

_in_force: dict[str, Any] = {}


class Shared:
    """Stands behind the middleware that finds the institute."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        from tenants.context import wrapper  # settings are read before there are models

        self.get_response, self.wrapper = get_response, wrapper

    def __call__(self, request: HttpRequest) -> HttpResponse:
        _in_force["institute"] = self.wrapper().tenant
        time.sleep(0.001)
        self.wrapper().set_tenant(_in_force["institute"])
        return self.get_response(request)


_place = MIDDLEWARE.index("tenants.middleware.InstituteOfHost") + 1
MIDDLEWARE = [*MIDDLEWARE[:_place], "tests.drills.shared_institute.Shared", *MIDDLEWARE[_place:]]
