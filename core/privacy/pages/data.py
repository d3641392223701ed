"""What is stored about me, and a copy of it (product A12)."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.models import Person
from core.kernel import downloads, jobs
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.kernel.models import JobState
from core.privacy.models import Export
from core.privacy.queries import copying as copies
from core.privacy.queries.stored import stored
from core.privacy.services import copying


@login_required
@never_cache
@require_safe
def about_me(request: HttpRequest) -> HttpResponse:
    """Everything that is stored about the reader, drawn from the map."""
    person = cast("Person", request.user)
    parts = stored(person)
    return render(
        request,
        "privacy/data.html",
        {"parts": parts, "count": sum(part.count for part in parts)},
    )


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest) -> HttpResponse:
    """Order a copy, see how far it is, fetch it. Looks again by itself; without JavaScript too."""
    person = cast("Person", request.user)
    if request.method == "POST":
        try:
            copying.order(person, by=person)
        except RuleBroken as refusal:
            messages.error(request, refusal.message)
        return redirect("privacy:copy")
    job, made = copies.latest_job(person), copies.copy_of(person)
    under_way = job is not None and job.state in jobs.OPEN
    done, total = jobs.progress(job) if job is not None and under_way else (0, 0)
    return render(
        request,
        "privacy/copy.html",
        {
            "export": made if made and made.expires_at > now() else None,
            "under_way": under_way,
            "failed": job is not None and job.state == JobState.FAILED,
            "message": job.message if job is not None else "",
            "percent": 100 * done // total if total else 2,
        },
    )


@login_required
@never_cache
@require_safe
def copy_file(request: HttpRequest, export_id: UUID) -> HttpResponseBase:
    """The copy, for the person whom it is about alone; 404 for anybody else and afterwards."""
    person = cast("Person", request.user)
    export = Export.objects.filter(pk=export_id, person=person, expires_at__gt=now()).first()
    if export is None:
        raise Http404
    try:
        answer = downloads.private_file(
            export.stored_as,
            name=export.file_name,
            content_type="application/zip",
            inline=False,
        )
    except FileNotFoundError:
        raise Http404 from None
    copying.fetched(export, by=person)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
