"""What is filled in for a meeting, and for a note about one (product D5, D8)."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.ids import new_id
from core.meetings import rules
from core.meetings.models import Meeting
from core.meetings.rules import Plan, TimeRefused
from core.profiles.forms import DateBoxes

TOO_LONG = "Use %(limit_value)d characters or fewer. You have used %(show_value)d."


class DayField(forms.Field):
    """Day, Month and Year boxes; the value is a date."""

    widget = DateBoxes

    def clean(self, value: Any) -> date:
        day, month, year = (part or "" for part in (value or ["", "", ""]))
        try:
            return rules.day_from_boxes(day, month, year)
        except TimeRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None


class OnceForm(forms.Form):
    """A form that counts once, however often it is sent."""

    form_key = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("form_key", str(new_id()))

    def clean_form_key(self) -> UUID | None:
        """The key that the page was drawn with; none where somebody took it out."""
        try:
            return UUID(self.cleaned_data["form_key"])
        except ValueError:
            return None


class MeetingForm(OnceForm):
    """A meeting in the writer's own time zone."""

    use_required_attribute = False

    title = forms.CharField(
        label="Title",
        max_length=rules.TITLE_LENGTH,
        error_messages={"required": "Give the meeting a title.", "max_length": TOO_LONG},
    )
    day = DayField(label="Date")
    starts = forms.CharField(
        label="Start time",
        max_length=12,
        widget=forms.TextInput({"size": "8"}),
        error_messages={"required": "Enter the start time.", "max_length": "Enter a time only."},
    )
    minutes = forms.CharField(
        label="Duration in minutes",
        initial="60",
        max_length=9,
        widget=forms.TextInput({"inputmode": "numeric", "size": "4"}),
        help_text=f"From {rules.SHORTEST} to {rules.LONGEST}.",
        error_messages={
            "required": "Enter the duration in minutes.",
            "max_length": "Enter a number of minutes, such as 60.",
        },
    )
    is_video = forms.BooleanField(label="Video chat meeting", required=False)
    place = forms.CharField(
        label="Method or location",
        max_length=rules.PLACE_LENGTH,
        required=False,
        help_text="How or where you meet: a telephone call, a room, a café.",
        error_messages={"max_length": TOO_LONG},
    )
    details = forms.CharField(
        label="Details",
        max_length=rules.DETAILS_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text="What you would like to talk about, and what to bring.",
        error_messages={"max_length": TOO_LONG},
    )
    send = forms.BooleanField(required=False, initial=True)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, *args: Any, writer: Person, partner: Person, meeting: Meeting | None = None
    ) -> None:
        self.zone = rules.zone_named(writer.time_zone)
        self.meeting = meeting
        super().__init__(*args, initial=_initial(meeting, self.zone) if meeting else {})
        week = now().astimezone(self.zone).date() + timedelta(days=7)
        self.fields["day"].help_text = f"For example {week.day} {week.month} {week.year}."
        self.fields[
            "starts"
        ].help_text = f"For example 14:30. Your time, {rules.in_words(self.zone.key)}."
        self.fields["send"].label = f"Send details to {partner.full_name}"
        self.fields["send"].help_text = "By e-mail, with a file for the calendar."
        if meeting is None:
            del self.fields["seen"]
        elif meeting.was_sent_to(partner):
            del self.fields["send"]

    @property
    def plan(self) -> Plan:
        """What was filled in; of a valid form."""
        data = self.cleaned_data
        return Plan(
            title=data["title"],
            starts_at=data["starts_at"],
            minutes=data["minutes"],
            time_zone=self.zone.key,
            place=data["place"],
            details=data["details"],
            is_video=data["is_video"],
        )

    def clean_title(self) -> str:
        """One line without control characters."""
        return self._one_line("title", "Give the meeting a title.")

    def clean_place(self) -> str:
        """One line without control characters."""
        return self._one_line("place")

    def clean_details(self) -> str:
        """Text with one kind of line end and without control characters."""
        return rules.clean_text(self.cleaned_data["details"])

    def clean_minutes(self) -> int:
        """How long, as a number."""
        try:
            return rules.minutes_from_text(self.cleaned_data["minutes"])
        except TimeRefused as refusal:
            raise forms.ValidationError(str(refusal)) from None

    def clean(self) -> dict[str, Any]:
        """Put day and time together, in the writer's zone."""
        data = self.cleaned_data
        if "starts" in data:
            try:
                at = rules.time_from_text(data["starts"])
            except TimeRefused as refusal:
                self.add_error("starts", str(refusal))
                return data
            if "day" in data:
                self._place_in_time(data, at)
        return data

    def _place_in_time(self, data: dict[str, Any], at: Any) -> None:
        try:
            data["starts_at"] = rules.moment(data["day"], at, self.zone)
        except TimeRefused as refusal:
            self.add_error("starts", str(refusal))
            return
        if self.meeting is None or data["starts_at"] != self.meeting.starts_at:
            try:
                rules.check_when(data["starts_at"], now())
            except TimeRefused as refusal:
                self.add_error("day", str(refusal))

    def _one_line(self, name: str, required: str = "") -> str:
        text = " ".join(rules.clean_text(self.cleaned_data[name]).split())
        if required and not text:
            raise forms.ValidationError(required)
        return text


class NoteForm(OnceForm):
    """A note, for oneself or for both."""

    body = forms.CharField(
        label="Note",
        max_length=rules.NOTE_LENGTH,
        widget=forms.Textarea({"rows": 6}),
        error_messages={"required": "Write your note.", "max_length": TOO_LONG},
    )
    shared = forms.BooleanField(required=False)

    def __init__(self, *args: Any, partner: Person, may_share: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["shared"].label = f"Share this note with {partner.full_name}"
        self.fields["shared"].help_text = "Left empty, nobody but you can read it."
        if not may_share:
            del self.fields["shared"]

    def clean_body(self) -> str:
        """Text with one kind of line end and without control characters."""
        text = rules.clean_text(self.cleaned_data["body"])
        if not text:
            raise forms.ValidationError("Write your note.")
        return text


def _initial(meeting: Meeting, zone: ZoneInfo) -> dict[str, Any]:
    starts = meeting.starts_at.astimezone(zone)
    return {
        "title": meeting.title,
        "day": starts.date().isoformat(),
        "starts": f"{starts:%H:%M}",
        "minutes": str(meeting.minutes),
        "is_video": meeting.is_video,
        "place": meeting.place,
        "details": meeting.details,
        "send": True,
        "seen": meeting.sequence,
    }
