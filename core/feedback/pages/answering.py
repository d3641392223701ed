"""The page where somebody says how it was, and the thanks after it (product E10)."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.accounts.models import Person
from core.accounts.permissions import member_required
from core.feedback import errors, permissions, queries, services
from core.feedback.forms import AnswerForm
from core.feedback.models import Invitation, Reply
from core.feedback.rules.results import CHANGE_WITHIN
from core.feedback.rules.survey import CONCERN, LONGEST_TEXT, STEPS, Question
from core.mentorships.pages.reader import reader
from core.mentorships.queries import of_person
from core.programme.queries import in_our_words, placeholders, policies, words
from core.programme.rules import expand


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, mentorship_id: UUID) -> HttpResponse:
    """Answer, change the answer within a week, or read what one answered."""
    person = reader(request)
    invitation = queries.invitation_of(person, mentorship_id)
    if invitation is None:
        return _nothing_asked(request, person, mentorship_id)
    reply = queries.reply_to(invitation)
    if reply is not None and not reply.can_change:
        return render(request, "feedback/given.html", _shown(invitation, person, reply))
    form = _form(request, invitation, reply)
    if request.method == "POST" and "later" in request.POST and reply is None:
        services.keep_draft(invitation, by=person, written=_written(request, form))
        messages.success(request, "Kept for you. Nobody but you can read it until you send it.")
        return redirect("mentorships:dashboard")
    if form.is_valid():
        try:
            services.answer(
                invitation,
                by=person,
                answers=form.answers,
                concern=form.cleaned_data.get("concern", ""),
                contact=form.cleaned_data.get("contact", False),
                seen=form.cleaned_data["seen"] or 0,
            )
        except errors.NoLongerChanged:
            return redirect(invitation)
        except errors.AnsweredElsewhere as broken:
            return _stale(request, invitation, person, broken.message)
        return redirect("feedback:thanks", mentorship_id)
    return _page(request, form, invitation, person, reply)


@member_required
@never_cache
@require_safe
def thanks(request: HttpRequest, mentorship_id: UUID) -> HttpResponse:
    """Thank you, and until when the answer can be changed."""
    person = reader(request)
    invitation = queries.invitation_of(person, mentorship_id)
    reply = queries.reply_to(invitation) if invitation else None
    if invitation is None or reply is None:
        return redirect("feedback:answer", mentorship_id)
    return render(
        request,
        "feedback/thanks.html",
        {
            "invitation": invitation,
            "partner": _partner(invitation, person),
            "thanks": in_our_words(invitation.questions.thanks),
            "reply": reply,
            "wish": queries.wish_of(reply),
            "until": reply.given_at + CHANGE_WITHIN,
        },
    )


@member_required
@require_POST
def decline(request: HttpRequest, mentorship_id: UUID) -> HttpResponse:
    """Rather not: nobody reminds any more."""
    person = reader(request)
    invitation = queries.invitation_of(person, mentorship_id)
    if invitation is None:
        raise Http404
    services.decline(invitation, by=person)
    messages.info(request, "That is fine. You will not be reminded of it.")
    return redirect("mentorships:dashboard")


def _form(request: HttpRequest, invitation: Invitation, reply: Reply | None) -> AnswerForm:
    data = request.POST if request.method == "POST" else None
    initial = invitation.draft if isinstance(invitation.draft, dict) else {}
    if reply is not None:
        initial = AnswerForm.filled(reply.answers, reply.concern, reply.changes)
    return AnswerForm(
        data,
        initial=initial,
        survey=invitation.questions,
        role=invitation.role,
        names=placeholders(),
        team=words()["programme_team"].singular,
        may_ask_contact=queries.wish_of(reply) is None,
    )


def _written(request: HttpRequest, form: AnswerForm) -> dict[str, Any]:
    """What stands in the boxes, finished or not, within bounds."""
    found: dict[str, Any] = {}
    for bound in [*form.questions, form["concern"]]:
        value = bound.data
        if isinstance(value, list):
            found[bound.name] = [_storable(one, 60) for one in value[:40]]
        elif value:
            found[bound.name] = _storable(value, 2 * LONGEST_TEXT)
    return found


def _storable(value: object, most: int) -> str:
    return str(value).replace("\x00", "")[:most]


def _stale(
    request: HttpRequest, invitation: Invitation, person: Person, message: str
) -> HttpResponse:
    """The same words again, on top of the answer that came in between."""
    reply = queries.reply_to(invitation)
    data = request.POST.copy()
    data["seen"] = str(reply.changes if reply else 0)
    form = AnswerForm(
        data,
        survey=invitation.questions,
        role=invitation.role,
        names=placeholders(),
        team=words()["programme_team"].singular,
        may_ask_contact=queries.wish_of(reply) is None,
    )
    form.add_error(None, message)
    return _page(request, form, invitation, person, reply, status=409)


def _page(
    request: HttpRequest,
    form: AnswerForm,
    invitation: Invitation,
    person: Person,
    reply: Reply | None,
    status: int = 0,
) -> HttpResponse:
    return render(
        request,
        "feedback/answer.html",
        {
            "form": form,
            "invitation": invitation,
            "partner": _partner(invitation, person),
            "reply": reply,
            "wish": queries.wish_of(reply),
            "until": reply.given_at + CHANGE_WITHIN if reply else None,
            "may_decline": permissions.may_decline(person, invitation),
            "required": policies().feedback == "required",
            "role": invitation.role,
        },
        status=status or (422 if form.errors else 200),
    )


def _shown(invitation: Invitation, person: Person, reply: Reply) -> dict[str, Any]:
    survey, names = invitation.questions, placeholders()
    asked = survey.asked_of(invitation.role)
    return {
        "invitation": invitation,
        "partner": _partner(invitation, person),
        "reply": reply,
        "wish": queries.wish_of(reply),
        "lines": [
            (expand(one.label, names), expand(_in_words(one, reply.answers[one.key]), names))
            for one in asked
            if one.key in reply.answers and one.key != CONCERN
        ],
    }


def _in_words(question: Question, value: Any) -> str:
    labels = {option.key: option.label for option in question.options}
    if isinstance(value, list):
        return ", ".join(labels.get(one, "") for one in value)
    if question.kind == "scale":
        return f"{value} of {STEPS[-1]}"
    return labels.get(value, "") if question.kind == "choice" else str(value)


def _nothing_asked(request: HttpRequest, person: Person, mentorship_id: UUID) -> HttpResponse:
    """One of the two, before anything is asked; anybody else is told that there is no page."""
    mentorship = of_person(person, mentorship_id)
    if mentorship is None:
        raise Http404
    partner = mentorship.mentee if person.pk == mentorship.mentor_id else mentorship.mentor
    return render(
        request, "feedback/not_asked.html", {"mentorship": mentorship, "partner": partner}
    )


def _partner(invitation: Invitation, person: Person) -> Person:
    mentorship = invitation.mentorship
    return mentorship.mentee if person.pk == mentorship.mentor_id else mentorship.mentor
