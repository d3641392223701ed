"""Meetings for calendar programmes: a file, and a feed under a private address (product D6)."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.permissions import member_required
from core.kernel.links import absolute
from core.meetings import queries, services
from core.meetings.pages.finding import meeting_of
from core.meetings.queries.calendars import CONTENT_TYPE, calendar_file
from core.mentorships.pages.reader import reader


@member_required
@never_cache
@require_safe
def file(request: HttpRequest, meeting_id: UUID) -> HttpResponse:
    """One meeting to put into one's own calendar."""
    person = reader(request)
    meeting = meeting_of(person, meeting_id)
    return HttpResponse(
        calendar_file([meeting], reader=person, method="PUBLISH"),
        content_type=CONTENT_TYPE,
        headers={"Content-Disposition": 'attachment; filename="meeting.ics"'},
    )


@never_cache
@require_safe
def feed(request: HttpRequest, key: str) -> HttpResponse:
    """All meetings of whoever holds this address; a closed or unknown one is no page at all."""
    found = queries.feed_with(key)
    if found is None:
        raise Http404
    return HttpResponse(
        calendar_file(queries.for_feed(found.person), reader=found.person, method="PUBLISH"),
        content_type=CONTENT_TYPE,
        headers={"X-Robots-Tag": "noindex"},
    )


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def subscription(request: HttpRequest) -> HttpResponse:
    """Make, renew or close the address of one's feed."""
    person = reader(request)
    if request.method == "POST":
        if request.POST.get("do") == "close":
            services.revoke_feed(person)
            messages.success(request, "The address is closed. Nobody can read it any more.")
        else:
            services.renew_feed(person)
            messages.success(request, "Your address is ready. Earlier ones are closed.")
        return redirect("meetings:calendar")
    own = queries.feed_of(person)
    address = absolute(reverse("meetings:feed", args=[own.key])) if own else ""
    return render(
        request,
        "meetings/calendar.html",
        {"feed": own, "address": address, "webcal": f"webcal:{address.partition(':')[2]}"},
    )
