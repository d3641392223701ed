"""The road map, a stage of it, and the first conversation (product E1, E8, E12)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.permissions import member_required
from core.journey import queries, services
from core.journey.pages import lines, picture, tools, words
from core.journey.pages.finding import Sight, sight
from core.journey.queries import Place
from core.journey.rules import Act, Policy, Side
from core.kernel.errors import Conflict
from core.kernel.text import render_markdown
from core.meetings.pages.cards import coming
from core.programme.queries import current, placeholders
from core.programme.rules import expand


@member_required
@require_safe
def road_map(request: HttpRequest, mentorship_id: UUID) -> HttpResponse:
    """The road as a picture and in words: where the two are, what each stage is for."""
    seen = sight(request, mentorship_id)
    names = placeholders()
    described = lines.described(seen, names, queries.sheets_of(seen.run))
    return render(
        request,
        "journey/road_map.html",
        {
            **seen.context(),
            "described": described,
            "here": next((one.line for one in described if one.line.place.is_now), None),
            "wide": picture.wide(seen.places),
            "narrow": picture.narrow(seen.places),
            "since": words.since(seen.run),
            "typical_length": current().typical_length,
            "others": [one for one in queries.journeys_of(seen.mentorship) if one != seen.run],
            "history": lines.marks(seen, names),
        },
    )


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def stage(request: HttpRequest, mentorship_id: UUID, stage: str) -> HttpResponse:
    """A stage with all that it leads to; posting marks it, or takes the mark back."""
    seen = sight(request, mentorship_id)
    place = seen.place(stage)
    if place.is_last:
        return redirect(seen.address("ending"))
    if request.method == "POST":
        return _act(request, seen, place)
    return _page(request, seen, place)


@member_required
@require_safe
def first_conversation(request: HttpRequest, mentorship_id: UUID) -> HttpResponse:
    """What the two open with after acceptance, whatever the institute calls that stage."""
    seen = sight(request, mentorship_id)
    return _page(request, seen, seen.place(seen.run.plan.first_conversation.key), opening=True)


def _page(
    request: HttpRequest,
    seen: Sight,
    place: Place,
    *,
    opening: bool = False,
    refused: str = "",
) -> HttpResponse:
    names = placeholders()
    found = place.stage
    here = seen.places.index(place)
    following = seen.places[here + 1] if here + 1 < len(seen.places) else None
    marks = [mark for mark in lines.marks(seen, names) if mark.stage == found.key]
    return render(
        request,
        "journey/stage.html",
        {
            **seen.context(),
            "place": place,
            "line": lines.line(seen, place, names),
            "description": render_markdown(expand(found.description, names)),
            "to_do": [expand(one, names) for one in found.to_do],
            "tools": tools.tools(found.tools, seen.mentorship, seen.person),
            "guides": tools.readings(found, seen.side),
            "activities": lines.to_fill_in(seen, found, names, queries.sheets_of(seen.run)),
            "offer": words.offer(seen, place) if seen.may_work else None,
            "opening": opening,
            "road_url": seen.address("road_map"),
            "meeting": coming(seen.mentorship, seen.person) if seen.may_work else None,
            "following": lines.line(seen, following, names) if following else None,
            "track": [lines.line(seen, one, names) for one in seen.places],
            "history": marks,
            "refused": refused,
        },
        status=409 if refused else 200,
    )


def _act(request: HttpRequest, seen: Sight, place: Place) -> HttpResponse:
    try:
        act = Act(request.POST.get("act", ""))
    except ValueError:
        raise Http404 from None
    service = services.mark if act is Act.MARK else services.take_back
    try:
        standing = service(seen.run, place.stage.key, by=seen.person)
    except Conflict as conflict:
        now_seen = sight(request, seen.mentorship.pk)
        if act is Act.MARK and now_seen.place(place.stage.key).standing.marked_by(seen.side):
            return redirect(seen.address("stage", place.stage.key))  # a double click: it is done
        return _page(request, now_seen, now_seen.place(place.stage.key), refused=conflict.message)
    name = words.called(seen.partner)
    if act is Act.TAKE_BACK:
        messages.success(request, "The stage is open again.")
    elif standing.passed:
        messages.success(request, f"Stage marked as completed. {name} is told.")
        return redirect(seen.address("road_map"))
    elif seen.who_completes is Policy.MENTOR_WHEN_ASKED and seen.side is Side.MENTEE:
        messages.success(request, f"{name} is asked to complete this stage.")
    else:
        messages.success(
            request, f"Stage marked as completed. It counts when {name} has marked it too."
        )
    return redirect(seen.address("stage", place.stage.key))
