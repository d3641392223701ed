"""The staff site under /staff/ and the parts that every app's `staff.py` is made of.

Only members of the programme team come in, by the normal sign-in page. Anybody else who is signed
in is told that there is no such page. How far each comes is their role's right in the area that a
page belongs to (`core.kernel.rights`). Every change is written into the audit trail.
"""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.contrib.auth import logout as end_session
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode
from django.views.decorators.csrf import csrf_protect
from unfold.admin import ModelAdmin, StackedInline, TabularInline
from unfold.dataclasses import SearchResult
from unfold.sites import UnfoldAdminSite

from core.kernel import audit
from core.kernel.rights import Area, Right, right_of

Page = Callable[..., HttpResponse]

FOUND_PER_KIND = 8
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN = frozenset({
    "index", "login", "logout", "password_change", "password_change_done", "jsi18n", "search",
    "autocomplete", "app_list", "view_on_site", "toggle_sidebar", "job",
})  # fmt: skip
"""Pages for the whole team: what they show is filtered by rights once more."""


def is_staff(request: HttpRequest) -> bool:
    """Whether the person of this request is on the programme team."""
    user = getattr(request, "user", None)
    return bool(user and user.is_active and user.is_staff)


def right(request: HttpRequest, area: Area) -> Right:
    """The right of this request's person in an area; the head of the team has every right.

    What members report to the team is not for operators of the platform who visit.
    """
    if not is_staff(request):
        return Right.NONE
    if area is Area.SAFEGUARDING and getattr(request.user, "is_operator", False):
        return Right.NONE
    if request.user.is_superuser:
        return Right.WRITE
    return right_of(getattr(request.user, "staff_role", ""), area)


class StaffSite(UnfoldAdminSite):  # type: ignore[misc]
    """The one staff site. Apps register models with it and hang pages of their own into it."""

    index_title = "Overview"
    site_title = "Programme team"
    enable_nav_sidebar = True

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self._pages: list[tuple[str, str, Page]] = []
        self._overview: Page | None = None
        self.areas: Mapping[str, Area] = {}

    def area_of(self, name: str) -> Area | None:
        """The area of a page by its URL name; None for those that are open to the whole team.

        Lists of models name the model, "help_faq"; their pages are "help_faq_change" and so on. A
        page that nobody put into an area belongs to the settings.
        """
        if not name or name in OPEN:  # nameless ones lead on to pages with names
            return None
        while name and name not in self.areas:
            name = name.rpartition("_")[0]
        return self.areas.get(name, Area.SETTINGS)

    def may(self, request: HttpRequest, name: str, needed: Right) -> bool:
        """Whether this request's person has a right where a page stands."""
        area = self.area_of(name)
        return is_staff(request) if area is None else right(request, area) >= needed

    def page(self, route: str, name: str) -> Callable[[Page], Page]:
        """Hang a page into the site at `/staff/<route>` with the URL name `staff:<name>`."""

        def hang(page: Page) -> Page:
            self._pages.append((route, name, page))
            return page

        return hang

    def overview(self, page: Page) -> Page:
        """Make `page` the one that the site opens with."""
        self._overview = page
        return page

    def has_permission(self, request: HttpRequest) -> bool:
        return is_staff(request)

    def admin_view(self, view: Page, cacheable: bool = False) -> Page:
        """Let staff in, send strangers to sign in, and hide the site from other members."""

        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_permission(request):
                if request.user.is_authenticated:
                    raise Http404
                return redirect_to_login(request.get_full_path(), reverse("account_login"))
            match = request.resolver_match
            needed = Right.READ if request.method in SAFE else Right.WRITE
            if match is None or not self.may(request, match.url_name or "", needed):
                raise PermissionDenied
            response = view(request, *args, **kwargs)
            if not cacheable:
                add_never_cache_headers(response)
            return response

        return guarded if getattr(view, "csrf_exempt", False) else csrf_protect(guarded)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        pages: list[URLPattern | URLResolver] = [
            path(route, self.admin_view(page), name=name) for route, name, page in self._pages
        ]
        return [*pages, *super().get_urls()]

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if self._overview is not None:
            return self._overview(request)
        response: HttpResponse = super().index(request, extra_context)
        return response

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """There is one sign-in page, the institute's."""
        if self.has_permission(request):
            return redirect(f"{self.name}:index")
        return redirect_to_login(reverse(f"{self.name}:index"), reverse("account_login"))

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """End the session and go to the front page."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        end_session(request)
        messages.success(request, "You are signed out.")
        return redirect("front")

    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Passwords are changed where members change theirs."""
        return redirect("account_change_password")

    def _search_models(
        self,
        request: HttpRequest,
        app_list: list[dict[str, Any]],
        search_term: str,
        allowed_models: list[str] | None = None,
    ) -> list[SearchResult]:
        """The first few rows of each kind: a search of one letter must not read whole tables."""
        found: list[SearchResult] = []
        for entry in (entry for app in app_list for entry in app["models"]):
            part = self._registry[entry["model"]]
            if not part.get_search_fields(request):
                continue
            rows, _ = part.get_search_results(request, part.get_queryset(request), search_term)
            options = part.opts
            address = f"{self.name}:{options.app_label}_{options.model_name}_change"
            found += [
                SearchResult(
                    title=str(row),
                    description=str(options.verbose_name).capitalize(),
                    link=reverse(address, args=(row.pk,)),
                    icon="arrow_forward",
                )
                for row in rows.distinct()[:FOUND_PER_KIND]
            ]
        return found


staff_site = StaffSite(name="staff")


def staff_page(
    request: HttpRequest, template: str, title: str, *, status: int = 200, **context: Any
) -> HttpResponse:
    """A page of our own in the frame of the staff site."""
    request.current_app = staff_site.name
    return render(
        request,
        template,
        {**staff_site.each_context(request), "title": title, **context},
        status=status,
    )


class _StaffRights:
    """Who is on the programme team may do what the class says."""

    admin_site: StaffSite
    opts: Any
    parent_model: type[models.Model]
    may_add: ClassVar[bool] = True
    may_change: ClassVar[bool] = True
    may_delete: ClassVar[bool] = False

    def _has(self, request: HttpRequest, needed: Right) -> bool:
        opts = self.parent_model._meta if hasattr(self, "parent_model") else self.opts
        return self.admin_site.may(request, f"{opts.app_label}_{opts.model_name}", needed)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._has(request, Right.READ)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._has(request, Right.READ)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_add and self._has(request, Right.WRITE)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_change and self._has(request, Right.WRITE)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.may_delete and self._has(request, Right.WRITE)


class StaffAdmin(_StaffRights, ModelAdmin):  # type: ignore[misc]
    """A model on the staff site: set `may_add`, `may_change` and `may_delete`.

    What is done here is told in the audit trail (verbs `staff.added`, `staff.changed`,
    `staff.deleted`), with the names of the fields but without their contents.
    """

    list_per_page = 50
    show_full_result_count = False
    warn_unsaved_form = True

    def get_changelist_instance(self, request: HttpRequest) -> ChangeList:
        """Django answers a year that is none by the whole list, but not one of thirty digits."""
        try:
            changes: ChangeList = super().get_changelist_instance(request)
        except OverflowError as huge:
            raise IncorrectLookupParameters(huge) from huge
        return changes

    def log_addition(self, request: HttpRequest, obj: models.Model, message: Any) -> None:
        audit.record("staff.added", thing=obj, by=request.user)  # type: ignore[arg-type]

    def log_change(self, request: HttpRequest, obj: models.Model, message: Any) -> None:
        parts: list[dict[str, dict[str, list[str]]]] = message if isinstance(message, list) else []
        fields = [
            field for part in parts for what in part.values() for field in what.get("fields", [])
        ]
        audit.record("staff.changed", thing=obj, by=request.user, fields=fields)  # type: ignore[arg-type]

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[models.Model]) -> None:
        for obj in queryset:
            audit.record("staff.deleted", thing=obj, by=request.user)  # type: ignore[arg-type]

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """The history of a row is its part of the audit trail."""
        query = urlencode({"thing_type": self.opts.label, "thing_id": object_id})
        return redirect(f"{reverse('staff:kernel_auditentry_changelist')}?{query}")


class ReadOnlyAdmin(StaffAdmin):
    """A model that staff look at and never change."""

    may_add = False
    may_change = False


class QueueAdmin(ReadOnlyAdmin):
    """A queue of things that each have one page of their own, named by `opens`: the list leads
    there, so that nobody reads one on a page that does not note it."""

    opens: ClassVar[str]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        try:
            return redirect(f"staff:{self.opens}", UUID(object_id))
        except ValueError:
            raise Http404 from None


class StaffTabularInline(_StaffRights, TabularInline):  # type: ignore[misc]
    """Rows that belong to the row on the page, as a table."""

    extra = 0


class StaffStackedInline(_StaffRights, StackedInline):  # type: ignore[misc]
    """Rows that belong to the row on the page, one under the other."""

    extra = 0
