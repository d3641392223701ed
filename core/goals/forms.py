"""What is filled in for a goal, a milestone, a review, an outcome, and the letters (E4, E7)."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django import forms
from pydantic import ValidationError

from core.goals import rules
from core.goals.models import Goal, Milestone
from core.kernel.ids import new_id
from core.profiles.forms import DateBoxes
from core.profiles.rules import AnswerRefusedError, date_from_parts

TOO_LONG = "Use %(limit_value)d characters or fewer. You have used %(show_value)d."


class DayField(forms.Field):
    """Day, Month and Year boxes; the value is a date, or None when all three are empty."""

    widget = DateBoxes

    def clean(self, value: Any) -> date | None:
        day, month, year = (part or "" for part in (value or ["", "", ""]))
        try:
            text = date_from_parts(day, month, year)
        except AnswerRefusedError as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return date.fromisoformat(text) if text else None


class OnceForm(forms.Form):
    """A form that counts once, however often it is sent."""

    use_required_attribute = False
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


class GoalForm(OnceForm):
    """A goal: what, in which words, until when."""

    label = forms.CharField(
        label="Goal",
        max_length=rules.LABEL_LENGTH,
        help_text=f"In one line, {rules.LABEL_LENGTH} characters at most.",
        error_messages={"required": "Say in a few words what the goal is.", "max_length": TOO_LONG},
    )
    details = forms.CharField(
        label="Details",
        max_length=rules.DETAILS_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 8}),
        help_text=f"What will be different, and how you will know. {rules.DETAILS_LENGTH:,} "
        "characters at most.",
        error_messages={"max_length": TOO_LONG},
    )
    expected_on = DayField(label="Expected completion date", required=True)
    no_date = forms.BooleanField(label="This goal has no date", required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, today: date, goal: Goal | None = None, **kwargs: Any) -> None:
        self.today, self.goal = today, goal
        if goal is not None:
            kwargs["initial"] = {
                "label": goal.label,
                "details": goal.details,
                "expected_on": goal.expected_on.isoformat() if goal.expected_on else "",
                "no_date": goal.expected_on is None,
                "seen": goal.version,
            }
        super().__init__(*args, **kwargs)
        day = today + timedelta(days=60)
        self.fields[
            "expected_on"
        ].help_text = (
            f"When you want to have reached it. For example {day.day} {day.month} {day.year}."
        )

    def clean_label(self) -> str:
        """One line without control characters."""
        text = rules.one_line(self.cleaned_data["label"])
        if not text:
            raise forms.ValidationError("Say in a few words what the goal is.")
        return text

    def clean_details(self) -> str:
        """Text with one kind of line end and without control characters."""
        return rules.clean_text(self.cleaned_data["details"])

    def clean(self) -> dict[str, Any]:
        """Either a date that can be, or none on purpose."""
        data = self.cleaned_data
        if "expected_on" not in data:
            return data
        day = data["expected_on"]
        if day is None and not data.get("no_date"):
            self.add_error("expected_on", "Enter the date, or tick that this goal has none.")
        elif day is not None and data.get("no_date"):
            self.add_error("no_date", "Take out the date, or the tick: they cannot both hold.")
        elif day is not None:
            try:
                standing = self.goal.expected_on if self.goal else None
                rules.check_day(day, self.today, standing=standing)
            except rules.DayRefused as refusal:
                self.add_error("expected_on", str(refusal))
        return data


class MilestoneForm(OnceForm):
    """A step towards a goal."""

    text = forms.CharField(
        label="Milestone",
        max_length=rules.MILESTONE_LENGTH,
        help_text="One step on the way, which you can tick off.",
        error_messages={"required": "Say what the step is.", "max_length": TOO_LONG},
    )
    due_on = DayField(label="Date", required=False)

    def __init__(
        self, *args: Any, today: date, milestone: Milestone | None = None, **kwargs: Any
    ) -> None:
        self.today, self.milestone = today, milestone
        if milestone is not None:
            kwargs["initial"] = {
                "text": milestone.text,
                "due_on": milestone.due_on.isoformat() if milestone.due_on else "",
            }
        super().__init__(*args, **kwargs)

    def clean_text(self) -> str:
        """One line without control characters."""
        text = rules.one_line(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError("Say what the step is.")
        return text

    def clean_due_on(self) -> date | None:
        """A day that can be; none is fine."""
        day: date | None = self.cleaned_data["due_on"]
        if day is not None:
            try:
                standing = self.milestone.due_on if self.milestone else None
                rules.check_day(day, self.today, standing=standing)
            except rules.DayRefused as refusal:
                raise forms.ValidationError(str(refusal)) from None
        return day


class ReviewForm(OnceForm):
    """How it goes."""

    body = forms.CharField(
        label="How is it going?",
        max_length=rules.REVIEW_LENGTH,
        widget=forms.Textarea({"rows": 4}),
        help_text="What moved, what stands in the way, what you try next. It is kept with its day.",
        error_messages={"required": "Write your review.", "max_length": TOO_LONG},
    )

    def clean_body(self) -> str:
        """Text with one kind of line end and without control characters."""
        text = rules.clean_text(self.cleaned_data["body"])
        if not text:
            raise forms.ValidationError("Write your review.")
        return text


class OutcomeForm(forms.Form):
    """What came of a goal."""

    outcome = forms.CharField(
        label="What came of it?",
        max_length=rules.OUTCOME_LENGTH,
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text="What is different now, and what you would do again. Your partner can read it.",
        error_messages={"max_length": TOO_LONG},
    )

    def clean_outcome(self) -> str:
        """Text with one kind of line end and without control characters."""
        return rules.clean_text(self.cleaned_data["outcome"])


class WordsForm(forms.Form):
    """The words for the five letters, and what is asked at each."""

    def __init__(self, *args: Any, standing: rules.Smart, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for letter, meaning in standing.letters:
            key = letter.lower()
            self.fields[f"{key}_word"] = forms.CharField(
                label=f"{letter} stands for", max_length=30, initial=meaning.word
            )
            self.fields[f"{key}_guidance"] = forms.CharField(
                label=f"{letter}: what to ask oneself",
                max_length=400,
                widget=forms.Textarea({"rows": 3}),
                initial=meaning.guidance,
            )

    def clean(self) -> dict[str, Any]:
        """The five letters together; SMART has to be spelt by its words."""
        data = self.cleaned_data
        if self.errors:
            return data
        found = {
            key: {
                "word": rules.one_line(data[f"{key}_word"]),
                "guidance": rules.one_line(data[f"{key}_guidance"]),
            }
            for key in rules.LETTERS
        }
        for key, meaning in found.items():
            if not meaning["word"].lower().startswith(key):
                self.add_error(f"{key}_word", f"The word has to begin with {key.upper()}.")
        if not self.errors:
            try:
                data["smart"] = rules.Smart.model_validate(found)
            except ValidationError:
                raise forms.ValidationError(
                    "Use letters for the words, and say at each what to ask oneself."
                ) from None
        return data
