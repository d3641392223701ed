"""What a mentee writes when asking, and a mentor when declining."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from core.mentorships.queries import Area
from core.mentorships.rules import (
    NOTE_LENGTH,
    REASONS,
    STATEMENT_LENGTH,
    STATEMENT_SHORTEST,
    Reason,
)
from core.profiles.forms import DateBoxes
from core.profiles.rules import AnswerRefusedError, date_from_parts
from core.programme.queries import words

TOO_LONG = "Use %(limit_value)d characters or fewer. You have used %(show_value)d."


class RequestForm(forms.Form):
    """The ask: an area of support from the institute's list and a personal statement (C1)."""

    area = forms.ChoiceField(error_messages={"required": "Choose one from the list."})
    statement = forms.CharField(
        label="Personal statement",
        max_length=STATEMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={
            "required": "Write your personal statement.",
            "max_length": TOO_LONG,
        },
    )

    def __init__(self, *args: Any, areas: Sequence[Area], mentor_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.labels = {one.key: one.label for one in areas}
        label = words()["area"].singular
        self.fields["statement"].help_text = (
            f"A few honest paragraphs to {mentor_name}: where you are now, what you would like to "
            f"change, and why you are writing to them. {STATEMENT_LENGTH} characters at most."
        )
        field = self.fields["area"]
        if not areas or not isinstance(field, forms.ChoiceField):
            del self.fields["area"]
            return
        field.label = label[:1].upper() + label[1:]
        field.help_text = "What you would like to work on first."
        field.choices = _grouped(areas, mentor_name)

    @property
    def area_label(self) -> str:
        """The chosen area in words; of a valid form."""
        chosen = self.cleaned_data.get("area", "")
        return self.labels.get(chosen, "")

    def clean_statement(self) -> str:
        """Turn away what is too short to be answered."""
        statement: str = self.cleaned_data["statement"]
        if len(statement) < STATEMENT_SHORTEST:
            raise forms.ValidationError(
                f"Write a little more: at least {STATEMENT_SHORTEST} characters."
            )
        return statement


class DeclineForm(forms.Form):
    """The mentor's no: both parts optional, both shown to the mentee (C3)."""

    reason = forms.ChoiceField(
        label="Reason",
        required=False,
        choices=[("", "No reason given"), *((key, REASONS[key]) for key in Reason)],
    )
    note = forms.CharField(
        label="Kind words",
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"max_length": TOO_LONG},
    )

    unavailable = forms.BooleanField(
        label="Make me unavailable as well",
        required=False,
        help_text="Nobody else is sent to you until you make yourself available in Edit Account.",
    )

    def __init__(self, *args: Any, mentee_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].help_text = f"{mentee_name} will see this."
        self.fields[
            "note"
        ].help_text = (
            f"A line of encouragement, or a hint where to look. {mentee_name} will see this too."
        )


class AwayForm(forms.Form):
    """Until when a mentor is away, and what becomes of those who wait (B11)."""

    back_on = forms.Field(
        label="When will you be back?",
        required=False,
        help_text="Leave it empty if you do not know. For example 27 3 2027.",
        widget=DateBoxes(),
    )
    close = forms.ChoiceField(
        label="What about those who wait for your answer?",
        choices=[
            ("keep", "Keep them: I shall answer each of them"),
            ("close", "Decline them kindly: say that I shall be away"),
        ],
        initial="keep",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="Kind words",
        required=False,
        max_length=NOTE_LENGTH,
        help_text="Everybody whom you decline now reads them.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, waiting: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not waiting:
            del self.fields["close"], self.fields["note"]

    def clean_back_on(self) -> date | None:
        """The three boxes as a date."""
        typed = self.cleaned_data["back_on"]
        day, month, year = typed if isinstance(typed, list) and len(typed) == 3 else ("", "", "")
        try:
            found = date_from_parts(day or "", month or "", year or "")
        except AnswerRefusedError as refusal:
            raise forms.ValidationError(str(refusal)) from None
        return date.fromisoformat(found) if found else None

    @property
    def wishes(self) -> dict[str, Any]:
        """What `services.make_unavailable` takes; of a valid form."""
        return {
            "back_on": self.cleaned_data["back_on"],
            "close": self.cleaned_data.get("close") == "close",
            "note": self.cleaned_data.get("note", ""),
        }


class AskChangesForm(forms.Form):
    """What the mentor would like to be changed or told (C3)."""

    note = forms.CharField(
        label="What would you like to be changed, or to know?",
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={
            "required": "Say what you would like to be changed, or to know.",
            "max_length": TOO_LONG,
        },
    )

    def __init__(self, *args: Any, mentee_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields[
            "note"
        ].help_text = (
            f"{mentee_name} gets your words by e-mail, and can then send you a new version."
        )


class InviteBackForm(forms.Form):
    """What the mentor says when they would like to go on (D9)."""

    note = forms.CharField(
        label="A few words",
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": TOO_LONG},
    )

    def __init__(self, *args: Any, mentee_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].help_text = f"{mentee_name} gets them by e-mail."


class StepInForm(forms.Form):
    """Why the programme team steps in: kept with the history, read by staff alone (D9, D10)."""

    reason = forms.CharField(
        label="Why does the team step in?",
        help_text="Kept with the history. Staff alone read it; the two people do not.",
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={
            "required": "Say why, so that a colleague understands it later.",
            "max_length": TOO_LONG,
        },
    )


class MatchForm(forms.Form):
    """Two people whom the programme team brings together: how, about what, in which words (F4)."""

    way = forms.ChoiceField(
        label="How do they begin?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how they begin."},
    )
    area = forms.ChoiceField(error_messages={"required": "Choose one from the list."})
    statement = forms.CharField(
        label="Words to both",
        help_text="Why you think that they go well together. Both read it, by e-mail too.",
        max_length=STATEMENT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": "Write a few words to both.", "max_length": TOO_LONG},
    )

    def __init__(self, *args: Any, areas: Sequence[Area], mentor_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"].choices = match_ways()  # type: ignore[attr-defined]
        label = words()["area"].singular
        field = self.fields["area"]
        if not areas or not isinstance(field, forms.ChoiceField):
            del self.fields["area"]
            return
        field.label = label[:1].upper() + label[1:]
        field.choices = _grouped(areas, mentor_name)

    @property
    def at_once(self) -> bool:
        """Whether they begin without being asked; of a valid form."""
        return bool(self.cleaned_data["way"] == AT_ONCE)


AT_ONCE = "at_once"


def match_ways() -> list[tuple[str, str]]:
    """How people whom the team brings together begin."""
    ask = words()["request"].form("article")
    return [
        (
            "ask_first",
            f"Ask the mentor first: the team sends {ask} in the mentee's stead, and they answer it",
        ),
        (
            AT_ONCE,
            "Start at once: you have spoken with both, and each gets the other's contact details",
        ),
    ]


class LeaveForm(forms.Form):
    """Why somebody leaves: optional, and for the programme team alone (D9)."""

    reason = forms.CharField(
        label="Reason",
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": TOO_LONG},
    )

    def __init__(self, *args: Any, partner_name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        team = words()["programme_team"].singular
        self.fields["reason"].help_text = f"Only the {team} reads this. {partner_name} does not."


def _grouped(areas: Sequence[Area], mentor_name: str) -> list[tuple[str, Any]]:
    offered = [(one.key, one.label) for one in areas if one.offered]
    others = [(one.key, one.label) for one in areas if not one.offered]
    first: list[tuple[str, Any]] = [("", "Choose one")]
    if not offered or not others:
        return first + offered + others
    return [*first, (f"{mentor_name} offers", offered), ("Everything else", others)]
