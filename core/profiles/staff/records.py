"""Profile sections, fields and profiles on the staff site."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from core.kernel.staff import ReadOnlyAdmin, StaffAdmin, staff_site
from core.profiles import queries, services
from core.profiles.models import Field, Profile, Section
from core.profiles.rules import Relation


class _OnPage(ReadOnlyAdmin):
    """A list to find things in; they are changed on a page that says what a change does."""

    page: ClassVar[str]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        found = self.get_object(request, object_id)
        if found is None:
            raise Http404
        return redirect(f"staff:{self.page}", found.key)


@admin.register(Section, site=staff_site)
class Sections(_OnPage):
    """The headed parts of the profile form."""

    page = "profile_form_section"
    list_display = ("label", "audience", "order")
    list_filter = ("audience",)
    search_fields = ("label",)


@admin.register(Field, site=staff_site)
class Fields(_OnPage):
    """The questions of the profile form."""

    page = "profile_form_question"
    list_display = ("label", "section", "kind", "audience", "required", "visible_to", "active")
    list_filter = ("active", "section", "kind", "audience", "visible_to", "required")
    list_select_related = ("section",)
    search_fields = ("label", "key")


@admin.register(Profile, site=staff_site)
class Profiles(StaffAdmin):
    """People's profiles: to look at, and to set room and availability. Answers are the member's."""

    may_add = False
    list_display = ("person", "role", "complete", "available", "capacity", "updated_at")
    list_filter = ("role", "complete", "available")
    list_select_related = ("person",)
    search_fields = ("person__first_name", "person__last_name", "person__email")
    fields = (
        "person", "role", "complete", "completed_at", "updated_at", "shown", "capacity",
        "available",
    )  # fmt: skip
    readonly_fields = ("person", "role", "complete", "completed_at", "updated_at", "shown")

    @admin.display(description="Answers")
    def shown(self, profile: Profile) -> SafeString | str:
        """The answers in words."""
        rows = [
            (field.label, str(answer))
            for _section, answers in queries.answers_shown(profile, Relation.STAFF)
            for field, answer in answers
        ]
        if not rows:
            return "No answers yet"
        items = format_html_join("", "<dt><strong>{}</strong></dt><dd>{}</dd>", rows)
        return format_html("<dl>{}</dl>", items)

    def save_model(self, request: HttpRequest, obj: Profile, form: Any, change: bool) -> None:
        """Room and availability through the service, so that the listing follows."""
        services.set_terms(
            obj,
            capacity=obj.capacity,
            available=obj.available,
            by=request.user,  # type: ignore[arg-type]
        )
