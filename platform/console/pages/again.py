"""Before a dangerous act an operator shows once more who they are (product A5)."""

from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from console.forms.door import AgainForm, CodeForm
from console.pages.door import next_of
from console.permissions import operator_of, operators_only
from core.accounts.services.showing import note_shown


@operators_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest) -> HttpResponse:
    """A code from the app, or the password where no app is set up; then back to the page."""
    operator = operator_of(request)
    steps = [one.wrap() for one in Authenticator.objects.filter(user=operator)]
    form: AgainForm | CodeForm
    if steps:
        form = CodeForm(
            operator,
            lambda code: any(step.validate_code(code) for step in steps),
            request.POST or None,
        )
    else:
        form = AgainForm(operator, request.POST or None)
    if request.method == "POST" and form.is_valid():
        note_shown(request.session, operator)
        return redirect(next_of(request))
    field = form["code"] if steps else form["password"]
    context = {"form": form, "field": field, "by_code": bool(steps), "next": next_of(request)}
    return render(request, "console/again.html", context, status=422 if form.errors else 200)
