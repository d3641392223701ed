"""Guides on the staff site (product F4)."""

from core.kernel.staff import StaffAdmin, staff_site
from core.programme.queries import in_our_words
from core.programme.staff import filter_by, worded
from core.resources.models import Guide


class Guides(StaffAdmin):
    """Staff write, change, order and hide guides. Hiding keeps the marks of readers."""

    list_display = ("named", "audience", "under", "stage", "order", "required", "active")
    list_filter = (
        "audience",
        filter_by("topic", "topic", in_our_words),
        "stage",
        "required",
        "active",
    )
    list_editable = ("order", "active")
    search_fields = ("title", "summary", "body")
    fields = (
        "title", "slug", "summary", "audience", "topic", "stage", "order", "required", "active",
        "body",
    )  # fmt: skip

    named = worded("title", "title")
    under = worded("topic", "topic")


staff_site.register(Guide, Guides)
