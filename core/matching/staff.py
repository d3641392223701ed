"""Criteria and the index of mentors on the staff site."""

from typing import Any

from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest

from core.kernel.staff import ReadOnlyAdmin, StaffAdmin, staff_site
from core.matching.models import SEARCHABLE, Criterion, Listing
from core.profiles.models import Field
from core.profiles.rules import Audience, Visibility


class CriterionAdmin(StaffAdmin):
    """What mentors are searched by (product B3)."""

    may_delete = True
    list_display = ("name", "weight", "exact_allowed", "order", "active")
    list_display_links = ("name",)
    list_editable = ("weight", "exact_allowed", "order", "active")
    list_select_related = ("mentor_field",)
    fields = (
        "mentor_field",
        "mentee_field",
        "any_label",
        "weight",
        "exact_allowed",
        "order",
        "active",
    )

    def name(self, criterion: Criterion) -> str:
        return criterion.mentor_field.label

    name.short_description = "criterion"  # type: ignore[attr-defined]

    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Offer the fields that can be matched."""
        if db_field.name in ("mentor_field", "mentee_field"):
            role = Audience.MENTOR if db_field.name == "mentor_field" else Audience.MENTEE
            fields = Field.objects.filter(
                active=True, kind__in=SEARCHABLE, audience__in=[role, Audience.BOTH]
            )
            if role == Audience.MENTOR:
                fields = fields.filter(visible_to=Visibility.EVERYONE)
            kwargs["queryset"] = fields
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class ListingAdmin(ReadOnlyAdmin):
    """Who can be found, and by which answers."""

    list_display = ("person", "listed", "taken", "room", "updated_at")
    list_filter = ("listed",)
    list_select_related = ("person",)
    search_fields = ("person__first_name", "person__last_name", "person__username")
    fields = ("person", "listed", "taken", "room", "answers", "updated_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Listing]:
        rows: QuerySet[Listing] = super().get_queryset(request)
        return rows.select_related("person")

    def answers(self, listing: Listing) -> str:
        return ", ".join(listing.tokens)


staff_site.register(Criterion, CriterionAdmin)
staff_site.register(Listing, ListingAdmin)
