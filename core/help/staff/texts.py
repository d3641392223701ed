"""Questions and legal pages on the staff site (product F4)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST

from core.help import queries
from core.help.models import Faq, LegalPage
from core.kernel.staff import StaffAdmin, staff_site
from core.programme.queries import in_our_words
from core.programme.staff import filter_by, worded
from core.programme.staff.origins import Origin, WithOrigin, origin_page

FAQ = Origin(Faq, "faq", "key", "faq_origin")
LEGAL = Origin(LegalPage, "legal_page", "slug", "legal_origin")


class Faqs(WithOrigin, StaffAdmin):
    """Staff write, change, order and delete questions."""

    origin = FAQ
    may_delete = True
    list_display = ("asked", "audience", "under", "order")
    list_filter = ("audience", filter_by("topic", "topic", in_our_words))
    list_editable = ("order",)
    search_fields = ("question", "answer", "topic")
    fields = ("question", "audience", "topic", "order", "answer")
    change_form_after_template = "help/staff_preview_button.html"

    asked = worded("question", "question")
    under = worded("topic", "topic")


class LegalPages(WithOrigin, StaffAdmin):
    """Staff change the legal pages; the footer's links are part of the programme's settings."""

    origin = LEGAL
    list_display = ("named", "slug", "changed_at")
    search_fields = ("title", "body")
    fields = ("title", "slug", "body")
    change_form_after_template = "help/staff_preview_button.html"

    named = worded("title", "title")


@staff_site.page("texts/preview/", "help_preview")
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """How a question or a legal page would look to its readers, before anything is saved."""
    title = request.POST.get("question") or request.POST.get("title", "")
    body = request.POST.get("answer") or request.POST.get("body", "")
    body = body[: LegalPage._meta.get_field("body").max_length or 0].replace("\r\n", "\n")
    return render(
        request,
        "help/preview.html",
        {"title": in_our_words(title), "body": queries.shown(in_our_words(body))},
    )


@staff_site.page("texts/questions/<uuid:faq_id>/", "faq_origin")
@require_http_methods(["GET", "HEAD", "POST"])
def faq_origin(request: HttpRequest, faq_id: UUID) -> HttpResponse:
    """A question beside the one that the bundle brought."""
    return origin_page(request, FAQ, faq_id)


@staff_site.page("texts/legal/<uuid:legal_page_id>/", "legal_origin")
@require_http_methods(["GET", "HEAD", "POST"])
def legal_origin(request: HttpRequest, legal_page_id: UUID) -> HttpResponse:
    """A legal page beside the one that the bundle brought."""
    return origin_page(request, LEGAL, legal_page_id)


staff_site.register(Faq, Faqs)
staff_site.register(LegalPage, LegalPages)
