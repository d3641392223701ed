"""The index of mentors on the staff site."""

from django.db.models import QuerySet
from django.http import HttpRequest

from core.kernel.staff import ReadOnlyAdmin, staff_site
from core.matching.models import Listing


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


staff_site.register(Listing, ListingAdmin)
