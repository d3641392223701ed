"""Mentorships for the programme team: to find, and to look at with their history.

The state changes through services alone, so there is nothing to edit here (product F4); where the
team has to step in, it withdraws or ends by the same services as the two people (product D9).
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib.admin import SimpleListFilter, display
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from core.kernel.clock import now
from core.kernel.rights import Right
from core.kernel.staff import SAFE, ReadOnlyAdmin, staff_site
from core.matching.queries import receipt
from core.mentorships import queries
from core.mentorships.models import Mentorship, WaitingPlace
from core.mentorships.states import OPEN, PAST, UNANSWERED, State
from core.programme.queries import policies

Choices = list[tuple[str, str]]
WAITS = Q(state=State.PROPOSED, paused_at=None)


class StandingFilter(SimpleListFilter):
    """Open or past, and for whom it waits."""

    title = "standing"
    parameter_name = "standing"
    parts = {
        "open": ("Open", Q(state__in=OPEN)),
        "unanswered": ("Not answered yet", Q(state__in=UNANSWERED)),
        "mentor": ("Waits for the mentor", WAITS),
        "mentee": ("Waits for the mentee", Q(state=State.CHANGES_ASKED) | ~Q(paused_at=None)),
        "marked": ("One says it is complete", Q(state=State.ACTIVE)),
        "past": ("Over", Q(state__in=PAST)),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(key, label) for key, (label, _rows) in self.parts.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Mentorship]) -> Any:
        if self.value() not in self.parts:
            return queryset
        found = queryset.filter(self.parts[str(self.value())][1])
        if self.value() == "mentee":
            found = found.filter(state__in=UNANSWERED)
        if self.value() == "marked":
            found = found.exclude(mentor_done_at=None, mentee_done_at=None)
        return found


class SilentFilter(SimpleListFilter):
    """Mentors who have not answered for so many days, by the steps of the ladder (product C5)."""

    title = "mentor silent for"
    parameter_name = "silent"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Choices:
        return [(str(day), f"{day} days or more") for day in policies().reminder_days]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Mentorship]) -> Any:
        value = self.value() or ""
        if not value.isdecimal() or len(value) > 4:
            return queryset
        return queryset.filter(WAITS, waiting_since__lte=now() - timedelta(days=int(value)))


class MentorshipList(ReadOnlyAdmin):
    """Who works, or wanted to work, with whom."""

    list_display = ("mentor", "mentee", "state", "waits", "area_label", "sent_at", "answered_at")
    list_filter = (StandingFilter, SilentFilter, "state", "area_label", "by_team")
    list_select_related = ("mentor", "mentee")
    search_fields = (
        "mentor__first_name", "mentor__last_name", "mentee__first_name", "mentee__last_name",
    )  # fmt: skip
    date_hierarchy = "sent_at"

    @display(description="waiting for the mentor", ordering="waiting_since")
    def waits(self, mentorship: Mentorship) -> str:
        if mentorship.state != State.PROPOSED or mentorship.paused_at is not None:
            return "–"
        days = (now() - mentorship.waiting_since).days
        return "since today" if days < 1 else f"{days} day{'' if days == 1 else 's'}"

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """How it stands, what was said, and its history; nothing to edit."""
        if request.method not in SAFE:
            raise PermissionDenied
        try:
            key = UUID(object_id)
        except ValueError:
            raise Http404 from None
        mentorship = queries.with_people().filter(pk=key).first()
        if mentorship is None:
            raise Http404
        mentor, mentee = mentorship.mentor, mentorship.mentee
        request.current_app = staff_site.name
        return render(
            request,
            "mentorships/staff_relationship.html",
            {
                **staff_site.each_context(request),
                "title": f"{mentor.full_name} and {mentee.full_name}",
                "mentorship": mentorship,
                "standing": queries.standing(mentorship),
                "people": [(mentor, "mentor"), (mentee, "mentee")],
                "receipt": receipt(mentee, mentor),
                "history": queries.history(mentorship),
                "open": mentorship.state in OPEN,
                "waits": self.waits(mentorship),
                "may_step_in": staff_site.may(request, "step_in", Right.WRITE),
                "may_see_people": staff_site.may(request, "accounts_person", Right.READ),
                "others": queries.others_of(mentorship)[:10],
            },
        )


class WaitingPlaces(ReadOnlyAdmin):
    """Who waits for a full mentor."""

    list_display = ("mentor", "mentee", "joined_at", "told_at")
    list_select_related = ("mentor", "mentee")
    search_fields = ("mentor__last_name", "mentee__last_name")


staff_site.register(Mentorship, MentorshipList)
staff_site.register(WaitingPlace, WaitingPlaces)
