"""Where the link of an invitation leads."""

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from core.accounts.models import Person
from core.kernel.errors import RuleBroken
from core.kernel.limits import allow
from core.people import queries
from core.people.forms import AcceptForm
from core.people.queries import Standing
from core.people.services import invitations as services
from core.programme.queries import current, policies
from core.security.services import note_sign_in

BACKEND = "core.accounts.adapters.SignIn"
GONE = 410


@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Accept an invitation: name, username, password; then the ordinary first steps.

    Links that are good no more say so calmly; a link of another institute is none at all.
    """
    found = queries.by_token(token)
    if found is None:
        return render(request, "people/invitation.html", {"standing": ""}, status=404)
    standing = queries.standing_of(found)
    if standing is not Standing.OPEN:
        return render(request, "people/invitation.html", {"standing": standing.value}, status=GONE)
    if isinstance(request.user, Person):
        return render(request, "people/signed_in.html", status=409)
    waiting = queries.waiting_account(found)
    membership = policies().sign_in == "membership"
    form = AcceptForm(
        request.POST if request.method == "POST" else None,
        email=found.email,
        own=waiting.username if waiting else "",
        with_password=not membership,
        initial={
            "first_name": waiting.first_name if waiting else found.first_name,
            "last_name": waiting.last_name if waiting else found.last_name,
            "username": waiting.username if waiting else "",
        },
    )
    if form.is_valid() and _allowed(request, form):
        try:
            person = services.accept(
                found,
                username=form.cleaned_data["username"],
                password=form.cleaned_data.get("password1"),
                first_name=form.cleaned_data["first_name"],
                last_name=form.cleaned_data["last_name"],
                agreed=form.agreed,
            )
        except RuleBroken as broken:
            form.add_error(None, broken.message)
        else:
            return _first_steps(request, person, membership=membership)
    context = {
        "standing": standing.value,
        "invitation": found,
        "sender": found.made_by_name or current().contact_name,
        "place": services.place(found),
        "membership": membership,
        "form": form,
    }
    return render(request, "people/invitation.html", context, status=422 if form.errors else 200)


def _first_steps(request: HttpRequest, person: Person, *, membership: bool) -> HttpResponse:
    """Signed in, and on to where a new member goes; by membership one signs in elsewhere."""
    if membership:
        messages.success(request, "Your place is open. Now sign in with your membership.")
        return redirect("account_login")
    login(request, person, backend=BACKEND)
    note_sign_in(person, request.headers.get("User-Agent", "")[:1000])
    messages.success(request, f"Welcome, {person.first_name}. You are signed in.")
    return redirect("front")


def _allowed(request: HttpRequest, form: AcceptForm) -> bool:
    address = get_adapter().get_client_ip(request)
    if allow(f"invitation:{address}", limit=30, seconds=3600):
        return True
    form.add_error(None, "Too many tries. Wait a few minutes, then try again.")
    return False
