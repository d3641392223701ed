"""What staff choose for a run, and with which words it is published."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from django import forms

from core.matching.rules import Question
from core.mentorships.forms import AT_ONCE, TOO_LONG, match_ways
from core.pairing.rules import MOST_WEIGHT, Choices, Goal
from core.profiles.models import Field
from core.profiles.rules import CAPACITY_LIMIT
from core.programme.queries import words

LONGEST_WORDS = 1500


@dataclass(frozen=True)
class CriterionBoxes:
    """The two boxes of one criterion."""

    label: str
    weight: forms.BoundField
    must: forms.BoundField


class ChoicesForm(forms.Form):
    """Who takes part, what counts how much, what has to be met, and what is best."""

    goal = forms.ChoiceField(
        label="What is best?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is best."},
    )
    minimum = forms.IntegerField(
        label="At least this much of what was asked for",
        help_text="Per cent. 0 lets in everybody who meets the musts.",
        min_value=0,
        max_value=100,
        error_messages={
            "required": "Enter a number from 0 to 100.",
            "invalid": "Enter a number from 0 to 100.",
            "min_value": "Enter a number from 0 to 100.",
            "max_value": "Enter a number from 0 to 100.",
        },
    )
    cap = forms.IntegerField(required=False, min_value=1, max_value=CAPACITY_LIMIT)
    hold = forms.BooleanField(required=False)

    def __init__(
        self, *args: Any, questions: Sequence[Question], fields: Sequence[Field], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        spoken, self.questions, self.filters = words(), questions, fields
        mentor, mentees = spoken["mentor"], spoken["mentee"].plural
        self._choice("goal").choices = [
            ("best_total", "The best total: as much as possible of what people asked for is met"),
            ("most_people", f"Most people: as many {mentees} as possible get {mentor.article} "
                            f"{mentor.singular}, then the best total among these"),
        ]  # fmt: skip
        cap = self.fields["cap"]
        cap.label = f"At most this many {mentees} for each {mentor.singular} in this run"
        cap.help_text = "Empty: as many as they have places."
        number = f"Enter a number from 1 to {CAPACITY_LIMIT}, or leave it empty."
        cap.error_messages |= dict.fromkeys(("invalid", "min_value", "max_value"), number)
        self.fields[
            "hold"
        ].label = (
            f"Keep a place free for each {spoken['request'].singular} that waits for an answer"
        )
        for one in questions:
            self.fields[f"weight-{one.key}"] = _weight(one)
            self.fields[f"must-{one.key}"] = forms.BooleanField(
                label=f"{one.label}: a must", required=False
            )
        for field in fields:
            self.fields[f"filter-{field.key}"] = _filter(field)

    @property
    def criteria(self) -> list[CriterionBoxes]:
        """The boxes of the criteria, in the institute's order."""
        return [
            CriterionBoxes(one.label, self[f"weight-{one.key}"], self[f"must-{one.key}"])
            for one in self.questions
        ]

    @property
    def boxes_of_filters(self) -> list[forms.BoundField]:
        """The boxes that choose a part of the mentees."""
        return [self[f"filter-{field.key}"] for field in self.filters]

    @property
    def choices(self) -> Choices:
        """What was chosen; of a valid form."""
        given = self.cleaned_data
        filters = {one.key: tuple(given[f"filter-{one.key}"]) for one in self.filters}
        return Choices(
            goal=cast(Goal, given["goal"]),
            filters={key: let_in for key, let_in in filters.items() if let_in},
            musts=tuple(one.key for one in self.questions if given[f"must-{one.key}"]),
            weights={one.key: given[f"weight-{one.key}"] for one in self.questions},
            minimum=given["minimum"],
            cap=given["cap"],
            hold=given["hold"],
        )

    def _choice(self, name: str) -> forms.ChoiceField:
        return cast(forms.ChoiceField, self.fields[name])


def beginning(questions: Sequence[Question]) -> dict[str, Any]:
    """What the form starts from: the institute's weights, nothing a must, everybody in."""
    weights = {f"weight-{one.key}": one.weight for one in questions}
    return {"goal": "best_total", "minimum": 0, "hold": True, **weights}


class PublishForm(forms.Form):
    """How the pairs begin, in which words, and of which draft this was said."""

    way = forms.ChoiceField(
        label="How do they begin?",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose how they begin."},
    )
    statement = forms.CharField(
        label="Words to all of them",
        help_text="Both of each pair read them, by e-mail too. What speaks for the pair is added.",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": "Write a few words to them.", "max_length": TOO_LONG},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["way"]).choices = match_ways()

    @property
    def at_once(self) -> bool:
        """Whether they begin without being asked; of a valid form."""
        return bool(self.cleaned_data["way"] == AT_ONCE)


def _weight(question: Question) -> forms.IntegerField:
    number = f"Enter a number from 0 to {MOST_WEIGHT}."
    return forms.IntegerField(
        label=f"{question.label}: weight",
        min_value=0,
        max_value=MOST_WEIGHT,
        error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), number),
    )


def _filter(field: Field) -> forms.MultipleChoiceField:
    options = field.choices_now  # type: ignore[attr-defined]
    return forms.MultipleChoiceField(
        label=field.label,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[(one.key, one.label) for one in options],
        error_messages={"invalid_choice": "Choose from the list."},
    )
