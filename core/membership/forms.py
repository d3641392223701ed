"""What staff write to set the bridges up."""

from typing import Any

from django import forms

from core.membership.models import Feed

NEEDED = {"required": "Fill this in.", "max_length": "This is too long."}


def _label(hint: str) -> forms.CharField:
    return forms.CharField(label="What it is for", max_length=80, help_text=hint,
                           error_messages=NEEDED)  # fmt: skip


class KeyForm(forms.Form):
    """A key for the signed hand-over."""

    label = _label("For example: our website.")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="key_%s")  # two forms of one page ask for a label


class TokenForm(forms.Form):
    """A token for SCIM."""

    label = _label("For example: the membership system.")

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, auto_id="token_%s")


class FeedForm(forms.Form):
    """Where members are asked for."""

    url = forms.URLField(
        label="Address",
        max_length=300,
        assume_scheme="https",
        help_text="The whole address, beginning with https://.",
        error_messages={**NEEDED, "invalid": "Write a whole address, beginning with https://."},
    )
    token = forms.CharField(
        label="Token",
        required=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="What your system gave you for us. It is not shown again; leave it empty to "
        "keep the one in use.",
    )
    makes_accounts = forms.BooleanField(
        label="Make accounts for members who have none here", required=False
    )
    is_on = forms.BooleanField(label="Ask every hour", required=False)

    def __init__(self, feed: Feed | None, data: Any = None) -> None:
        begun = (
            {"url": feed.url, "makes_accounts": feed.makes_accounts, "is_on": feed.is_on}
            if feed is not None
            else {"is_on": True}
        )
        super().__init__(data, initial=begun, prefix="feed")


class NumberForm(forms.Form):
    """One member by number."""

    number = forms.CharField(label="Membership number", max_length=80, error_messages=NEEDED)
