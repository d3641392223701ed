"""The queue of those who want to be contacted; whoever reads one is noted (decision 4)."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from core.accounts.models import Person
from core.feedback import queries, services
from core.feedback.forms import WishForm
from core.feedback.models import ContactWish, WishState
from core.kernel.staff import QueueAdmin, staff_site


class Wishes(QueueAdmin):
    """Open ones first. A row opens a page of its own."""

    opens = "feedback_wish"
    list_display = ("made_at", "state", "person", "answered_at", "answered_by")
    list_filter = ("state",)
    list_select_related = ("person", "answered_by")
    date_hierarchy = "made_at"

    def get_queryset(self, request: HttpRequest) -> QuerySet[ContactWish]:
        return queries.wishes().defer("text", "note")


@staff_site.page("feedback/<uuid:wish_id>/", "feedback_wish")
@require_http_methods(["GET", "HEAD", "POST"])
def wish(request: HttpRequest, wish_id: UUID) -> HttpResponse:
    """What a member wrote, and what was done about it."""
    member = cast(Person, request.user)
    found = queries.wishes().filter(pk=wish_id).first()
    if found is None:
        raise Http404
    if request.method == "POST":
        return _followed(request, found, member)
    services.open_wish(found, by=member)
    mentor, mentee = found.mentorship.mentor, found.mentorship.mentee
    request.current_app = staff_site.name
    return render(
        request,
        "feedback/staff/wish.html",
        {
            **staff_site.each_context(request),
            "title": str(found),
            "wish": found,
            "partner": mentee if found.person_id == mentor.pk else mentor,
            "answered": found.state == WishState.ANSWERED,
        },
    )


def _followed(request: HttpRequest, found: ContactWish, member: Person) -> HttpResponse:
    form = WishForm(request.POST)
    if request.POST.get("step") == "reopen":
        services.reopen_wish(found, by=member)
    elif form.is_valid():
        services.answer_wish(found, form.cleaned_data["note"], by=member)
    else:
        messages.error(request, "The note is too long. Nothing was saved.")
        return redirect("staff:feedback_wish", found.pk)
    messages.success(request, "Saved.")
    return redirect("staff:feedback_wish", found.pk)


staff_site.register(ContactWish, Wishes)
