"""Staff draw the road of the institute (product E8, E12, F4): a draft, then a version.

Pairs who are on their way keep the version with which they set out. What people write on their
sheets is not on the staff site at all.
"""

from typing import Any, cast

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.accounts.models import Person
from core.journey import queries, services
from core.journey.errors import PlanRefused
from core.journey.forms import PlannedActivityForm, StageForm, TipsForm, tool_choices
from core.journey.rules import MOST_ACTIVITIES, MOST_STAGES, Activity, Plan, Stage, key_from
from core.kernel.staff import staff_page, staff_site
from core.programme.queries import current, placeholders
from core.programme.rules import expand

NEW = "new"


@staff_site.page("journey/", "journey")
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """The road as it is drawn, who runs on which version; posting moves, removes, publishes."""
    if request.method == "POST":
        _step(request)
        return redirect("staff:journey")
    names = placeholders()
    plan = _plan()
    return staff_page(
        request,
        "journey/staff/overview.html",
        "The road of mentoring",
        draft=queries.draft(),
        stages=[
            {
                "stage": stage,
                "label": expand(stage.label, names),
                "next_step": expand(stage.next_step, names),
                "activities": [
                    {"key": one.key, "label": expand(one.label, names)} for one in stage.activities
                ],
                "is_last": stage is plan.last,
                "full": len(stage.activities) >= MOST_ACTIVITIES,
            }
            for stage in plan.stages
        ],
        full=len(plan.stages) >= MOST_STAGES,
        versions=queries.versions(),
        policy=current().policies.who_completes,
    )


@staff_site.page("journey/tips/", "journey_tips")
@require_http_methods(["GET", "HEAD", "POST"])
def tips(request: HttpRequest) -> HttpResponse:
    """The tips on ending well."""
    form = TipsForm(_sent(request), initial={"tips": _plan().tips})
    if form.is_valid() and _fresh(request):
        return _saved(
            request, lambda member: services.put_tips(form.cleaned_data["tips"], by=member)
        )
    return _form(request, "Tips on ending well", form)


@staff_site.page("journey/stages/<slug:key>/", "journey_stage")
@require_http_methods(["GET", "HEAD", "POST"])
def stage(request: HttpRequest, key: str) -> HttpResponse:
    """One stage; under "new" a further one before the end."""
    found = None if key == NEW else _stage(key)
    used = found.tools if found else ()
    form = StageForm(
        _sent(request),
        initial=StageForm.begun_with(found) if found else {},
        tools=tool_choices(current().menus.tools.items, used),
    )
    if form.is_valid() and _fresh(request):
        taken = {one.key for one in _plan().stages}
        name = found.key if found else key_from(form.cleaned_data["label"], taken | {NEW})
        made = form.stage(name, found.activities if found else ())
        replaces = found.key if found else None
        return _saved(
            request, lambda member: services.put_stage(made, replaces=replaces, by=member)
        )
    return _form(request, _shown(found.label) if found else "A new stage", form)


@staff_site.page("journey/stages/<slug:key>/activities/<slug:activity>/", "journey_activity")
@require_http_methods(["GET", "HEAD", "POST"])
def activity(request: HttpRequest, key: str, activity: str) -> HttpResponse:
    """One activity of a stage; under "new" a further one."""
    found = _stage(key)
    before = next((one for one in found.activities if one.key == activity), None)
    if before is None and activity != NEW:
        raise Http404
    form = PlannedActivityForm(
        _sent(request), initial=PlannedActivityForm.begun_with(before) if before else {}
    )
    if form.is_valid() and _fresh(request):
        taken = {one.key for stage in _plan().stages for one in stage.activities}
        name = before.key if before else key_from(form.cleaned_data["label"], taken | {NEW})
        made = form.activity(name, before)
        kept: tuple[Activity, ...] = tuple(
            made if one.key == name else one for one in found.activities
        )
        kept = kept if before else (*kept, made)
        changed = found.model_copy(update={"activities": kept})
        return _saved(
            request, lambda member: services.put_stage(changed, replaces=found.key, by=member)
        )
    title = _shown(before.label) if before else f"A new activity of “{_shown(found.label)}”"
    return _form(request, title, form)


def _step(request: HttpRequest) -> None:
    """Do what the pressed button says; what cannot be done is said."""
    member = cast(Person, request.user)
    step, _, key = request.POST.get("step", "").partition(":")
    try:
        if step == "up":
            services.move(key, -1, by=member)
        elif step == "down":
            services.move(key, 1, by=member)
        elif step == "remove":
            services.remove_stage(key, by=member)
            messages.success(request, "Removed from the draft.")
        elif step == "remove_activity":
            _remove_activity(key, member)
            messages.success(request, "Removed from the draft.")
        elif step == "publish":
            made = services.publish(by=member)
            messages.success(
                request,
                f"Version {made.number} is in force. Pairs on their way keep the road with which "
                "they set out.",
            )
        elif step == "discard":
            services.discard()
            messages.success(request, "The draft is thrown away.")
        else:
            raise Http404
    except PlanRefused as refused:
        messages.error(request, refused.message)


def _remove_activity(key: str, member: Person) -> None:
    for one in _plan().stages:
        kept = tuple(activity for activity in one.activities if activity.key != key)
        if len(kept) < len(one.activities):
            changed = one.model_copy(update={"activities": kept})
            services.put_stage(changed, replaces=one.key, by=member)


def _plan() -> Plan:
    row = queries.draft()
    return row.plan if row else queries.plan_in_force()


def _stage(key: str) -> Stage:
    found = _plan().stage(key)
    if found is None:
        raise Http404
    return found


def _shown(text: str) -> str:
    return expand(text, placeholders())


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _stamp() -> str:
    row = queries.draft()
    return row.changed_at.isoformat() if row else ""


def _fresh(request: HttpRequest) -> bool:
    """Whether nobody changed the draft since this form was opened."""
    if request.POST.get("seen", "") == _stamp():
        return True
    messages.error(
        request,
        "Somebody changed the draft while you were writing. Your words stand below: save again to "
        "put them in the place of theirs.",
    )
    return False


def _saved(request: HttpRequest, save: Any) -> HttpResponse:
    try:
        save(cast(Person, request.user))
    except PlanRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, "Saved in the draft. Publish it when the road is right.")
    return redirect("staff:journey")


def _form(request: HttpRequest, title: str, form: forms.Form) -> HttpResponse:
    return staff_page(
        request,
        "journey/staff/form.html",
        title,
        status=422 if form.errors else 200,
        form=form,
        seen=_stamp(),
        back=reverse("staff:journey"),
    )
