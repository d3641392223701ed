"""How many agreed to which version, and whether a change is asked of everybody (product A12)."""

from typing import cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from core.accounts.models import Person
from core.help.models import LegalPage
from core.kernel import audit, sheets
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.kernel.rights import Right
from core.kernel.staff import StaffAdmin, staff_page, staff_site
from core.privacy.models import Document, DocumentKind, Purpose
from core.privacy.queries import consenting as queries
from core.privacy.services import consenting as services
from core.security.permissions import recent_sign_in_required

PER_PAGE = 50
NOT_AGREED = ("Name", "E-mail address", "Page", "Version", "Agreed to version")
HEADER = ("Name", "E-mail address", "Page", "Version", "Agreed (UTC)", "How")


class DecideForm(forms.Form):
    """Ask everybody, from a day on, or nobody."""

    ask = forms.ChoiceField(
        label="Is everybody asked to agree to this version?",
        choices=[("yes", "Yes, before they go on"), ("no", "No, it is a small change")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose yes or no."},
    )
    start = forms.DateField(
        label="From",
        required=False,
        help_text="Empty: from today.",
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": "Write a date."},
    )


@staff_site.page("agreements/", "agreements")
@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    """Each page with its versions, newest first, and the optional consents."""
    services.note_versions()
    found = list(queries.versions())
    slugs = dict(LegalPage.objects.filter(slug__in=DocumentKind.values).values_list("slug", "pk"))
    kinds = [
        {
            "label": DocumentKind(kind).label,
            "page": slugs.get(kind),
            "asked": queries.asked_from(kind),
            "versions": [one for one in found if one.kind == kind],
        }
        for kind in DocumentKind.values
    ]
    return staff_page(
        request,
        "privacy/staff/agreements.html",
        "Agreements",
        kinds=kinds,
        purposes=queries.purposes(),
        people=queries.open_accounts(),
        may_write=staff_site.may(request, "agreements", Right.WRITE),
    )


@staff_site.page("agreements/<uuid:document_id>/", "agreement")
@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: HttpRequest, document_id: UUID) -> HttpResponse:
    """A version, what it changed, and for the newest the decision whom to ask."""
    services.note_versions()
    document = get_object_or_404(Document, pk=document_id)
    before = Document.objects.filter(kind=document.kind, number=document.number - 1).first()
    newest = queries.documents_in_force()[document.kind].pk == document.pk
    initial = {"start": document.asks_from}
    if document.asks_again is not None:
        initial["ask"] = "yes" if document.asks_again else "no"  # type: ignore[assignment]
    form = DecideForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        ask, start = form.cleaned_data["ask"] == "yes", form.cleaned_data["start"]
        try:
            services.decide(document, ask=ask, start=start, by=cast(Person, request.user))
        except RuleBroken as broken:
            form.add_error(None, broken.message)
        else:
            day = document.asks_from
            later = bool(day and day > now().date())
            messages.success(
                request,
                "Nobody is asked."
                if not ask
                else f"Everybody is asked from {day:%-d %B %Y}."
                if later
                else "Everybody is asked from now on, before they go on.",
            )
            return redirect("staff:agreements")
    return staff_page(
        request,
        "privacy/staff/agreement.html",
        str(document),
        status=422 if form.errors else 200,
        document=document,
        before=before,
        changes=queries.changes(before, document),
        form=form,
        newest=newest,
        missing=Paginator(queries.without(document), PER_PAGE).get_page(request.GET.get("page")),
        may_read_names=staff_site.may(request, "agreements_file", Right.READ),
        may_write=staff_site.may(request, "agreement", Right.WRITE),
        back=reverse("staff:agreements"),
    )


@staff_site.page("agreements.csv", "agreements_file")
@require_safe
@recent_sign_in_required
def agreements_file(request: HttpRequest) -> HttpResponse:
    """Who agreed to which version, when and how; with `without` who did not agree to that one."""
    staff = cast(Person, request.user)
    key = request.GET.get("without")
    if key:
        document = get_object_or_404(Document, pk=_key(key))
        missing = queries.rows_without(document)
        audit.record("agreements exported", thing=staff, by=staff, rows=len(missing))
        name = f"not-agreed-{document.kind}-{document.number}-{now():%Y-%m-%d}"
        return sheets.csv_file(name, NOT_AGREED, missing)
    rows = queries.rows_of_file()
    audit.record("agreements exported", thing=staff, by=staff, rows=len(rows))
    return sheets.csv_file(f"agreements-{now():%Y-%m-%d}", HEADER, rows)


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


class Purposes(StaffAdmin):
    """What the institute would like to do, and may only where somebody allows it."""

    list_display = ("label", "active", "order")
    fields = ("label", "key", "text", "active", "order")
    prepopulated_fields = {"key": ("label",)}

    def get_readonly_fields(self, request: HttpRequest, obj: object = None) -> tuple[str, ...]:
        """What was allowed is never renamed: other words are another question."""
        return ("key", "label", "text") if obj is not None else ()

    def get_prepopulated_fields(
        self, request: HttpRequest, obj: object = None
    ) -> dict[str, tuple[str, ...]]:
        return {} if obj is not None else dict(self.prepopulated_fields)


staff_site.register(Purpose, Purposes)
