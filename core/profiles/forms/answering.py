"""The profile form, drawn from the institute's fields (product B1)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django import forms

from core.profiles import queries, rules
from core.profiles.models import Field, Profile, Section
from core.profiles.rules import Answer, AnswerRefusedError, Audience, Kind

LISTED_UP_TO = 7
PREFIX = "answer-"


class DateBoxes(forms.MultiWidget):
    """Day, Month and Year boxes: the value is the three texts as they were typed."""

    template_name = "parts/widgets/date_boxes.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {
            name: forms.TextInput({"title": name.capitalize(), "maxlength": size, "size": size})
            for name, size in (("day", "2"), ("month", "2"), ("year", "4"))
        }
        super().__init__(boxes, attrs)

    def decompress(self, value: Any) -> list[str]:
        """Spread an ISO date over the boxes."""
        year, _, rest = str(value or "").partition("-")
        month, _, day = rest.partition("-")
        return [day.lstrip("0"), month.lstrip("0"), year]


class AnswerField(forms.Field):
    """Takes what was sent as it is: `rules.check` judges all answers together."""

    def clean(self, value: Any) -> Any:
        if isinstance(self.widget, DateBoxes):
            day, month, year = (value or ["", "", ""]) if isinstance(value, list) else ("", "", "")
            try:
                return rules.date_from_parts(day or "", month or "", year or "")
            except AnswerRefusedError as refusal:
                raise forms.ValidationError(str(refusal)) from None
        return value


@dataclass(frozen=True)
class BoundSection:
    """A section of the form with its fields, for the template."""

    section: Section
    fields: list[forms.BoundField]


class ProfileForm(forms.Form):
    """A person's answers in one role. Mentors also say how many mentees they take (B10)."""

    use_required_attribute = False

    def __init__(
        self,
        role: str,
        profile: Profile | None,
        data: Mapping[str, Any] | None = None,
        *,
        draft: bool = False,
    ) -> None:
        super().__init__(data)
        self.role = role
        self.draft = draft
        self.parts = queries.form_of(role)
        answers = profile.answers if profile else {}
        self.field_rules = queries.rules_for(self.parts, answers)
        for part in self.parts:
            for one in part.fields:
                self.fields[PREFIX + one.key] = _form_field(one, answers.get(one.key))
        if role == Audience.MENTOR:
            self.fields[rules.CAPACITY] = forms.CharField(
                label="How many mentees at once?",
                help_text="When you have this many, no one else is sent to you.",
                initial=queries.capacity_of(profile),
                widget=forms.TextInput(attrs={"inputmode": "numeric", "maxlength": "2"}),
                required=False,
            )

    def sections(self) -> list[BoundSection]:
        """The sections with their bound fields, in order."""
        return [
            BoundSection(part.section, [self[PREFIX + one.key] for one in part.fields])
            for part in self.parts
        ]

    @property
    def answers(self) -> dict[str, Any]:
        """Raw answers by field key."""
        return {
            name.removeprefix(PREFIX): value
            for name, value in self.cleaned_data.items()
            if name.startswith(PREFIX)
        }

    @property
    def capacity(self) -> Any:
        """How many mentees, as it was typed; empty means the programme's usual number."""
        return self.cleaned_data.get(rules.CAPACITY)

    def clean(self) -> dict[str, Any]:
        judged = [rule for rule in self.field_rules if not self.has_error(PREFIX + rule.key)]
        self.refuse(rules.check(judged, self.answers, draft=self.draft).messages)
        if self.capacity not in (None, ""):
            try:
                rules.clean_capacity(self.capacity)
            except AnswerRefusedError as refusal:
                self.add_error(rules.CAPACITY, str(refusal))
        return self.cleaned_data

    def refuse(self, messages: Mapping[str, str]) -> None:
        """Put messages, by field key, beside their fields."""
        for key, message in messages.items():
            name = PREFIX + key if PREFIX + key in self.fields else key
            self.add_error(name if name in self.fields else None, message)


def _form_field(one: Field, answer: Answer | None) -> AnswerField:
    initial: Any = answer
    if one.kind == Kind.BOOLEAN and isinstance(answer, bool):
        initial = "yes" if answer else "no"
    hint = one.help
    if one.kind == Kind.DATE:
        hint = f"{hint} For example 27 3 2026.".strip()
    return AnswerField(
        label=one.label,
        help_text=hint,
        required=one.required,
        initial=initial,
        widget=_widget(one, answer),
    )


def _widget(one: Field, answer: Answer | None) -> forms.Widget:
    options = [(option.key, option.label) for option in queries.options_for(one, answer)]
    match Kind(one.kind):
        case Kind.LONG_TEXT:
            return forms.Textarea(
                {"rows": 6, "maxlength": one.max_length or rules.LONG_TEXT_LENGTH}
            )
        case Kind.CHOICE if one.required and len(options) <= LISTED_UP_TO:
            return forms.RadioSelect(choices=options)
        case Kind.CHOICE:
            return forms.Select(choices=[("", "Choose" if one.required else "No answer"), *options])
        case Kind.CHOICES:
            return forms.CheckboxSelectMultiple(choices=options)
        case Kind.NUMBER:
            return forms.TextInput({"inputmode": "numeric", "size": "8", "maxlength": "16"})
        case Kind.BOOLEAN:
            return forms.RadioSelect(choices=[("yes", "Yes"), ("no", "No")])
        case Kind.DATE:
            return DateBoxes()
        case Kind.LINK:
            return forms.URLInput(
                {"inputmode": "url", "maxlength": one.max_length or rules.LINK_LENGTH}
            )
        case _:
            return forms.TextInput({"maxlength": one.max_length or rules.SHORT_TEXT_LENGTH})
