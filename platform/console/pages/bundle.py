"""An institute as a file: its bundle exported, compared, previewed, applied, rolled back."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_safe

from console.forms.provisioning import UploadForm
from console.pages.found import institute_or_404
from console.permissions import operator_of, operators_only
from console.services import visitor
from core.kernel.clock import now
from core.kernel.downloads import made_file
from tenants import uploads
from tenants.bundles import living
from tenants.bundles.living import (
    apply_to,
    differences_to,
    opened_zip,
    rehearse,
    revision_of,
    revisions_of,
    roll_back,
)
from tenants.bundles.problems import BundleInvalid, Problem
from tenants.bundles.showing import PAGES, page_of
from tenants.bundles.writing import as_zip, problems_in
from tenants.deeds import Operator
from tenants.errors import TenancyError
from tenants.models import Institute
from tenants.site import base_url
from tenants.standing import UploadedBundle

BOTH = ["GET", "HEAD", "POST"]
# A page is shown as it would look, and can do nothing: no script, no form, no other host.
PAGE_POLICY = (
    "sandbox; default-src 'none'; img-src {institute} data:; font-src {institute}; "
    "style-src {institute} 'unsafe-inline'; frame-ancestors 'self'; base-uri {institute}; "
    "form-action 'none'"
)


@operators_only
@require_http_methods(BOTH)
def bundle(request: HttpRequest, slug: str) -> HttpResponse:
    """Export the settings, send a changed file, see what was applied before."""
    institute = institute_or_404(slug)
    form = UploadForm(request.POST or None, request.FILES or None)
    problems: list[Problem] = []
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            kept = uploads.keep(file.read(), file.name, by=_by(request))
        except BundleInvalid as refusal:
            problems = refusal.problems
        else:
            return redirect("console:bundle_changes", institute.slug, kept.pk)
    files, left_out = _exported(institute)
    context = {
        "institute": institute,
        "form": form,
        "problems": problems,
        "left_out": left_out,
        "own_problems": problems_in(files),
        "revisions": revisions_of(institute),
    }
    status = 422 if form.errors or problems else 200
    return render(request, "console/bundle.html", context, status=status)


@operators_only
@require_safe
def export(request: HttpRequest, slug: str) -> HttpResponse:
    """The bundle of the settings in force, as a zip."""
    institute = institute_or_404(slug)
    name = f"{institute.slug}-{now():%Y-%m-%d}.zip"
    packed = as_zip(_exported(institute)[0], institute.slug)
    return made_file(packed, name=name, content_type="application/zip")


@operators_only
@require_http_methods(BOTH)
def changes(request: HttpRequest, slug: str, upload_id: UUID) -> HttpResponse:
    """What applying a file would do, value by value and as pages; a POST applies it."""
    institute, upload = institute_or_404(slug), _upload(upload_id)
    exactly = (request.POST or request.GET).get("exactly") == "on"
    shown = request.GET.get("page", "front")
    context = {"institute": institute, "upload": upload, "exactly": exactly, "refusal": ""}
    try:
        with opened_zip(bytes(upload.content), upload.file_name) as given:
            if request.method == "POST":
                done = apply_to(
                    institute, given, by=_by(request), source=upload.file_name, exactly=exactly
                )
                told = "The bundle is applied." if done else "There was nothing to change."
                messages.success(request, told)
                return redirect("console:bundle", institute.slug)
            context["outlook"], _ = rehearse(institute, given, exactly=exactly)
    except (BundleInvalid, TenancyError) as refusal:
        context["refusal"] = str(refusal)
    context |= {"pages": PAGES, "shown": shown if shown in PAGES else "front"}
    status = 422 if context["refusal"] else 200
    response = render(request, "console/bundle_changes.html", context, status=status)
    policy = {**settings.CONTENT_SECURITY_POLICY, "frame-src": ["'self'"]}
    response.headers["Content-Security-Policy"] = "; ".join(
        f"{name} {' '.join(sources)}" for name, sources in policy.items()
    )
    return response


@operators_only
@xframe_options_sameorigin
@require_safe
def page(request: HttpRequest, slug: str, upload_id: UUID, page: str) -> HttpResponse:
    """A page of the institute as it would be, for the frame: sealed by its own policy."""
    institute, upload = institute_or_404(slug), _upload(upload_id)
    if page not in PAGES:
        raise Http404
    exactly = request.GET.get("exactly") == "on"
    try:
        with opened_zip(bytes(upload.content), upload.file_name) as given:
            _, html = rehearse(
                institute, given, exactly=exactly, look=lambda: page_of(institute, page)
            )
    except (BundleInvalid, TenancyError):
        raise Http404 from None
    policy = PAGE_POLICY.format(institute=base_url(institute))
    return HttpResponse(html or "", headers={"Content-Security-Policy": policy})


@operators_only
@require_http_methods(BOTH)
def revision(request: HttpRequest, slug: str, revision_id: UUID) -> HttpResponse:
    """What rolling back to a kept state would do; a POST does it."""
    institute = institute_or_404(slug)
    found = revision_of(institute, revision_id)
    if found is None:
        raise Http404
    if request.method == "POST":
        try:
            done = roll_back(found, by=_by(request))
        except (BundleInvalid, TenancyError) as refusal:
            messages.warning(request, str(refusal))
        else:
            told = "The settings are as they were." if done else "There was nothing to change."
            messages.success(request, told)
            return redirect("console:bundle", institute.slug)
    context = {
        "institute": institute,
        "revision": found,
        "differences": differences_to(institute, found),
    }
    return render(request, "console/bundle_revision.html", context)


@operators_only
@require_safe
def revision_file(request: HttpRequest, slug: str, revision_id: UUID) -> HttpResponse:
    """A kept state as a zip."""
    found = revision_of(institute_or_404(slug), revision_id)
    if found is None:
        raise Http404
    name = f"{slug}-{found.at:%Y-%m-%d-%H%M}.zip"
    return made_file(bytes(found.content), name=name, content_type="application/zip")


def _exported(institute: Institute) -> tuple[dict[str, bytes], list[str]]:
    try:
        return living.export(institute)
    except TenancyError:
        raise Http404 from None


def _upload(upload_id: UUID) -> UploadedBundle:
    kept = uploads.found(upload_id)
    if kept is None:
        raise Http404
    return kept


def _by(request: HttpRequest) -> Operator:
    return visitor(operator_of(request))
