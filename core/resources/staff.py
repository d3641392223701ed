"""Guides on the staff site (product F4)."""

from core.kernel.staff import StaffAdmin, staff_site
from core.resources.models import Guide


class Guides(StaffAdmin):
    """Staff write, change, order and hide guides. Hiding keeps the marks of readers."""

    list_display = ("title", "audience", "topic", "stage", "order", "required", "active")
    list_filter = ("audience", "topic", "stage", "required", "active")
    list_editable = ("order", "active")
    search_fields = ("title", "summary", "body")
    fields = (
        "title", "slug", "summary", "audience", "topic", "stage", "order", "required", "active",
        "body",
    )  # fmt: skip


staff_site.register(Guide, Guides)
