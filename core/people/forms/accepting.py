"""What somebody fills in who accepts an invitation."""

from typing import Any

from allauth.account.adapter import get_adapter
from django import forms
from django.contrib.auth.password_validation import validate_password

from core.accounts.forms import EMPTY, HINT, PASSWORD_LENGTH, AgreementFields, NameFields
from core.accounts.models import Person
from core.accounts.queries import asked_of_newcomers


class AcceptForm(NameFields, AgreementFields):
    """Name, username and password; without a password where members sign in elsewhere."""

    first_name = forms.CharField(
        max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        max_length=80, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )
    username = forms.CharField(
        max_length=60,
        help_text="Lower-case letters, digits, full stops, hyphens and underscores.",
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password1 = forms.CharField(
        label="Password",
        help_text=HINT,
        max_length=PASSWORD_LENGTH,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    password2 = forms.CharField(
        label="The same password again",
        max_length=PASSWORD_LENGTH,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(
        self, data: Any = None, *, email: str, own: str, with_password: bool, **options: Any
    ) -> None:
        """`own`: the username of the account that waits, which its owner may keep."""
        super().__init__(data, **options)
        self.email, self.own = email, own
        if not with_password:
            del self.fields["password1"], self.fields["password2"]
        for field in self.fields.values():
            field.error_messages["required"] = EMPTY
        self.add_agreements(asked_of_newcomers())

    def clean_username(self) -> str:
        username = str(self.cleaned_data["username"]).strip().lower()
        if username == self.own:
            return username
        return str(get_adapter().clean_username(username))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first = cleaned.get("password1")
        if first:
            about = Person(
                username=cleaned.get("username", ""),
                email=self.email,
                first_name=cleaned.get("first_name", ""),
                last_name=cleaned.get("last_name", ""),
            )
            try:
                validate_password(first, about)
            except forms.ValidationError as weak:
                self.add_error("password1", weak)
            else:
                if "password2" in cleaned and cleaned["password2"] != first:
                    self.add_error("password2", "This is not the same password.")
        return cleaned
