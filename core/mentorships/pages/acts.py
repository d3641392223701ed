"""The pages of single steps: what is asked before it is taken, and what is said after."""

from collections.abc import Callable
from typing import Any, Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from core.accounts.models import Person
from core.mentorships import queries, services
from core.mentorships.forms import (
    AskChangesForm,
    DeclineForm,
    InviteBackForm,
    LeaveForm,
    RequestForm,
)
from core.mentorships.models import Mentorship
from core.mentorships.states import UNANSWERED, Action, State
from core.profiles.queries import profile_of
from core.programme.queries import words

Act = Callable[[HttpRequest, Mentorship, Person], HttpResponse]


def _accept(request: HttpRequest, mentorship: Mentorship, person: Person) -> HttpResponse:
    if request.method == "POST":
        last = request.POST.get("then") == "unavailable"
        (services.accept_as_last if last else services.accept)(mentorship, by=person)
        name = mentorship.mentee.full_name
        messages.success(
            request,
            f"You are now {name}’s mentor. They have been told, and asked to arrange the first "
            "conversation.",
        )
        if last and queries.as_mentor(person).filter(state__in=UNANSWERED).exists():
            messages.info(request, "You are unavailable now. Others still wait for your answer.")
            return redirect("mentorships:availability")
    return redirect(mentorship)


def _decline(request: HttpRequest, mentorship: Mentorship, person: Person) -> HttpResponse:
    name = mentorship.mentee.full_name
    form = DeclineForm(_written(request), mentee_name=mentorship.mentee.first_name or name)
    if form.is_valid():
        said = form.cleaned_data
        away = said.pop("unavailable")
        (services.decline_for_a_while if away else services.decline)(mentorship, **said, by=person)
        messages.success(request, f"{name} has been told, with your words if you wrote some.")
        return redirect(mentorship)
    return _ask(request, "decline", mentorship, form=form)


def _ask_changes(request: HttpRequest, mentorship: Mentorship, person: Person) -> HttpResponse:
    name = mentorship.mentee.full_name
    form = AskChangesForm(_written(request), mentee_name=mentorship.mentee.first_name or name)
    if form.is_valid():
        services.ask_changes(mentorship, **form.cleaned_data, by=person)
        messages.success(request, f"{name} has your words. You get an e-mail when they answer.")
        return redirect(mentorship)
    return _ask(request, "ask_changes", mentorship, form=form)


def _edit(request: HttpRequest, mentorship: Mentorship, person: Person) -> HttpResponse:
    form = _request_form(request, mentorship)
    if form.is_valid():
        changed = services.edit(mentorship, **_asked(form, mentorship), by=person)
        if changed.changed_at != mentorship.changed_at:
            messages.success(
                request, f"Saved. {mentorship.mentor.full_name} is told, and sees what changed."
            )
        else:
            messages.info(request, "Nothing was changed, so nobody was told.")
        return redirect(mentorship)
    return _ask(request, "rewrite", mentorship, form=form, step=Action.EDIT)


def _revise(request: HttpRequest, mentorship: Mentorship, person: Person) -> HttpResponse:
    form = _request_form(request, mentorship)
    if form.is_valid():
        services.revise(mentorship, **_asked(form, mentorship), by=person)
        messages.success(
            request, f"Your new version is on its way to {mentorship.mentor.full_name}."
        )
        return redirect(mentorship)
    return _ask(
        request, "rewrite", mentorship, form=form, step=Action.REVISE,
        wish=queries.latest_words(mentorship, Action.ASK_CHANGES),
    )  # fmt: skip


def _withdraw(request: HttpRequest, mentorship: Mentorship, person: Person) -> HttpResponse:
    form = LeaveForm(_written(request), partner_name=mentorship.mentor.full_name)
    if form.is_valid():
        services.withdraw(mentorship, **form.cleaned_data, by=person)
        messages.success(
            request,
            f"Your {words()['request'].singular} is withdrawn, and "
            f"{mentorship.mentor.full_name} has been told.",
        )
        return redirect(mentorship)
    return _ask(request, "withdraw", mentorship, form=form)


def _end(request: HttpRequest, mentorship: Mentorship, person: Person) -> HttpResponse:
    partner = _partner(mentorship, person)
    form = LeaveForm(_written(request), partner_name=partner.full_name)
    if form.is_valid():
        services.end(mentorship, **form.cleaned_data, by=person)
        messages.success(
            request, f"Your relationship has ended, and {partner.full_name} has been told."
        )
        return redirect(mentorship)
    return _ask(request, "end", mentorship, form=form, partner=partner)


def _reopen(request: HttpRequest, mentorship: Mentorship, person: Person) -> HttpResponse:
    if person.pk == mentorship.mentor_id:
        if request.method == "POST":
            services.reopen(mentorship, by=person)
            messages.success(
                request, f"Open again. {mentorship.mentee.full_name} has been told. Now answer it."
            )
            return redirect(mentorship)
        return _ask(request, "reopen", mentorship)
    form = _request_form(request, mentorship)
    if form.is_valid():
        services.reopen(mentorship, **_asked(form, mentorship), by=person)
        messages.success(
            request, f"It is on its way to {mentorship.mentor.full_name}, who is asked to answer."
        )
        return redirect(mentorship)
    ended = mentorship.state == State.ENDED
    return _ask(
        request, "rewrite", mentorship, form=form, step=Action.REOPEN, ended=ended
    )  # fmt: skip


def _invite_back(request: HttpRequest, mentorship: Mentorship, person: Person) -> HttpResponse:
    name = mentorship.mentee.full_name
    form = InviteBackForm(_written(request), mentee_name=mentorship.mentee.first_name or name)
    if form.is_valid():
        services.invite_back(mentorship, **form.cleaned_data, by=person)
        messages.success(request, f"{name} has been asked. You get an e-mail when they answer.")
        return redirect(mentorship)
    return _ask(request, "invite_back", mentorship, form=form)


def _go_on(request: HttpRequest, mentorship: Mentorship, person: Person) -> HttpResponse:
    if request.method == "POST":
        services.go_on(mentorship, by=person)
        name = mentorship.mentor.full_name
        messages.success(request, f"You go on with {name}, who has been told.")
    return redirect(mentorship)


def _mark_done(request: HttpRequest, mentorship: Mentorship, person: Person) -> HttpResponse:
    if request.method == "POST":
        after = services.mark_done(mentorship, by=person)
        partner = _partner(mentorship, person)
        if after.state == State.COMPLETED:
            return _completed(request, mentorship, person)
        messages.success(request, f"{partner.full_name} has been told, and asked to say so too.")
    return _to_the_end(mentorship)


def _take_back(request: HttpRequest, mentorship: Mentorship, person: Person) -> HttpResponse:
    if request.method == "POST":
        services.take_back(mentorship, by=person)
        partner = _partner(mentorship, person)
        messages.success(request, f"Your journey goes on, and {partner.full_name} is told.")
    return _to_the_end(mentorship)


def _complete(request: HttpRequest, mentorship: Mentorship, person: Person) -> HttpResponse:
    if request.method == "POST":
        services.complete(mentorship, by=person)
        return _completed(request, mentorship, person)
    return _to_the_end(mentorship)


def _completed(request: HttpRequest, mentorship: Mentorship, person: Person) -> HttpResponse:
    name = _partner(mentorship, person).full_name
    messages.success(request, f"Your journey with {name} is complete. Well done, both of you.")
    return _to_the_end(mentorship)


def _to_the_end(mentorship: Mentorship) -> HttpResponse:
    """The page that asks before the end, and says what comes after it."""
    return redirect("journey:ending", mentorship.pk)


def _request_form(request: HttpRequest, mentorship: Mentorship) -> RequestForm:
    mentor = mentorship.mentor
    return RequestForm(
        _written(request),
        initial={"area": mentorship.area, "statement": mentorship.statement},
        areas=queries.areas(queries.area_field(), profile_of(mentor, "mentor")),
        mentor_name=mentor.first_name or mentor.full_name,
    )


def _asked(form: RequestForm, mentorship: Mentorship) -> dict[str, str]:
    return {
        "area": form.cleaned_data.get("area", mentorship.area),
        "statement": form.cleaned_data["statement"],
    }


def _written(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _partner(mentorship: Mentorship, person: Person) -> Person:
    return mentorship.mentee if person.pk == mentorship.mentor_id else mentorship.mentor


def _ask(request: HttpRequest, name: str, mentorship: Mentorship, **more: Any) -> HttpResponse:
    form = more.get("form")
    status = 422 if form is not None and form.errors else 200
    context = {"mentorship": mentorship, **more}
    return render(request, f"mentorships/{name}.html", context, status=status)


ACTS: Final[dict[Action, Act]] = {
    Action.ACCEPT: _accept,
    Action.DECLINE: _decline,
    Action.ASK_CHANGES: _ask_changes,
    Action.EDIT: _edit,
    Action.REVISE: _revise,
    Action.WITHDRAW: _withdraw,
    Action.REOPEN: _reopen,
    Action.INVITE_BACK: _invite_back,
    Action.GO_ON: _go_on,
    Action.MARK_DONE: _mark_done,
    Action.TAKE_BACK: _take_back,
    Action.COMPLETE: _complete,
    Action.END: _end,
}
"""What has an address of its own under a relationship."""
