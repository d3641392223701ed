"""Staff draw the profile form (product F5): order, questions, answers, and what a change does."""

import hashlib
import json
from typing import Any, cast

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from core.accounts.models import Person
from core.kernel.errors import RuleBroken
from core.kernel.rights import Right
from core.kernel.staff import staff_site
from core.profiles.forms import FieldForm, OptionForm, SectionForm
from core.profiles.models import Field, Option, Section
from core.profiles.rules import Kind
from core.profiles.services import drawing, foresight
from core.programme.services.foresight import many

SAVED = "Saved. Members are asked so from now on."


@staff_site.page("profile-form/", "profile_form")
@require_http_methods(["GET", "HEAD", "POST"])
def overview(request: HttpRequest) -> HttpResponse:
    """All sections and questions in their order; posting moves them and takes empty ones away."""
    if request.method == "POST":
        _step(request)
        return redirect("staff:profile_form")
    answers = foresight.answers_by_field()
    sections = list(Section.objects.prefetch_related("fields"))
    return _page(
        request,
        "profiles/staff/form.html",
        "The profile form",
        sections=[
            {
                "section": section,
                "fields": [
                    {"field": one, "answers": answers.get(one.key, 0)}
                    for one in sorted(section.fields.all(), key=lambda one: (one.order, one.key))
                ],
            }
            for section in sections
        ],
    )


@staff_site.page("profile-form/sections/<slug:key>/", "profile_form_section")
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, key: str) -> HttpResponse:
    """One section; under "new" a further one."""
    found = Section.objects.filter(key=key).first()
    if found is None and key != drawing.NEW:
        raise Http404
    form = SectionForm(_sent(request), instance=found)
    if form.is_valid():
        drawing.put_section(form.save(commit=False), by=_member(request))
        messages.success(request, SAVED)
        return redirect("staff:profile_form")
    return _page(
        request,
        "profiles/staff/section.html",
        found.label if found else "A new section",
        form=form,
        status=422 if form.errors else 200,
    )


@staff_site.page("profile-form/questions/<slug:key>/", "profile_form_question")
@require_http_methods(["GET", "HEAD", "POST"])
def question(request: HttpRequest, key: str) -> HttpResponse:
    """One question with its answers; under "new" a further one. What a change does is said before
    it is saved."""
    before = Field.objects.select_related("section").filter(key=key).first()
    if before is None and key != drawing.NEW:
        raise Http404
    found = Field.objects.select_related("section").get(pk=before.pk) if before else None
    is_answered = bool(found) and foresight.answered(key).exists()
    if request.method == "POST" and before and "of_option" in request.POST:
        return _option_step(request, before)
    form = FieldForm(
        _sent(request),
        instance=found,
        is_answered=is_answered,
        initial=None if found else {"section": request.GET.get("section", "")},
    )
    context: dict[str, Any] = {"form": form, "field": before, "seen": _state(before)}
    title = before.label if before else "A new question"
    if not form.is_valid():
        return _question(request, title, context, 422 if form.errors else 200)
    wanted = form.save(commit=False)
    if before and request.POST.get("seen") != _state(before):
        messages.error(
            request,
            "Somebody changed this question while you were writing. What you wrote stands below: "
            "save again to put it in the place of theirs.",
        )
        return _question(request, title, context, 409)
    effects = foresight.field_effects(before, wanted)
    mark = _mark(drawing.state_of(wanted), effects)
    if request.POST.get("step") == "look" or (effects and request.POST.get("agreed") != mark):
        context |= {"effects": effects, "agreed": mark, "looked": True}
        return _question(request, title, context)
    try:
        saved = drawing.put_field(wanted, by=_member(request))
    except RuleBroken as broken:
        messages.error(request, broken.message)
        return _question(request, title, context, int(broken.status))
    messages.success(request, SAVED)
    if before is None and saved.kind in drawing.CHOOSING:
        return redirect("staff:profile_form_question", saved.key)
    return redirect("staff:profile_form")


def _option_step(request: HttpRequest, field: Field) -> HttpResponse:
    """Do what the button beside an answer says. Merging says first what it does."""
    form, member = OptionForm(request.POST), _member(request)
    if not form.is_valid():
        raise Http404
    step, label = form.cleaned_data["step"], form.cleaned_data["label"]
    option = form.chosen(field)
    try:
        if step == "add":
            drawing.add_option(field, label, by=member)
        elif option is None:
            raise Http404
        elif step == "merge":
            into = form.chosen(field, "into")
            if into is None or into.pk == option.pk:
                raise RuleBroken("Choose the answer that takes the place of this one.")
            count = foresight.chosen(field).get(option.key, 0)
            mark = _mark({"option": option.key, "into": into.key}, [str(count)])
            if form.cleaned_data["agreed"] != mark:
                return _merge(request, field, option, into, count, mark)
            changed = drawing.merge_options(option, into, by=member)
            messages.success(
                request, f"{many(changed, 'profile says', 'profiles say')} “{into.label}” now."
            )
        else:
            _option_deed(step, field, option, label, member)
    except RuleBroken as broken:
        messages.error(request, broken.message)
    return redirect(f"{reverse('staff:profile_form_question', args=[field.key])}#answers")


def _option_deed(step: str, field: Field, option: Option, label: str, member: Person) -> None:
    if step == "rename":
        drawing.rename_option(option, label, by=member)
    elif step == "retire":
        drawing.set_option_active(option, False, by=member)
    elif step == "bring_back":
        drawing.set_option_active(option, True, by=member)
    elif step == "remove":
        drawing.remove_option(option, by=member)
    elif step in ("up", "down"):
        rows = list(field.options.all())
        drawing.move(rows, option.key, -1 if step == "up" else 1, by=member)
    else:
        raise Http404


def _merge(
    request: HttpRequest, field: Field, option: Option, into: Option, count: int, mark: str
) -> HttpResponse:
    return _page(
        request,
        "profiles/staff/merge.html",
        f"Merge “{option.label}”",
        field=field,
        option=option,
        into=into,
        people=many(count, "profile that says", "profiles that say"),
        agreed=mark,
    )


def _question(
    request: HttpRequest, title: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    field = context["field"]
    options: list[dict[str, Any]] = []
    if field is not None and field.kind in drawing.CHOOSING:
        counts = foresight.chosen(field)
        rows = list(field.options.all())
        options = [
            {
                "option": one,
                "count": counts.get(one.key, 0),
                "first": one is rows[0],
                "last": one is rows[-1],
                "retiring": foresight.option_sentence(one.label, counts.get(one.key, 0)),
                "others": [other for other in rows if other is not one and other.active],
            }
            for one in rows
        ]
    return _page(
        request,
        "profiles/staff/question.html",
        title,
        status=status,
        options=options,
        chooses=field is not None and field.kind in drawing.CHOOSING,
        kinds={"choices": Kind.CHOICES.value},
        **context,
    )


def _step(request: HttpRequest) -> None:
    """Do what the pressed button says; what cannot be done is said."""
    step, _, key = request.POST.get("step", "").partition(":")
    member = _member(request)
    try:
        if step in ("section_up", "section_down"):
            rows = list(Section.objects.all())
            drawing.move(rows, key, -1 if step == "section_up" else 1, by=member)
        elif step in ("up", "down"):
            field = _known(Field, key)
            fields = list(field.section.fields.order_by("order", "key"))
            drawing.move(fields, key, -1 if step == "up" else 1, by=member)
        elif step == "section_remove":
            drawing.remove_section(_known(Section, key), by=member)
            messages.success(request, "Removed.")
        elif step == "remove":
            drawing.remove_field(_known(Field, key), by=member)
            messages.success(request, "Removed.")
        else:
            raise Http404
    except RuleBroken as broken:
        messages.error(request, broken.message)


def _known(model: Any, key: str) -> Any:
    found = model.objects.filter(key=key).first()
    if found is None:
        raise Http404
    return found


def _state(field: Field | None) -> str:
    return _mark(drawing.state_of(field), []) if field else ""


def _mark(state: dict[str, Any], effects: list[str]) -> str:
    text = json.dumps([state, effects], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:24]


def _sent(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _member(request: HttpRequest) -> Person:
    return cast(Person, request.user)


def _page(
    request: HttpRequest, template: str, title: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    request.current_app = staff_site.name
    return render(
        request,
        template,
        {
            **staff_site.each_context(request),
            "title": title,
            "writes": staff_site.may(request, "profile_form", Right.WRITE),
            **context,
        },
        status=status,
    )
