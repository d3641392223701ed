"""The page on which staff watch the long work that they ordered."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.kernel import jobs
from core.kernel.models import Job, JobState
from core.kernel.rights import Right
from core.kernel.staff import staff_site


@staff_site.page("jobs/<uuid:job_id>/", "job")
@require_safe
def job(request: HttpRequest, job_id: UUID) -> HttpResponse:
    """How far it is. Looks again by itself, without JavaScript too; 404 for anybody else's."""
    found = Job.objects.filter(pk=job_id).first()
    if found is None or found.owner_id != request.user.pk:
        raise Http404
    page = jobs.page_of(found.kind)
    if page and not staff_site.may(request, page, Right.READ):
        raise Http404
    done, total = jobs.progress(found)
    request.current_app = staff_site.name
    return render(
        request,
        "kernel/job.html",
        {
            **staff_site.each_context(request),
            "title": found.title,
            "job": found,
            "under_way": found.state in jobs.OPEN,
            "ready": found.state == JobState.DONE,
            "steps_done": done,
            "steps": total,
            "percent": 100 * done // total if total else 0,
        },
    )
