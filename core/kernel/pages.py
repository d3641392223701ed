"""The page of a PDF that is being made, and the PDF."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.kernel import downloads, papers
from core.kernel.models import Paper, PaperState


@login_required
@never_cache
@require_safe
def paper(request: HttpRequest, paper_id: UUID) -> HttpResponse:
    """How far it is. Looks again by itself; without JavaScript too."""
    found = _own(request, paper_id)
    return render(
        request,
        "kernel/paper.html",
        {
            "paper": found,
            "percent": papers.done_percent(found),
            "under_way": found.state in (PaperState.WAITING, PaperState.MAKING),
            "ready": found.state == PaperState.READY,
        },
    )


@login_required
@never_cache
@require_safe
def file(request: HttpRequest, paper_id: UUID) -> HttpResponseBase:
    """The PDF, when it is ready; 404 when it was swept."""
    found = _own(request, paper_id)
    if found.state != PaperState.READY:
        return redirect(found)
    try:
        return downloads.private_file(
            found.stored_as, name=found.file_name, content_type="application/pdf", inline=False
        )
    except FileNotFoundError:
        raise Http404 from None


def _own(request: HttpRequest, paper_id: UUID) -> Paper:
    found = Paper.objects.filter(pk=paper_id).first()
    if found is None or found.owner_id != request.user.pk:
        raise Http404
    return found
