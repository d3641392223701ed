"""People on the staff site. Nobody is deleted here; an account is closed instead."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest

from core.accounts import queries, rules, services
from core.accounts.models import Person
from core.kernel.staff import StaffAdmin, staff_site

GUARDED = ("email", "is_active")


class PersonForm(forms.ModelForm[Person]):
    """A person's account as staff may change it."""

    editor: Person

    class Meta:
        model = Person
        fields = (
            "first_name", "last_name", "email", "job_title", "organisation", "phone",
            "time_zone", "is_mentor", "is_mentee", "is_active", "is_staff", "staff_role",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Check names, zone and roles, and that nobody closes the account they use."""
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
        if self.instance.pk == self.editor.pk and not cleaned.get("is_active", True):
            self.add_error("is_active", "You cannot close the account that you use.")
        return cleaned

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip().lower()
        owner = queries.person_with_address(email)
        if owner is not None and owner.pk != self.instance.pk:
            raise ValidationError("Another person has this address.")
        return email


@admin.register(Person, site=staff_site)
class People(StaffAdmin):
    """Find people, correct what they cannot, close and open accounts."""

    may_add = False
    form = PersonForm
    list_display = (
        "full_name", "email", "part", "is_active", "joined_at",
    )  # fmt: skip
    list_filter = ("is_mentor", "is_mentee", "is_active", "is_staff")
    search_fields = ("first_name", "last_name", "email", "username", "organisation")
    ordering = ("last_name", "first_name")
    date_hierarchy = "joined_at"
    readonly_fields = ("username", "joined_at", "last_login", "closed_at", "confirmed")
    fieldsets = (
        (None, {"fields": ("username", "first_name", "last_name", "email", "confirmed")}),
        ("Work", {"fields": ("job_title", "organisation", "phone", "time_zone")}),
        ("Roles", {"fields": ("is_mentor", "is_mentee", "is_staff", "staff_role")}),
        ("Account", {"fields": ("is_active", "joined_at", "last_login", "closed_at")}),
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
        """Without the rows that stand for operators of the platform."""
        rows: QuerySet[Person] = super().get_queryset(request)
        return rows.filter(support_key=None)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm]:  # type: ignore[type-arg]
        made = super().get_form(request, obj, change=change, **kwargs)
        return type(made.__name__, (made,), {"editor": request.user})

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Only the head of the programme team says who is on it, and touches their sign-in."""
        if request.user.is_superuser:
            return self.readonly_fields
        guarded = GUARDED if obj is not None and (obj.is_staff or obj.is_superuser) else ()
        return (*self.readonly_fields, "is_staff", "staff_role", *guarded)

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
        if "is_active" in changed:
            services.set_active(person, form.cleaned_data["is_active"], by=editor)
