"""An answer to a survey."""

from collections.abc import Mapping
from typing import Any

from django import forms

from core.feedback.rules.results import CHANGE_WITHIN, FEWEST
from core.feedback.rules.survey import LONGEST_TEXT, STEPS, Question, Survey
from core.programme.rules import expand

TOO_LONG = f"Use {LONGEST_TEXT} characters or fewer."
NONE = ("", "No answer")


class ScaleField(forms.TypedChoiceField):
    """One of five steps; "3" becomes 3."""

    def __init__(self, *, low: str, high: str, **more: Any) -> None:
        super().__init__(coerce=int, empty_value=None, **more)
        self.template_name = "feedback/scale.html"
        self.low, self.high = low, high

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        """The words for the two ends stand beside the steps."""
        bound = super().get_bound_field(form, field_name)
        bound.low, bound.high = self.low, self.high  # type: ignore[attr-defined]
        return bound


class AnswerForm(forms.Form):
    """The questions of a survey for a mentor or a mentee, and what went wrong."""

    use_required_attribute = False
    fewest = FEWEST
    change_days = CHANGE_WITHIN.days

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)
    concern = forms.CharField(
        label="Did anything go wrong?",
        required=False,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"max_length": TOO_LONG},
    )
    contact = forms.BooleanField(required=False)

    def __init__(
        self,
        *args: Any,
        survey: Survey,
        role: str,
        names: Mapping[str, str],
        team: str,
        may_ask_contact: bool = True,
        **more: Any,
    ) -> None:
        super().__init__(*args, **more)
        self.asked = survey.asked_of(role)
        self.title, self.intro = expand(survey.title, names), expand(survey.intro, names)
        for question in self.asked:
            self.fields[self._name(question)] = _field(question, names)
        self.fields["contact"].label = f"I want the {team} to contact me"
        if not may_ask_contact:
            del self.fields["contact"], self.fields["concern"]

    @staticmethod
    def _name(question: Question) -> str:
        return f"q-{question.key}"

    @property
    def questions(self) -> list[forms.BoundField]:
        """The questions in their order."""
        return [self[self._name(question)] for question in self.asked]

    @property
    def answers(self) -> dict[str, Any]:
        """What was answered, by the key of the question; call it after `is_valid`."""
        found = {one.key: self.cleaned_data[self._name(one)] for one in self.asked}
        return {key: value for key, value in found.items() if value not in (None, "", [])}

    @classmethod
    def filled(cls, answers: Mapping[str, Any], concern: str, seen: int) -> dict[str, Any]:
        """Initial values from an answer that stands already."""
        given = {f"q-{key}": value for key, value in answers.items()}
        return {**given, "concern": concern, "seen": seen}

    def clean(self) -> dict[str, Any]:
        """Nobody can be contacted about nothing."""
        data = super().clean() or {}
        if data.get("contact") and not data.get("concern"):
            self.add_error("concern", "Write a few words, so that the team knows what it is about.")
        return data


def _field(question: Question, names: Mapping[str, str]) -> forms.Field:
    common: dict[str, Any] = {
        "label": expand(question.label, names),
        "help_text": expand(question.help, names),
        "required": question.required,
    }
    options = [(one.key, expand(one.label, names)) for one in question.options]
    none = [] if question.required else [NONE]
    choose = {"required": "Choose an answer.", "invalid_choice": "Choose one of the answers."}
    match question.kind:
        case "scale":
            return ScaleField(
                low=expand(question.low, names),
                high=expand(question.high, names),
                choices=[*((str(step), str(step)) for step in STEPS), *none],
                widget=forms.RadioSelect,
                error_messages=choose,
                **common,
            )
        case "choice":
            return forms.ChoiceField(
                choices=[*options, *none], widget=forms.RadioSelect, error_messages=choose, **common
            )
        case "choices":
            return forms.MultipleChoiceField(
                choices=options,
                widget=forms.CheckboxSelectMultiple,
                error_messages=choose,
                **common,
            )
        case "text":
            return forms.CharField(
                max_length=LONGEST_TEXT,
                widget=forms.Textarea(attrs={"rows": 4}),
                error_messages={"required": "Write a few words.", "max_length": TOO_LONG},
                **common,
            )
