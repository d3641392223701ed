"""Whom staff invite."""

from typing import Any, cast

from django import forms

from core.accounts.forms import EMPTY, NameFields
from core.kernel.ports import was_erased
from core.people import queries
from core.people.rules.invitations import LINE_LENGTH, STAFF_ROLES
from core.people.services import invitations as services
from core.programme.queries import words


class InviteForm(NameFields):
    """Name, address, roles, a place on the team (by heads), a personal line."""

    email = forms.EmailField(label="E-mail address", max_length=254)
    first_name = forms.CharField(max_length=80)
    last_name = forms.CharField(max_length=80)
    roles = forms.MultipleChoiceField(
        label="Invite as", required=False, widget=forms.CheckboxSelectMultiple
    )
    staff_role = forms.ChoiceField(label="Place on the team", required=False)
    asked_back = forms.BooleanField(label="They have asked to be invited again", required=False)
    line = forms.CharField(
        label="A personal line",
        help_text="It stands in the mail, above the link.",
        max_length=LINE_LENGTH,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LINE_LENGTH}),
    )

    def __init__(self, data: Any = None, *, may_staff: bool) -> None:
        super().__init__(data)
        self.was_erased = False
        spoken = words()
        cast("forms.MultipleChoiceField", self.fields["roles"]).choices = [
            (role, spoken[role].singular.capitalize()) for role in ("mentor", "mentee")
        ]
        if may_staff:
            cast("forms.ChoiceField", self.fields["staff_role"]).choices = [
                ("", "None"), *STAFF_ROLES,
            ]  # fmt: skip
        else:
            del self.fields["staff_role"]
        for field in self.fields.values():
            field.error_messages["required"] = EMPTY

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).lower()
        if queries.member_with(email) is not None:
            raise forms.ValidationError("Somebody with this address is a member already.")
        if queries.invitations(state="open").filter(email__iexact=email).exists():
            raise forms.ValidationError(
                "Somebody with this address is invited already. Send it again from the list."
            )
        return email

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.was_erased = was_erased(cleaned.get("email", ""))
        if self.was_erased and not cleaned.get("asked_back"):
            self.add_error("email", services.ERASED)
        if "roles" in cleaned and not cleaned["roles"] and not cleaned.get("staff_role"):
            self.add_error("roles", "Choose what they are invited as.")
        return cleaned
