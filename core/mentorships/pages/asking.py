"""A mentor's page: the person first, then the way to ask (product B8, C1)."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.accounts.models import Person
from core.accounts.permissions import member_required
from core.accounts.queries import blocked_between
from core.kernel.errors import RuleBroken
from core.matching.queries import receipt
from core.mentorships import errors, permissions, queries, services
from core.mentorships.forms import RequestForm
from core.mentorships.models import Mentorship
from core.mentorships.pages.reader import acting_as, reader
from core.profiles.models import Profile
from core.profiles.queries import answers_shown, profile_of
from core.profiles.rules import Relation
from core.programme.queries import words


@dataclass(frozen=True)
class Draft:
    """What the mentee has written so far; `preview` when it is ready to be looked over."""

    form: RequestForm | None
    preview: bool = False
    status: int = 200


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def mentor(request: HttpRequest, person_id: UUID) -> HttpResponse:
    """Write, look over, send. What was written is kept when something is wrong."""
    person = reader(request)
    found = Person.objects.filter(pk=person_id, is_active=True, is_mentor=True).first()
    profile = profile_of(found, "mentor") if found else None
    if found is None or profile is None or blocked_between(person, found):
        raise Http404
    existing = queries.open_between(mentor=found, mentee=person)
    if not (person == found or existing or (person.is_mentee and profile.complete)):
        raise Http404
    asking = permissions.may_send(person, found)
    obstacle = None
    draft = Draft(None)
    if request.method == "POST":
        if not asking:
            raise errors.NotTheirs("There is nothing here that you can send.")
        try:
            answer = _take_draft(request, found, profile, person)
        except errors.AlreadyOpen as broken:
            messages.info(request, broken.message)
            return redirect("mentorships:detail", broken.mentorship_id)
        if isinstance(answer, Mentorship):
            return redirect(answer)
        draft = answer
    elif asking:
        obstacle = _obstacle(found, person)
        draft = Draft(None if obstacle else _form(found, profile))
    full = isinstance(obstacle, errors.MentorFull)
    relation = Relation.PARTNER if existing and existing.is_active else Relation.EVERYONE
    return render(
        request,
        "mentorships/mentor.html",
        {
            "mentor": found,
            "is_self": person == found,
            "answers": answers_shown(profile, relation),
            "receipt": receipt(person, found) if asking else None,
            "existing": existing,
            "form": draft.form,
            "preview": draft.preview,
            "obstacle": obstacle,
            "may_wait": full and services.may_wait(person, found),
            "waits": full and queries.waits_for(person, found),
            "needs_profile": isinstance(obstacle, errors.ProfileMissing),
            "other_account": asking and acting_as(request) == "mentor",
        },
        status=draft.status,
    )


def _take_draft(
    request: HttpRequest, mentor: Person, profile: Profile, mentee: Person
) -> Draft | Mentorship:
    """One of three steps: look over, go back to writing, send; raises AlreadyOpen."""
    form = _form(mentor, profile, request.POST)
    step = request.POST.get("step", "preview")
    if step == "edit":
        return Draft(_form(mentor, profile, initial=request.POST.dict()))
    if not form.is_valid():
        return Draft(form, status=422)
    try:
        if step == "send":
            return _send(request, form, mentor, mentee)
        services.check_send(mentor=mentor, by=mentee)
    except errors.AlreadyOpen:
        raise
    except RuleBroken as broken:
        form.add_error(None, broken.message)
        return Draft(form, status=int(broken.status))
    return Draft(form, preview=True)


def _form(
    mentor: Person,
    profile: Profile,
    data: QueryDict | None = None,
    initial: dict[str, Any] | None = None,
) -> RequestForm:
    areas = queries.areas(queries.area_field(), profile)
    name = mentor.first_name or mentor.full_name
    return RequestForm(data, initial=initial, areas=areas, mentor_name=name)


def _send(request: HttpRequest, form: RequestForm, mentor: Person, mentee: Person) -> Mentorship:
    sent = services.send(
        mentor=mentor,
        area=form.cleaned_data.get("area", ""),
        statement=form.cleaned_data["statement"],
        by=mentee,
    )
    messages.success(
        request,
        f"Your {words()['request'].singular} is on its way to {mentor.full_name}. "
        "You will get an e-mail when they answer.",
    )
    return sent


def _obstacle(mentor: Person, mentee: Person) -> RuleBroken | None:
    try:
        services.check_send(mentor=mentor, by=mentee)
    except RuleBroken as broken:
        return broken
    return None
