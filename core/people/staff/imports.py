"""Import people from a file: upload, columns, dry run, report, import, take back."""

from collections.abc import Iterable
from itertools import islice
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.core.files.storage import default_storage
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.models import Person
from core.kernel import jobs, sheets
from core.kernel.errors import RuleBroken
from core.kernel.staff import staff_site
from core.people.forms import ColumnsForm, ReadingForm, UploadForm
from core.people.models import Import, ImportKind, ImportRow, ImportState, Outcome
from core.people.rules import table
from core.people.services import importing
from core.people.staff.frame import PER_PAGE, may_write, page, query_without_page

LOOKED_AT = 3
"""Rows of the file that stand beside the columns."""


@staff_site.page("people/import/", "people_import")
@require_http_methods(["GET", "HEAD", "POST"])
def files(request: HttpRequest) -> HttpResponse:
    """Upload a file; the files of the last weeks."""
    form = UploadForm(*((request.POST, request.FILES) if request.method == "POST" else ()))
    if form.is_valid():
        file = form.cleaned_data["file"]
        try:
            made = importing.upload(
                file,
                name=file.name,
                kind=ImportKind(form.cleaned_data["kind"]),
                by=cast(Person, request.user),
            )
        except RuleBroken as broken:
            form.add_error("file", broken.message)
        else:
            return redirect("staff:people_import_file", made.pk)
    found = Import.objects.select_related("made_by")
    return page(
        request,
        "imports",
        "Import people",
        status=422 if form.errors else 200,
        form=form,
        may_write=may_write(request, "people_import"),
        rows=Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        query=query_without_page(request),
    )


@staff_site.page("people/import/<uuid:file_id>/", "people_import_file")
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """How a file is read and what shall be done; posting reads it otherwise, checks or removes."""
    source = _file(file_id)
    if source.state in (ImportState.DONE, ImportState.UNDONE):
        return redirect("staff:people_import_report", source.pk)
    member = cast(Person, request.user)
    step = request.POST.get("step", "")
    reading = ReadingForm(
        request.POST if step == "read" else None,
        initial={"encoding": source.encoding, "delimiter": source.delimiter},
    )
    form = ColumnsForm(source, request.POST if step == "check" else None)
    try:
        if step == "forget":
            importing.forget(source, by=member)
            messages.success(request, "The file is removed. Nobody was imported.")
            return redirect("staff:people_import")
        if step == "read" and reading.is_valid():
            importing.read_otherwise(source, **reading.cleaned_data)
            messages.success(request, "Read anew. Look at the columns.")
            return redirect("staff:people_import_file", source.pk)
        if step == "check" and form.is_valid():
            importing.decide(source, mapping=form.mapping, options=form.options)
            return redirect(_ordered("people.check", "Dry run of", source, member))
    except RuleBroken as broken:
        messages.error(request, broken.message)
        return redirect("staff:people_import_file", source.pk)
    samples = _samples(source)
    return page(
        request,
        "import_file",
        source.file_name,
        status=422 if form.errors or reading.errors else 200,
        source=source,
        reading=reading,
        form=form,
        columns=[
            {"box": box, "cells": [row[place][:80] for row in samples if place < len(row)]}
            for place, box in enumerate(form.columns())
        ],
        asks=[
            form[name]
            for name in ("existing", "newcomers", "roles", "skip_refused", "invite", "line")
            if name in form.fields
        ],
        may_write=may_write(request, "people_import_file"),
    )


@staff_site.page("people/import/<uuid:file_id>/report/", "people_import_report")
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """What each row does or did; posting imports the file, or takes the import back."""
    source = _file(file_id)
    if source.state == ImportState.UPLOADED:
        return redirect("staff:people_import_file", source.pk)
    member = cast(Person, request.user)
    if request.method == "POST":
        step = request.POST.get("step")
        if step == "import" and source.state == ImportState.CHECKED:
            return redirect(_ordered("people.import", "Import of", source, member))
        if step == "undo" and source.state == ImportState.DONE:
            return redirect(_ordered("people.undo", "Taking back", source, member))
        messages.error(request, "Somebody was first: look again at what was done.")
        return redirect("staff:people_import_report", source.pk)
    chosen = request.GET.get("show", "")
    counts = {one: source.counts.get(one.value, 0) for one in Outcome}
    refused = counts[Outcome.REFUSED]
    skip = bool(source.options.get("skip_refused"))
    effect = counts[Outcome.NEW] + counts[Outcome.CHANGED]
    return page(
        request,
        "import_report",
        f"Report: {source.file_name}",
        source=source,
        counts=[
            (one.value, one.label, number)
            for one, number in counts.items()
            if number or one != Outcome.ERASED
        ],
        lapses=source.counts.get(importing.LAPSES, 0),
        chosen=chosen,
        rows=Paginator(_rows(source, chosen), PER_PAGE).get_page(request.GET.get("page")),
        kept=source.rows.exclude(kept="").count() if source.state == ImportState.UNDONE else 0,
        effect=effect,
        refused=refused,
        skip=skip,
        ready=effect > 0 and (skip or not refused),
        invites=source.kind == ImportKind.INVITATIONS,
        may_write=may_write(request, "people_import_report"),
        query=query_without_page(request),
    )


@staff_site.page("people/import/<uuid:file_id>/report.csv", "people_import_report_file")
@require_safe
def report_file(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """The report as rows."""
    source = _file(file_id)
    found = _rows(source, request.GET.get("show", ""))
    header = ["Line", "What happens", "E-mail address", "Name", "Column", "Why"]
    return sheets.csv_file(f"report-{source.pk}", header, _lines(found.iterator(2000)))


def _lines(rows: Iterable[ImportRow]) -> Iterable[list[Any]]:
    """A line for each thing that is to be said of a row."""
    for row in rows:
        said = [*row.problems, *([["", row.kept]] if row.kept else [])] or [["", ""]]
        for column, sentence in said:
            yield [row.number, row.get_outcome_display(), row.email, row.name, column, sentence]


def _rows(source: Import, chosen: str) -> Any:
    if chosen == "kept":
        return source.rows.exclude(kept="")
    return source.rows.filter(outcome=chosen) if chosen in Outcome.values else source.rows.all()


def _file(file_id: UUID) -> Import:
    found = Import.objects.select_related("made_by").filter(pk=file_id).first()
    if found is None:
        raise Http404
    return found


def _ordered(kind: str, words: str, source: Import, member: Person) -> Any:
    report_url = reverse("staff:people_import_report", args=[source.pk])
    back = reverse("staff:people_import_file", args=[source.pk])
    return jobs.order(
        kind=kind,
        title=f"{words} {source.file_name}",
        about={"file": str(source.pk)},
        by=member,
        done_url=report_url,
        back_url=back,
    )


def _samples(source: Import) -> list[list[str]]:
    """The first rows of the file; none when it cannot be read any more."""
    try:
        with default_storage.open(source.stored_as) as opened:
            text = table.text_of(opened.read(), source.encoding)
    except (OSError, ValueError):
        return []
    return [row.cells for row in islice(table.rows_of(text, source.delimiter), LOOKED_AT)]
