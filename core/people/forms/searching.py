"""Whom staff look for, and what of them stands in a file."""

from collections.abc import Iterable
from typing import Any

from django import forms

from core.people.queries.finding import choice_fields, export_columns
from core.people.rules.finding import (
    ACCOUNT_COLUMNS,
    PROFILES,
    ROLES,
    STATES,
    USUAL,
    Wanted,
)

ANSWER = "answer-"


class SearchForm(forms.Form):
    """Name or address, role, state, profile, and one answer of each field with a list."""

    text = forms.CharField(label="Name, address or organisation", required=False, max_length=120)
    role = forms.ChoiceField(label="Takes part as", required=False, choices=ROLES)
    state = forms.ChoiceField(label="Account", required=False, choices=STATES)
    profile = forms.ChoiceField(label="Profile", required=False, choices=PROFILES)

    def __init__(self, data: Any) -> None:
        if data is not None and "state" not in data:
            data = data.copy()
            data["state"] = "active"
        super().__init__(data)
        for one in choice_fields():
            self.fields[f"{ANSWER}{one.key}"] = forms.ChoiceField(
                label=one.label,
                required=False,
                choices=[("", "Any"), *((each.key, each.label) for each in one.options.all())],
            )

    @property
    def wanted(self) -> Wanted:
        """Whom staff look for; what was sent amiss counts as not said."""
        self.is_valid()
        said = {name: value for name, value in self.cleaned_data.items() if value}
        answers = {
            name.removeprefix(ANSWER): value
            for name, value in said.items()
            if name.startswith(ANSWER)
        }
        plain = {name: self.cleaned_data.get(name, "") for name in ("text", "role", "profile")}
        return Wanted(**plain, state=self.cleaned_data.get("state", "active"), answers=answers)

    def hidden(self) -> Iterable[tuple[str, str]]:
        """What was said, for another form of the page to take along."""
        self.is_valid()
        return [(name, value) for name, value in self.cleaned_data.items() if value] + (
            [] if self.cleaned_data.get("state") else [("state", "")]
        )


class ExportForm(forms.Form):
    """The columns of a file and its kind."""

    columns = forms.MultipleChoiceField(
        label="Columns",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one column."},
    )
    file_format = forms.ChoiceField(choices=[("csv", "CSV"), ("xlsx", "Excel")])

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, initial={"columns": list(USUAL)})
        answers = [(one.target, one.label) for one in export_columns()]
        groups = [("Account", list(ACCOUNT_COLUMNS.items()))]
        if answers:
            groups.append(("Profile", answers))
        self.fields["columns"].choices = groups  # type: ignore[attr-defined]
