"""Boxes for what is read or accepted, and for what is allowed of one's own free will."""

from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.html import format_html

from core.accounts.queries.agreements import Agreed, Asked

PAGE, WISH = "agree_", "wish_"
CHANGED = "This page has changed while you were reading. Look at it once more, then tick the box."


class Checkbox(forms.CheckboxInput):
    """A box whose value is the version of the page beside it."""

    def __init__(self, version: str) -> None:
        super().__init__(
            attrs={"value": version, "autocomplete": "off"},
            check_test=lambda value: value == version,
        )

    def format_value(self, value: Any) -> None:
        """The value stands among the attributes, whether or not the box is ticked."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        return str(data.get(name, ""))


class PageField(forms.Field):
    """A tick for one version of one page."""

    speaks_for_itself = True
    """Its error needs no label in front (the summary of errors)."""

    def __init__(self, version: str, **options: Any) -> None:
        super().__init__(widget=Checkbox(version), **options)
        self.version = version

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value != self.version:
            raise forms.ValidationError(CHANGED)


class AgreementFields(forms.Form):
    """A form on which pages are agreed to, each by its own box, and nothing is ticked before."""

    def add_agreements(self, asked: Asked) -> None:
        """Put the boxes below what the form asks already."""
        for page in asked.pages:
            self.fields[f"{PAGE}{page.key}"] = PageField(
                str(page.version),
                label=page.label,
                help_text=format_html(
                    '<a href="{}" target="_blank" rel="noopener">Read “{}”'
                    '<span class="sr-only"> (opens in a new tab)</span></a>',
                    page.url,
                    page.title,
                ),
                error_messages={"required": page.wrong},
            )
        for wish in asked.wishes:
            self.fields[f"{WISH}{wish.key}"] = forms.BooleanField(
                label=wish.label,
                help_text=wish.text,
                required=False,
                widget=forms.CheckboxInput(attrs={"autocomplete": "off"}),
            )

    @property
    def agreed(self) -> Agreed:
        """What was ticked on a form that is valid."""
        said = self.cleaned_data
        return Agreed(
            pages=tuple((n.removeprefix(PAGE), int(said[n])) for n in said if n.startswith(PAGE)),
            wishes=tuple(n.removeprefix(WISH) for n in said if n.startswith(WISH) and said[n]),
        )

    def page_boxes(self) -> list[BoundField]:
        """The boxes of pages."""
        return [self[name] for name in self.fields if name.startswith(PAGE)]

    def wish_boxes(self) -> list[BoundField]:
        """The boxes of optional consents."""
        return [self[name] for name in self.fields if name.startswith(WISH)]

    def other_boxes(self) -> list[BoundField]:
        """Whatever else the form asks and shows."""
        return [one for one in self.visible_fields() if not one.name.startswith((PAGE, WISH))]
