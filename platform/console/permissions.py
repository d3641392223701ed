"""Who may use the console: people of the operators' own schema who are marked as staff."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from core.accounts.models import Person
from tenants.context import current_institute
from tenants.models import Kind

Page = Callable[..., HttpResponseBase]
SECOND_STEP = "second step taken"


def is_operators_site() -> bool:
    """Whether the operators' own site is in force: the console exists nowhere else."""
    site = current_institute()
    return site is not None and site.kind == Kind.OPERATORS


def may_operate(person: object) -> bool:
    """Whether somebody who is signed in here is an operator."""
    return isinstance(person, Person) and person.is_active and person.is_staff


def may_read_mails() -> bool:
    """Whether operators may read mails of institutes: on in a demo, off in production."""
    return bool(settings.CONSOLE_READS_MAILS)


def took_second_step(request: HttpRequest) -> bool:
    """Whether the operator of this session has entered a code, where codes are asked for."""
    return not settings.CONSOLE_SECOND_STEP or bool(request.session.get(SECOND_STEP))


def operators_only(page: Page) -> Page:
    """Send strangers to sign in; answer 404 to everybody else and on every other site.

    An operator comes in with a second step, or is led to set one up (trust: operators always).
    """

    @wraps(page)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not is_operators_site():
            raise Http404
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path(), reverse("console:sign_in"))
        if not may_operate(request.user):
            raise Http404
        if not took_second_step(request):
            query = urlencode({"next": request.get_full_path()})
            return redirect(f"{reverse('console:second_step')}?{query}")
        response = page(request, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return guarded


def operator_of(request: HttpRequest) -> Person:
    """Whoever uses the console now; for pages behind `operators_only`."""
    assert isinstance(request.user, Person)
    return request.user
