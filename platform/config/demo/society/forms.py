"""What people write at the society."""

import hmac
from typing import Any
from urllib.parse import urlsplit

from django import forms

from config.demo.society import place, register

EMPTY = {"required": "Fill this in."}


class SignIn(forms.Form):
    """Number, e-mail address or the short name of the demo; and the one password of the demo."""

    who = forms.CharField(
        label="Membership number or e-mail address", max_length=254, error_messages=EMPTY
    )
    password = forms.CharField(widget=forms.PasswordInput, max_length=200, error_messages=EMPTY)

    def clean(self) -> dict[str, Any]:
        """Find the member; both kinds of mistake get one sentence."""
        given: dict[str, Any] = self.cleaned_data
        self.member = register.called(given.get("who", "").strip())
        known = place.chosen().password.encode()
        right = hmac.compare_digest(given.get("password", "").encode(), known)
        if not self.errors and (self.member is None or not known or not right):
            raise forms.ValidationError("The register does not know this member and password.")
        return given


class Admission(forms.Form):
    """A site that wants to ask who somebody is."""

    name = forms.CharField(label="Name of the site", max_length=60, error_messages=EMPTY)
    back = forms.URLField(
        label="Redirect address", max_length=300, assume_scheme="https", error_messages=EMPTY,
        help_text="The site shows it on the page where its staff set up the sign-in.",
    )  # fmt: skip
    out = forms.URLField(
        label="Address after signing out", max_length=300, assume_scheme="https", required=False
    )

    def clean(self) -> dict[str, Any]:
        """Browsers are led to these addresses: nothing but pages, and no names before the host."""
        given: dict[str, Any] = self.cleaned_data
        for name in ("back", "out"):
            parts = urlsplit(given.get(name, ""))
            if parts.scheme not in {"", "http", "https"} or "@" in parts.netloc:
                self.add_error(name, "Enter an address that begins with https:// or http://.")
        return given


class Details(forms.Form):
    """What members change about themselves."""

    first_name = forms.CharField(label="First name", max_length=60, error_messages=EMPTY)
    last_name = forms.CharField(label="Last name", max_length=60, error_messages=EMPTY)
    email = forms.EmailField(label="E-mail address", max_length=120, error_messages=EMPTY)

    def clean_email(self) -> str:
        """Addresses are kept in small letters."""
        return str(self.cleaned_data["email"]).lower()
