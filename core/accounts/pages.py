"""Front page, Edit Account, the role in force."""

from typing import cast
from uuid import UUID

from allauth.account import views as allauth_views
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from core.accounts import queries, services
from core.accounts.forms import (
    DeleteAccountForm,
    EditAccountForm,
    MailChoicesForm,
    SignInForm,
)
from core.accounts.models import Person
from core.accounts.rules import ROLE_IN_SESSION
from core.kernel.errors import RuleBroken
from core.programme.queries import current, locked

ROLE_TEXTS = {
    "mentor": ("Mentor", "Answer the people who ask for you and work with them."),
    "mentee": ("Mentee", "Find a mentor and work towards your goals."),
}


@require_safe
@never_cache
def front(request: HttpRequest) -> HttpResponse:
    """The programme for strangers; for members the way to their next step."""
    person = request.user
    if isinstance(person, Person):
        role = request.acting_as  # type: ignore[attr-defined]
        if role is None and person.roles:
            return redirect("accounts:role")
        return redirect(queries.next_step(person, role))
    return render(
        request,
        "accounts/front.html",
        {
            "front": current().front,
            "form": SignInForm(request=request),
            "may_register": queries.may_register(),
        },
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """Edit Account (product A7): a role newly ticked opens its profile."""
    person = cast("Person", request.user)
    form = EditAccountForm(person, request.POST if request.method == "POST" else None)
    if form.is_valid():
        added = [role for role in form.roles if role not in person.roles]
        kept = form.cleaned_data
        changes = {name: kept[name] for name in services.EDITABLE if name in kept}
        try:
            services.edit_account(person, roles=form.roles, by=person, **changes)
        except RuleBroken as broken:
            form.add_error(None, broken.message)
        else:
            messages.success(request, "Your account is saved.")
            if added:
                request.session[ROLE_IN_SESSION] = added[0]
                return redirect("profiles:edit")
            return redirect("accounts:edit")
    status = 422 if form.errors else 200
    context = {"form": form, "kept": queries.locked_for(person)}
    return render(request, "accounts/edit.html", context, status=status)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose_role(request: HttpRequest) -> HttpResponse:
    """Choose or switch the role in force (product A8)."""
    person = cast("Person", request.user)
    target = request.POST.get("next") or request.GET.get("next") or ""
    if not url_has_allowed_host_and_scheme(target, allowed_hosts=None):
        target = ""
    if request.method == "POST":
        role = request.POST.get("role")
        if role in person.roles:
            request.session[ROLE_IN_SESSION] = role
            return redirect(target or "front")
        messages.error(request, "Choose mentor or mentee.")
        return redirect("accounts:role" if len(person.roles) > 1 else "front")
    if len(person.roles) < 2:
        return redirect("accounts:edit" if not person.roles else "front")
    choices = [(role, *ROLE_TEXTS[role]) for role in person.roles]
    return render(request, "accounts/role.html", {"choices": choices, "next": target})


@login_required
@never_cache
def change_password(request: HttpRequest) -> HttpResponse:
    """Another password; somebody who has none yet gets one through the mailbox."""
    if "password" in queries.locked_for(cast("Person", request.user)):
        return _kept(request, "password")
    if not cast("Person", request.user).has_usable_password():
        return redirect("account_reset_password")
    response: HttpResponse = allauth_views.password_change(request)
    return response


@login_required
@never_cache
def change_address(request: HttpRequest) -> HttpResponse:
    """Another e-mail address, where it is not kept by the society (product A6)."""
    if "email" in queries.locked_for(cast("Person", request.user)):
        return _kept(request, "e-mail address")
    response: HttpResponse = allauth_views.email(request)
    return response


@never_cache
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """A new password by mail, where passwords are not kept by the society (product A6)."""
    if "password" in locked():
        return _kept(request, "password")
    response: HttpResponse = allauth_views.password_reset(request)
    return response


@never_cache
def new_password(request: HttpRequest, uidb36: str, key: str) -> HttpResponse:
    """The page behind the link of that mail; links of earlier days open nothing either."""
    if "password" in locked():
        return _kept(request, "password")
    response: HttpResponse = allauth_views.password_reset_from_key(request, uidb36=uidb36, key=key)
    return response


def _kept(request: HttpRequest, what: str) -> HttpResponse:
    """The way to the society's site in the place of a form; sending one all the same is refused."""
    status = 200 if request.method in ("GET", "HEAD") else 403
    return render(request, "accounts/kept.html", {"what": what}, status=status)


@login_required
@never_cache
@require_safe
def blocked(request: HttpRequest) -> HttpResponse:
    """The people whom one has blocked, and the way to take it back (product D10)."""
    person = cast("Person", request.user)
    return render(request, "accounts/blocked.html", {"blocks": queries.blocks_of(person)})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def block(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Block somebody, after a page that says what it does."""
    person = cast("Person", request.user)
    other = get_object_or_404(Person.objects.exclude(pk=person.pk), pk=person_id)
    if request.method == "POST":
        services.block(other, by=person)
        messages.success(request, f"{other.full_name} is blocked. They are not told.")
        return redirect("accounts:blocked")
    return render(request, "accounts/block.html", {"other": other})


@login_required
@require_POST
def unblock(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Take one's own block back."""
    person = cast("Person", request.user)
    other = get_object_or_404(Person, pk=person_id, blocked_by__blocker=person)
    services.unblock(other, by=person)
    messages.success(request, f"{other.full_name} is no longer blocked.")
    return redirect("accounts:blocked")


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mails(request: HttpRequest) -> HttpResponse:
    """Which mails one wants (product A13)."""
    person = cast("Person", request.user)
    form = MailChoicesForm(person, request.POST if request.method == "POST" else None)
    if form.is_valid():
        services.choose_mails(person, wanted=form.cleaned_data["wanted"], by=person)
        messages.success(request, "Your choice is saved.")
        return redirect("accounts:mails")
    status = 422 if form.errors else 200
    return render(request, "accounts/mails.html", {"form": form}, status=status)


@login_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Delete Account, after a page that says what it does (product A10)."""
    person = cast("Person", request.user)
    form = DeleteAccountForm(person, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            services.close_account(person)
        except RuleBroken as broken:
            form.add_error(None, broken.message)
        else:
            logout(request)
            messages.success(
                request, "Your account is deleted. The way back is in the e-mail we have sent you."
            )
            return redirect("front")
    context = {"form": form, "days": current().policies.account_return_days}
    return render(request, "accounts/delete.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest, token: str) -> HttpResponse:
    """The way back to a deleted account, by the link that was mailed (product A10)."""
    person = queries.deleted_by(token)
    if request.method == "POST" and person is not None:
        services.return_to_account(token)
        messages.success(request, "Welcome back. Your account is open again: please sign in.")
        return redirect("account_login")
    context = {"name": person.first_name if person else ""}
    return render(request, "accounts/return.html", context, status=200 if person else 404)
