"""Resources: the list of guides, one guide, its pictures and videos."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.models import Person, Role
from core.accounts.permissions import member_required
from core.kernel import searching
from core.kernel.downloads import private_file, ranged_file
from core.kernel.staff import is_staff
from core.programme.queries import placeholders
from core.programme.rules import expand
from core.resources import queries, services
from core.resources.models import Video


@require_safe
@member_required
def guides(request: HttpRequest) -> HttpResponse:
    """The guides for the role in force by topic, with what is read, a choice of topic and stage,
    and one search over guides and answers (product E11)."""
    person, role = _reader(request)
    query = searching.tidy(request.GET.get("q", ""))
    topic, stage = request.GET.get("topic", ""), request.GET.get("stage", "")
    library = queries.library(person, role)
    return render(
        request,
        "resources/list.html",
        {
            "library": library,
            "chosen": library.chosen(topic, stage),
            "topic": topic,
            "stage": stage,
            "query": query,
            "shelves": searching.find(query, role),
            "first": queries.unread_required(person, role),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def guide(request: HttpRequest, slug: str) -> HttpResponse:
    """One guide; sending the form marks it as read, or as unread again."""
    person, role = _reader(request)
    found = queries.guide_for(slug, role)
    if found is None:
        raise Http404
    names = placeholders()
    if request.method == "POST":
        title = expand(found.title, names)
        if request.POST.get("read") == "no":
            services.mark_unread(found, by=person)
            messages.success(request, f"“{title}” is marked as unread.")
            return redirect("resources:guide", slug)
        waiting = queries.unread_required(person, role)
        services.mark_read(found, by=person)
        if waiting and not queries.unread_required(person, role):
            messages.success(
                request, "You have read the guides to start with. Your profile is open."
            )
            return redirect("profiles:edit")
        messages.success(request, f"“{title}” is marked as read.")
        return redirect("resources:list")
    library = queries.library(person, role)
    return render(
        request,
        "resources/guide.html",
        {
            "entry": next(entry for entry in library.entries if entry.guide == found),
            "body": queries.shown(expand(found.body, names)),
            "videos": queries.videos_of(found),
            "following": library.next_after(found),
            "library": library,
        },
    )


@require_safe
def picture(request: HttpRequest, key: str) -> HttpResponseBase:
    """A picture of a guide, for members and staff."""
    if not request.user.is_authenticated:
        raise Http404
    found = queries.picture(key)
    if found is None:
        raise Http404
    try:
        return private_file(
            found.stored_as, name=found.key, content_type=found.content_type, inline=True
        )
    except FileNotFoundError:
        raise Http404 from None


@require_safe
def video(request: HttpRequest, video_id: UUID) -> HttpResponseBase:
    """A video of our own, in the parts that the player asks for."""
    found = _video(request, video_id)
    if not found.stored_as:
        raise Http404
    try:
        return ranged_file(
            request, found.stored_as, size=found.size, content_type=found.content_type
        )
    except FileNotFoundError:
        raise Http404 from None


@require_safe
def captions(request: HttpRequest, video_id: UUID) -> HttpResponse:
    """The captions of a video of our own (WebVTT)."""
    found = _video(request, video_id)
    if not found.captions:
        raise Http404
    answer = HttpResponse(found.captions, content_type="text/vtt; charset=utf-8")
    answer.headers["Cache-Control"] = "private, max-age=300"
    return answer


def _video(request: HttpRequest, video_id: UUID) -> Video:
    role = getattr(request, "acting_as", None)
    if role is None and not is_staff(request):
        raise Http404
    found = queries.video_for(video_id, role, is_staff=is_staff(request))
    if found is None:
        raise Http404
    return found


def _reader(request: HttpRequest) -> tuple[Person, Role]:
    return cast("Person", request.user), cast("Role", request.acting_as)  # type: ignore[attr-defined]
