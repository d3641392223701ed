"""Signing in, and the second step."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib.auth import authenticate
from django.http import HttpRequest

from console.permissions import may_operate
from core.accounts.models import Person
from core.kernel.limits import allow

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


class AgainForm(forms.Form):
    """The password once more."""

    password = forms.CharField(
        max_length=200,
        strip=False,
        error_messages={"required": "Enter your password."},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, operator: Person, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.operator = operator

    def clean_password(self) -> str:
        """Errors: too many tries, a wrong password."""
        password: str = self.cleaned_data["password"]
        if not allow(f"console:again:{self.operator.pk}", limit=TRIES, seconds=WINDOW):
            raise forms.ValidationError("Too many attempts. Try again in five minutes.")
        if not self.operator.check_password(password):
            raise forms.ValidationError("The password is not right.")
        return password
