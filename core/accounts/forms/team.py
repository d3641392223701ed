"""Forms with which the programme team closes accounts and reads the audit trail."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, cast
from uuid import UUID

from django import forms
from django.apps import apps

from core.accounts import queries
from core.kernel.deeds import PHRASES, phrase


class CloseAccountsForm(forms.Form):
    """Why accounts are closed, and what becomes of what is open."""

    reason = forms.CharField(
        max_length=300,
        error_messages={
            "required": "Say why. The reason stands in the audit trail.",
            "max_length": "Use 300 characters or fewer.",
        },
    )
    leave = forms.ChoiceField(
        choices=[("yes", "end"), ("no", "wait")],
        error_messages={"required": "Choose what becomes of their relationships."},
    )


class TrailForm(forms.Form):
    """What to look for in the audit trail. Addresses of other pages fill the hidden parts."""

    verb = forms.ChoiceField(label="What was done", required=False)
    who = forms.CharField(label="Name or address of a person", max_length=120, required=False)
    thing_type = forms.ChoiceField(label="About", required=False)
    since = forms.DateField(label="From", required=False)
    until = forms.DateField(label="To, this day included", required=False)
    operators = forms.BooleanField(label="Only by operators of the platform", required=False)
    person = forms.UUIDField(required=False)
    thing_id = forms.CharField(max_length=64, required=False)
    before = forms.UUIDField(required=False)

    def __init__(self, *args: Any, spoken: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        verbs = sorted((phrase(verb, spoken), verb) for verb in PHRASES)
        _offer(self.fields["verb"], [(verb, _upper(words)) for words, verb in verbs])
        kinds = sorted(
            (_upper(str(one._meta.verbose_name)), one._meta.label) for one in apps.get_models()
        )
        _offer(self.fields["thing_type"], [(label, name) for name, label in kinds])
        for name in ("since", "until"):
            self.fields[name].error_messages["invalid"] = "Enter a date as 2027-03-09."

    def clean(self) -> dict[str, Any]:
        """A period ends after it has begun."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", "This day lies before the first one.")
        return cleaned

    def wanted(self) -> queries.Wanted:
        """What was asked, as the reading wants it; days are those of UTC, as on the page."""
        said = self.cleaned_data
        people: tuple[UUID, ...] | None = None
        if said["person"]:
            people = (said["person"],)
        elif said["who"]:
            people = queries.people_called(said["who"].replace("\x00", ""))
        return queries.Wanted(
            verb=said["verb"],
            people=people,
            thing_type=said["thing_type"],
            thing_id=said["thing_id"],
            since=_midnight(said["since"]) if said["since"] else None,
            until=_midnight(said["until"]) + timedelta(days=1) if said["until"] else None,
            operators=said["operators"],
            before=said["before"],
        )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _offer(field: forms.Field, choices: list[tuple[str, str]]) -> None:
    cast("forms.ChoiceField", field).choices = [("", "Anything"), *choices]


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]
