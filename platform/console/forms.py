"""Forms of the console."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest

from console.permissions import may_operate
from console.queries import bundles, institute_called
from core.accounts.models import Person
from core.kernel.limits import allow
from tenants import names
from tenants.errors import NameRefused

TRIES = 10
WINDOW = 300


class SignInForm(forms.Form):
    """Username and password of an operator."""

    username = forms.CharField(
        max_length=60,
        error_messages={"required": "Enter your username."},
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    password = forms.CharField(
        max_length=200,
        strip=False,
        error_messages={"required": "Enter your password."},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.operator: Person | None = None

    def clean(self) -> dict[str, Any]:
        """Check the two together. The same words for every reason: nothing tells who exists."""
        given: dict[str, Any] = super().clean() or {}
        username, password = given.get("username", ""), given.get("password", "")
        if not username or not password:
            return given
        address = self.request.META.get("REMOTE_ADDR", "")
        for bucket in (f"console:{username.lower()}", f"console:{address}"):
            if not allow(bucket, limit=TRIES, seconds=WINDOW):
                raise forms.ValidationError("Too many attempts. Try again in five minutes.")
        person = authenticate(self.request, username=username.lower(), password=password)
        if not may_operate(person):
            raise forms.ValidationError("The username or the password is not right.")
        assert isinstance(person, Person)
        self.operator = person
        return given


class CodeForm(forms.Form):
    """A code of the authenticator app, or one of the recovery codes."""

    code = forms.CharField(
        max_length=20,
        error_messages={"required": "Enter the code."},
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "inputmode": "numeric", "spellcheck": "false"}
        ),
    )

    def __init__(
        self, operator: Person, is_right: Callable[[str], bool], *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.operator = operator
        self.is_right = is_right

    def clean_code(self) -> str:
        """Errors: too many tries, a wrong code."""
        code: str = self.cleaned_data["code"]
        if not allow(f"console:code:{self.operator.pk}", limit=TRIES, seconds=WINDOW):
            raise forms.ValidationError("Too many attempts. Try again in five minutes.")
        if not self.is_right(code):
            raise forms.ValidationError("This code is not right, or no longer. Try the next one.")
        return code


class ProvisionForm(forms.Form):
    """Which bundle becomes an institute, and under which names."""

    bundle = forms.ChoiceField(
        label="Bundle",
        help_text="The settings, texts and look that the institute begins with.",
        error_messages={"required": "Choose a bundle."},
        widget=forms.RadioSelect,
    )
    slug = forms.CharField(
        label="Short name",
        max_length=60,
        error_messages={"required": "Enter a short name."},
        help_text="The first part of its address: lower-case letters, digits and hyphens. "
        "It cannot be changed later.",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )
    domain = forms.CharField(
        label="Own domain (optional)",
        max_length=253,
        required=False,
        help_text="For example mentoring.institute.example. It is served once a TXT record "
        "proves that it is theirs.",
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, base_host: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.base_host = base_host
        field = self.fields["bundle"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(name, name) for name in bundles()]

    def clean_slug(self) -> str:
        """A name that an institute may have and that nobody has."""
        slug = str(self.cleaned_data["slug"]).strip()
        try:
            names.checked_slug(slug)
        except NameRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None
        if institute_called(slug) is not None:
            raise forms.ValidationError(f"There is an institute {slug!r} already.")
        return slug

    def clean_domain(self) -> str:
        """A host name that could be theirs, as it is stored; empty for none."""
        domain = str(self.cleaned_data["domain"]).strip()
        if not domain:
            return ""
        try:
            return names.checked_domain(domain, base_host=self.base_host)
        except NameRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None
