"""Who asks for a rescue link."""

from django import forms

from core.accounts.forms import EMPTY


class RescueForm(forms.Form):
    """An address."""

    email = forms.EmailField(
        label="Your e-mail address",
        max_length=254,
        error_messages={"required": EMPTY},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
