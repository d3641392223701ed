"""Backing up, restoring and deleting institutes."""

import json
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from kombu.exceptions import OperationalError

from console.forms.keeping import BackupForm, DeletionForm, RestoreForm
from console.pages.found import asked, institute_or_404
from console.permissions import operator_of, operators_only
from console.services import visitor
from core.kernel.clock import now
from core.kernel.downloads import made_file
from tenants import deeds
from tenants.backups import deleting
from tenants.backups.files import open_archive
from tenants.backups.requesting import request_backup, request_restore
from tenants.context import platform_scope
from tenants.deeds import Operator
from tenants.errors import TenancyError
from tenants.keeping import Backup, Deletion, PlatformRun
from tenants.models import Institute, State
from tenants.site import base_url

BOTH = ["GET", "HEAD", "POST"]
NO_QUEUE = "The queue of tasks cannot be reached: nothing was begun."
PER_PAGE = 50
PATIENCE = 20  # seconds after which a run that nobody took up is remarked upon


@operators_only
@require_http_methods(BOTH)
def backups(request: HttpRequest, slug: str) -> HttpResponse:
    """The archives of one institute, and the way to a new one."""
    institute = institute_or_404(slug)
    form = BackupForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = request_backup(institute, by=_by(request), reason=form.cleaned_data["reason"])
            return redirect("console:work", run.pk)
        except TenancyError as refusal:
            form.add_error(None, str(refusal))
        except OperationalError:
            form.add_error(None, NO_QUEUE)
    with platform_scope():
        kept = list(Backup.objects.filter(institute=institute)[:PER_PAGE])
        runs = list(PlatformRun.objects.filter(slug=institute.slug)[:5])
    context = {"institute": institute, "form": form, "backups": kept, "runs": runs}
    return render(request, "console/backups.html", context, status=422 if form.errors else 200)


@operators_only
@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """Every archive, also of institutes that are gone, and every deletion with its receipt."""
    with platform_scope():
        page = Paginator(Backup.objects.all(), PER_PAGE).get_page(request.GET.get("page"))
        page.object_list = list(page.object_list)
        deletions = list(Deletion.objects.select_related("backup")[:PER_PAGE])
    return render(request, "console/kept.html", {"page": page, "deletions": deletions})


@operators_only
@require_http_methods(BOTH)
def restore(request: HttpRequest, backup_id: UUID) -> HttpResponse:
    """Restore an archive in its place or as another institute; a worker does it."""
    backup = _backup(backup_id)
    form = RestoreForm(request.POST or None, slug=backup.slug)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        as_another = given["place"] == "as"
        try:
            run = request_restore(
                backup, by=_by(request), opens=given["opens"],
                slug=given["slug"] if as_another else "",
                name=given["name"] if as_another else "",
            )  # fmt: skip
            return redirect("console:work", run.pk)
        except TenancyError as refusal:
            form.add_error("slug" if as_another else None, str(refusal))
        except OperationalError:
            form.add_error(None, NO_QUEUE)
    context = {"backup": backup, "form": form}
    return render(request, "console/restore.html", context, status=422 if form.errors else 200)


@operators_only
@require_safe
def archive(request: HttpRequest, backup_id: UUID) -> HttpResponseBase:
    """The archive itself, told in the institute's audit trail: everything about it is in there."""
    backup = _backup(backup_id)
    try:
        file = open_archive(backup.stored_as)
    except FileNotFoundError:
        raise Http404 from None
    with platform_scope(), transaction.atomic():
        if backup.institute is not None:
            deeds.record(
                "operator.downloaded_backup", backup.institute, by=_by(request),
                backup=str(backup.pk),
            )  # fmt: skip
    return FileResponse(
        file, as_attachment=True, content_type="application/octet-stream",
        filename=f"{backup.slug}-{backup.made_at:%Y-%m-%d-%H%M}.ithaca",
    )  # fmt: skip


@operators_only
@require_POST
def remove(request: HttpRequest, backup_id: UUID) -> HttpResponse:
    """Remove an archive for good."""
    backup = _backup(backup_id)
    deleting.forget_backup(backup, by=_by(request))
    messages.success(request, f"The backup of {backup.made_at:%d %B %Y, %H:%M} UTC is removed.")
    return redirect("console:kept")


@operators_only
@require_safe
def work(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """How a run stands. htmx asks for the part that changes; without it the page asks again."""
    with platform_scope():
        run = PlatformRun.objects.filter(pk=run_id).first()
        if run is None:
            raise Http404
        made = Institute.objects.filter(pk=run.report.get("institute")).first()
    part = "HX-Request" in request.headers
    context = {
        "run": run,
        "nobody_works": run.outcome == "waiting"
        and (now() - run.started_at).total_seconds() > PATIENCE,
        "made": made,
        "address": base_url(made) if made and made.state == State.ACTIVE else "",
    }
    # 286 tells htmx to stop asking.
    status = 286 if part and not run.is_open else 200
    template = "console/work_progress.html" if part else "console/work.html"
    return render(request, template, context, status=status)


@operators_only
@require_http_methods(BOTH)
def deletion(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask for the deletion of an institute; while it waits, take that back."""
    institute = institute_or_404(slug)
    waiting = deleting.waiting_for(institute)
    if waiting is not None:
        return _waiting(request, institute, waiting)
    form = DeletionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            deleting.ask(
                institute, by=_by(request), reason=given["reason"],
                typed_name=given["typed_name"], keeps_backup=given["backup"] == "keep",
            )  # fmt: skip
            messages.success(request, f"{institute.name} is suspended and waits for its deletion.")
            return redirect("console:deletion", institute.slug)
        except TenancyError as refusal:
            form.add_error("typed_name" if "type the" in str(refusal) else None, str(refusal))
    return asked(
        request, institute, form,
        title=f"Delete {institute.name}",
        lede=f"It is suspended at once. After {settings.INSTITUTE_DELETION_DAYS} days everything "
        "in it is deleted for good: people, relationships, messages, files. Until then you can "
        f"take it back. Its short name is {institute.slug}.",
        button="Suspend it and delete it then", danger=True,
    )  # fmt: skip


def _waiting(request: HttpRequest, institute: Institute, waiting: Deletion) -> HttpResponse:
    if request.method == "POST":
        try:
            deleting.cancel(waiting, by=_by(request))
        except TenancyError as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, f"{institute.name} stays, and is as it was before.")
            return redirect("console:institute", institute.slug)
    context = {"institute": institute, "deletion": waiting}
    return render(request, "console/deletion.html", context)


@operators_only
@require_safe
def receipt(request: HttpRequest, deletion_id: UUID) -> HttpResponse:
    """What was deleted, when and by whom, with the sums of every table and file."""
    with platform_scope():
        found = Deletion.objects.filter(pk=deletion_id, state="done").first()
    if found is None:
        raise Http404
    text = json.dumps(deleting.whole_receipt(found), indent=2, ensure_ascii=False)
    return made_file(
        text.encode(), name=f"{found.slug}-deleted.json", content_type="application/json"
    )


def _backup(backup_id: UUID) -> Backup:
    with platform_scope():
        found = Backup.objects.select_related("institute").filter(pk=backup_id).first()
    if found is None:
        raise Http404
    return found


def _by(request: HttpRequest) -> Operator:
    return visitor(operator_of(request))
