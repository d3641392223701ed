"""New institutes: from a shipped bundle or one that is sent, and how a run stands."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe
from kombu.exceptions import OperationalError

from console.forms.provisioning import NamesForm, ProvisionForm, UploadForm
from console.permissions import operator_of, operators_only
from console.queries import institute_called, run_with
from console.services import visitor
from core.kernel.clock import now
from tenants import uploads
from tenants.bundles.problems import BundleInvalid, Problem
from tenants.errors import NameRefused, NameTaken
from tenants.models import Outcome, ProvisionRun
from tenants.requesting import request_provision
from tenants.site import base_url
from tenants.standing import UploadedBundle

PATIENCE = 20  # seconds after which a run that nobody took up is remarked upon
SHOWN_PROBLEMS = 200
NO_QUEUE = "The queue of tasks cannot be reached: no run was started."


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def provision(request: HttpRequest) -> HttpResponse:
    """Ask for a new institute from a shipped bundle; a worker makes it."""
    form = ProvisionForm(request.POST or None, base_host=settings.BASE_HOST)
    if request.method == "POST" and form.is_valid():
        run = _requested(request, form)
        if run is not None:
            return redirect("console:run", run.pk)
    return render(
        request,
        "console/provision.html",
        {"form": form, "base_host": settings.BASE_HOST},
        status=422 if form.errors else 200,
    )


def _requested(request: HttpRequest, form: ProvisionForm) -> ProvisionRun | None:
    given = form.cleaned_data
    slug, domain = given["slug"], given["domain"]
    try:
        return request_provision(given["bundle"], slug=slug, domains=[domain] if domain else [])
    except (NameRefused, NameTaken) as refusal:
        form.add_error("domain" if domain and domain in str(refusal) else "slug", str(refusal))
    except BundleInvalid as refusal:
        for problem in refusal.problems[:10]:
            form.add_error("bundle", str(problem))
    except OperationalError:
        messages.warning(request, NO_QUEUE)
    return None


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Send a bundle as a zip: everything wrong with it is said at once, and nothing kept."""
    form = UploadForm(request.POST or None, request.FILES or None)
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept = uploads.keep(file.read(), file.name, by=visitor(operator_of(request)))
        except BundleInvalid as refusal:
            problems = refusal.problems
        else:
            return redirect("console:uploaded", kept.pk)
    return render(
        request,
        "console/upload.html",
        {
            "form": form,
            "problems": problems[:SHOWN_PROBLEMS],
            "more": max(0, len(problems) - SHOWN_PROBLEMS),
            "files": len({problem.file for problem in problems}),
        },
        status=422 if form.errors or problems else 200,
    )


@operators_only
@require_http_methods(["GET", "HEAD", "POST"])
def uploaded(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    """What a bundle that was sent would make, and the names for it; a POST asks a worker."""
    kept = uploads.found(upload_id)
    if kept is None:
        raise Http404
    try:
        preview = uploads.preview(kept)
    except BundleInvalid as refusal:
        context = {"form": UploadForm(), "problems": refusal.problems[:SHOWN_PROBLEMS], "more": 0}
        return render(request, "console/upload.html", context, status=422)
    identity = preview.bundle.institute.identity
    form = NamesForm(
        request.POST or None, base_host=settings.BASE_HOST, initial={"slug": identity.slug}
    )
    if request.method == "POST" and form.is_valid():
        run = _from_upload(request, kept, form)
        if run is not None:
            return redirect("console:run", run.pk)
    context = {
        "form": form,
        "upload": kept,
        "preview": preview,
        "identity": identity,
        "base_host": settings.BASE_HOST,
    }
    return render(request, "console/uploaded.html", context, status=422 if form.errors else 200)


def _from_upload(
    request: HttpRequest, kept: UploadedBundle, form: NamesForm
) -> ProvisionRun | None:
    slug, domain = form.cleaned_data["slug"], form.cleaned_data["domain"]
    try:
        return uploads.request(kept, slug=slug, domains=[domain] if domain else [])
    except (NameRefused, NameTaken) as refusal:
        form.add_error("domain" if domain and domain in str(refusal) else "slug", str(refusal))
    except OperationalError:
        messages.warning(request, NO_QUEUE)
    return None


@operators_only
@require_safe
def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """How a run stands. htmx asks for the part that changes; without it the page asks again."""
    found = run_with(run_id)
    if found is None:
        raise Http404
    running = found.outcome in (Outcome.WAITING, Outcome.RUNNING)
    age = (now() - found.started_at).total_seconds()
    made = institute_called(found.slug) if found.outcome == Outcome.DONE else None
    template = (
        "console/run_progress.html" if "HX-Request" in request.headers else "console/run.html"
    )
    context = {
        "run": found,
        "running": running,
        "nobody_works": found.outcome == Outcome.WAITING and age > PATIENCE,
        "made": made,
        "address": base_url(made) if made else "",
    }
    # 286 tells htmx to stop asking.
    status = 286 if template.endswith("progress.html") and not running else 200
    return render(request, template, context, status=status)
