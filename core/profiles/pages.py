"""The profile of the role in force: fill in, look at, what comes next."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.models import Person, Role
from core.accounts.permissions import member_required
from core.accounts.queries import next_step
from core.profiles import queries, services
from core.profiles.errors import AnswersRefused
from core.profiles.forms import ProfileForm
from core.profiles.models import Profile
from core.profiles.rules import Relation


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest) -> HttpResponse:
    """Fill in or change the profile (product B1, B2); "Save for later" may leave gaps."""
    person, role = _who(request)
    profile = queries.profile_of(person, role)
    if request.method == "POST":
        draft = "draft" in request.POST and not (profile and profile.complete)
        form = ProfileForm(role, profile, request.POST, draft=draft)
        if form.is_valid() and (response := _saved(request, form)):
            return response
    else:
        form = ProfileForm(role, profile)
    shown = profile or Profile(person=person, role=role)
    context = {
        "form": form,
        "profile": shown,
        "role": role,
        "progress": queries.progress(shown, form.parts),
    }
    return render(request, "profiles/edit.html", context, status=422 if form.errors else 200)


def _saved(request: HttpRequest, form: ProfileForm) -> HttpResponse | None:
    person, role = _who(request)
    try:
        profile, newly_complete = services.save_and_tell(
            person, role, form.answers, by=person, draft=form.draft, capacity=form.capacity
        )
    except AnswersRefused as refused:
        form.refuse(refused.messages)
        return None
    if newly_complete:
        messages.success(request, "Your profile is complete.")
        return redirect("profiles:ready" if role == "mentor" else "matching:search")
    if profile.complete:
        messages.success(request, "Your profile is saved.")
    else:
        messages.success(request, "Saved. You can come back and go on at any time.")
    return redirect("profiles:edit")


@member_required
@never_cache
@require_safe
def preview(request: HttpRequest) -> HttpResponse:
    """One's own profile as others see it: everyone, or somebody one is matched with."""
    person, role = _who(request)
    relation = Relation.PARTNER if request.GET.get("as") == "partner" else Relation.EVERYONE
    profile = queries.profile_of(person, role) or Profile(person=person, role=role)
    context = {
        "person": person,
        "role": role,
        "profile": profile,
        "relation": relation,
        "sections": queries.answers_shown(profile, relation),
    }
    return render(request, "profiles/preview.html", context)


@member_required
@never_cache
@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """What happens next for a mentor whose profile is complete."""
    person, role = _who(request)
    if role != "mentor":
        return redirect("front")
    profile = queries.profile_of(person, role)
    if profile is None or not profile.complete:
        return redirect("profiles:edit")
    context = {"capacity": queries.capacity_of(profile), "next": next_step(person, role)}
    return render(request, "profiles/ready.html", context)


def _who(request: HttpRequest) -> tuple[Person, Role]:
    return cast("Person", request.user), cast("Role", request.acting_as)  # type: ignore[attr-defined]
