"""What is filled in for a CPD record (product E14)."""

from datetime import date, timedelta
from typing import Any

from django import forms

from core.cpd import rules
from core.cpd.models import OwnLine
from core.cpd.rules import Line, LineRefused, Period
from core.cpd.services.choosing import Own
from core.meetings.forms import TOO_LONG, DayField, OnceForm
from core.meetings.rules import clean_text


class PeriodForm(forms.Form):
    """From when to when."""

    use_required_attribute = False
    prefix = "period"

    first = DayField(label="First day")
    last = DayField(label="Last day")

    def clean(self) -> dict[str, Any]:
        """The two days in their order."""
        data = self.cleaned_data
        if "first" in data and "last" in data:
            try:
                data["period"] = rules.period_from(data["first"], data["last"])
            except LineRefused as refused:
                self.add_error("last", str(refused))
        return data

    @staticmethod
    def of(period: Period) -> "PeriodForm":
        """The form as it stands for a period."""
        days = {"first": period.first.isoformat(), "last": period.last.isoformat()}
        return PeriodForm(initial=days)


class HoursForm(OnceForm):
    """Hours and a note."""

    use_required_attribute = False

    hours = forms.CharField(
        label="Hours",
        max_length=8,
        widget=forms.TextInput({"size": "6", "inputmode": "decimal"}),
        help_text="For example 1.5 or 1:30.",
        error_messages={"required": "Enter the hours, or 0.", "max_length": "Enter hours only."},
    )
    note = forms.CharField(
        label="Note",
        required=False,
        max_length=rules.NOTE_LENGTH,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"max_length": TOO_LONG},
    )

    def clean_hours(self) -> int:
        """The minutes."""
        try:
            return rules.minutes_from(self.cleaned_data["hours"])
        except LineRefused as refused:
            raise forms.ValidationError(str(refused)) from None

    def clean_note(self) -> str:
        """Text with one kind of line end and without control characters."""
        return clean_text(self.cleaned_data["note"])


class AdjustForm(HoursForm):
    """Other hours than those that were measured, with the reason."""

    def __init__(self, *args: Any, line: Line, **kwargs: Any) -> None:
        super().__init__(*args, initial={"hours": line.hours, "note": line.note}, **kwargs)
        self.line = line
        self.fields["note"].label = "Why these hours?"
        self.fields["note"].help_text = "Preparation, travel, reading afterwards. It is printed."

    def clean(self) -> dict[str, Any]:
        """Other hours than measured ones need a word on why."""
        data = self.cleaned_data
        if data.get("hours", self.line.measured) != self.line.measured and not data.get("note"):
            self.add_error("note", "Say why the hours differ from those that were measured.")
        return data


class OwnLineForm(HoursForm):
    """A line of one's own."""

    title = forms.CharField(
        label="What did you do?",
        max_length=rules.TITLE_LENGTH,
        error_messages={"required": "Say what you did.", "max_length": TOO_LONG},
    )
    day = DayField(label="Date")
    field_order = ("title", "day", "hours", "note")

    def __init__(self, *args: Any, today: date, line: OwnLine | None = None) -> None:
        super().__init__(*args, initial=_initial(line) if line else {"day": today.isoformat()})
        self.today = today

    @property
    def own(self) -> Own:
        """What was filled in; of a valid form."""
        data = self.cleaned_data
        return Own(day=data["day"], title=data["title"], minutes=data["hours"], note=data["note"])

    def clean_title(self) -> str:
        """One line without control characters."""
        title = " ".join(clean_text(self.cleaned_data["title"]).split())
        if not title:
            raise forms.ValidationError("Say what you did.")
        return title

    def clean_day(self) -> date:
        """A day that has come."""
        day: date = self.cleaned_data["day"]
        if day > self.today + timedelta(days=1):
            raise forms.ValidationError("That day has not come yet.")
        if day < rules.EARLIEST:
            raise forms.ValidationError(f"Enter a date from {rules.EARLIEST.year} on.")
        return day


class SchemeForm(forms.Form):
    """The scheme, as the programme team sets it."""

    scheme = forms.CharField(
        label="Name of the scheme",
        required=False,
        max_length=120,
        help_text="For example “CPD scheme”. Empty: members have no CPD record on this site.",
    )
    link = forms.CharField(
        label="Where members read about it",
        required=False,
        max_length=300,
        help_text="An address that begins with https://.",
    )
    hours_target = forms.IntegerField(
        label="Hours a year", required=False, min_value=1, max_value=500
    )
    note = forms.CharField(
        label="A word to members",
        required=False,
        max_length=600,
        widget=forms.Textarea({"rows": 3}),
        help_text="Stands at the top of their record.",
    )


def _initial(line: OwnLine) -> dict[str, Any]:
    return {
        "day": line.day.isoformat(),
        "title": line.title,
        "hours": rules.hours_of(line.minutes),
        "note": line.note,
    }
