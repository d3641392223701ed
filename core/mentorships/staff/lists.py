"""Mentorships for the programme team: to look at, with their history.

The state changes through services alone, so there is nothing to edit here (product F4); where the
team has to step in, it withdraws or ends by the same services as the two people (product D9).
"""

from django.db.models import QuerySet
from django.http import HttpRequest

from core.kernel.staff import ReadOnlyAdmin, StaffTabularInline, staff_site
from core.mentorships.models import Mentorship, MentorshipStep, WaitingPlace


class History(StaffTabularInline):
    """Who did what when."""

    model = MentorshipStep
    fields = ("at", "action", "by", "role", "before", "after", "staff_note")
    readonly_fields = fields
    may_add = False
    may_change = False
    verbose_name_plural = "history"

    def get_queryset(self, request: HttpRequest) -> QuerySet[MentorshipStep]:
        found: QuerySet[MentorshipStep] = super().get_queryset(request)
        return found.select_related("by")


class Mentorships(ReadOnlyAdmin):
    """Who works, or wanted to work, with whom."""

    list_display = ("mentor", "mentee", "state", "area_label", "sent_at", "answered_at")
    list_filter = ("state", "area_label")
    list_select_related = ("mentor", "mentee")
    search_fields = (
        "mentor__first_name", "mentor__last_name", "mentee__first_name", "mentee__last_name",
    )  # fmt: skip
    date_hierarchy = "sent_at"
    fields = (
        "mentor", "mentee", "state", "area_label", "sent_at", "answered_at", "changed_at",
        "statement", "reason", "note", "waiting_since", "paused_at", "reminded_day",
    )  # fmt: skip
    inlines = (History,)
    change_form_before_template = "mentorships/staff_way_in.html"


class WaitingPlaces(ReadOnlyAdmin):
    """Who waits for a full mentor."""

    list_display = ("mentor", "mentee", "joined_at", "told_at")
    list_select_related = ("mentor", "mentee")
    search_fields = ("mentor__last_name", "mentee__last_name")


staff_site.register(Mentorship, Mentorships)
staff_site.register(WaitingPlace, WaitingPlaces)
