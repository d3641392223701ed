"""People on the staff site. Nobody is deleted here; an account is closed instead."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode

from core.accounts import queries, rules, services
from core.accounts.models import Person
from core.accounts.staff.closing import MOST
from core.accounts.staff.filters import ByProfile, ByRole, BySeen, ByState, ByTeam
from core.kernel.rights import Right
from core.kernel.staff import StaffAdmin, staff_site

GUARDED = ("email",)


class PersonForm(forms.ModelForm[Person]):
    """A person's account as staff may change it."""

    editor: Person

    class Meta:
        model = Person
        fields = (
            "first_name", "last_name", "email", "job_title", "organisation", "phone",
            "time_zone", "is_mentor", "is_mentee", "is_staff", "staff_role",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Check names, zone and roles."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in ("first_name", "last_name", "job_title", "organisation", "phone"):
            if cleaned.get(name):
                check = rules.clean_phone if name == "phone" else rules.clean_name
                try:
                    cleaned[name] = check(cleaned[name])
                except rules.NameRefusedError as refusal:
                    self.add_error(name, str(refusal))
        if cleaned.get("time_zone", "UTC") not in rules.time_zones():
            self.add_error("time_zone", "There is no such time zone.")
        staff = cleaned.get("is_staff", self.instance.is_staff)
        if not (cleaned.get("is_mentor") or cleaned.get("is_mentee") or staff):
            self.add_error("is_mentor", "A member is a mentor, a mentee or both.")
        return cleaned

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip().lower()
        owner = queries.person_with_address(email)
        if owner is not None and owner.pk != self.instance.pk:
            raise ValidationError("Another person has this address.")
        return email


@admin.register(Person, site=staff_site)
class People(StaffAdmin):
    """Find people and correct what they cannot; the rest has pages of its own."""

    may_add = False
    form = PersonForm
    list_display = ("full_name", "email", "part", "is_active", "joined_at", "last_login")
    list_filter = (ByRole, ByState, ByTeam, ByProfile, BySeen)
    actions = ("close_accounts",)
    change_form_outer_before_template = "accounts/staff/ways.html"
    search_fields = ("first_name", "last_name", "email", "username", "organisation")
    ordering = ("last_name", "first_name")
    date_hierarchy = "joined_at"
    readonly_fields = (
        "username", "is_active", "joined_at", "last_login", "closed_at", "closed_by_owner",
        "confirmed",
    )  # fmt: skip
    fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "email", "confirmed")}),
        ("Work", {"fields": ("job_title", "organisation", "phone", "time_zone")}),
        ("Roles", {"fields": ("is_mentor", "is_mentee", "is_staff", "staff_role")}),
        (
            "Account",
            {"fields": ("is_active", "joined_at", "last_login", "closed_at", "closed_by_owner")},
        ),
    )

    @admin.display(description="takes part as")
    def part(self, person: Person) -> str:
        team = [f"programme team ({person.get_staff_role_display().lower()})"]
        parts = [*person.roles, *(team if person.is_staff else [])]
        return ", ".join(parts).capitalize()

    @admin.display(description="address confirmed", boolean=True)
    def confirmed(self, person: Person) -> bool:
        return queries.is_confirmed(person)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Person]:
        """Without those that stand for operators of the platform, and those who were erased."""
        rows: QuerySet[Person] = super().get_queryset(request)
        return rows.filter(support_key=None, erased_at=None)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Nobody is offered what they may not do."""
        offered: dict[str, Any] = super().get_actions(request)
        if not self.admin_site.may(request, "deactivate", Right.WRITE):
            offered.pop("close_accounts", None)
        return offered

    @admin.action(description="Close the accounts of those selected")
    def close_accounts(self, request: HttpRequest, chosen: QuerySet[Person]) -> HttpResponse:
        """Lead to the page that says what happens."""
        keys = chosen.values_list("pk", flat=True)[: MOST + 1]
        if len(keys) > MOST:
            self.message_user(request, f"Close at most {MOST} accounts at once.", messages.ERROR)
            return redirect(request.get_full_path())
        query = urlencode({"person": [str(key) for key in keys]}, doseq=True)
        return redirect(f"{reverse('staff:deactivate')}?{query}")

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """With the ways to what else there is about the person."""
        person: Person | None = kwargs.get("obj")
        if person is not None:
            may = self.admin_site.may
            context["ways"] = [
                (label, address)
                for label, page, needed, address in _ways(person)
                if may(request, page, needed)
            ]
            reopens = not person.is_active and not person.merged_into_id
            if reopens and may(request, "reactivate", Right.WRITE):
                context["reopens"] = reverse("staff:reactivate", args=[person.pk])
        made: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return made

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:  # type: ignore[type-arg]
        made = super().get_form(request, obj, change=change, **kwargs)
        return type(made.__name__, (made,), {"editor": request.user})

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only the head of the programme team says who is on it, and touches their sign-in."""
        kept = queries.locked_for(obj) if obj is not None else frozenset()
        society: tuple[str, ...] = ("email",) if "email" in kept else ()
        society += ("first_name", "last_name") if "name" in kept else ()
        if request.user.is_superuser:
            return (*self.readonly_fields, *society)
        guarded = GUARDED if obj is not None and (obj.is_staff or obj.is_superuser) else ()
        return (*self.readonly_fields, "is_staff", "staff_role", *guarded, *society)

    def save_model(self, request: HttpRequest, obj: Person, form: Any, change: bool) -> None:
        """Through the services, so that listings, mails and the audit trail follow."""
        editor: Person = request.user  # type: ignore[assignment]
        changed = set(form.changed_data)
        values = {name: form.cleaned_data[name] for name in services.EDITABLE if name in changed}
        person = Person.objects.get(pk=obj.pk)
        if "is_staff" in changed and editor.is_superuser:
            services.set_staff(person, form.cleaned_data["is_staff"], by=editor)
        if "staff_role" in changed and editor.is_superuser:
            services.set_staff_role(person, form.cleaned_data["staff_role"], by=editor)
        services.edit_account(person, roles=obj.roles, by=editor, **values)
        if "email" in changed:
            services.set_address(person, form.cleaned_data["email"], by=editor)


def _ways(person: Person) -> list[tuple[str, str, Right, str]]:
    """What else there is about a person: words, the page's name, the right it needs, its address.

    Pages of the floors above are named here, never imported; one that a site lacks is left out.
    """
    name, mail = urlencode({"q": person.full_name}), urlencode({"q": person.email})
    one = urlencode({"person": str(person.pk)})
    listed: list[tuple[str, str, Right, list[UUID], str]] = [
        ("Relationships", "mentorships_mentorship_changelist", Right.READ, [], name),
        ("Mails", "kernel_outboxmail_changelist", Right.READ, [], mail),
        ("Audit trail", "kernel_auditentry_changelist", Right.READ, [], one),
        ("Hold or erase what is stored", "person_data", Right.WRITE, [person.pk], ""),
    ]
    if person.is_active:
        if not (person.is_staff or person.is_superuser):
            listed.append(("Sign in as this person", "sign_in_as", Right.WRITE, [person.pk], ""))
        listed += [
            ("Merge with another account", "duplicates", Right.WRITE, [], one),
            ("Close the account", "deactivate", Right.WRITE, [], one),
        ]
    ways = []
    for label, page, needed, args, query in listed:
        try:
            address = reverse(f"staff:{page}", args=args)
        except NoReverseMatch:
            continue
        ways.append((label, page, needed, f"{address}?{query}" if query else address))
    return ways
