"""What is filled in on a journey, and how staff draw the road."""

import re
from typing import Any

from django import forms

from core.journey import rules
from core.journey.rules import Activity, Stage
from core.programme.queries import in_our_words
from core.programme.rules import TOOL_ITEMS, unknown_placeholders

TOO_LONG = "Use %(limit_value)d characters or fewer. You have used %(show_value)d."
GUIDES = [
    ("", "None"),
    ("start", "Before you start"),
    ("first_conversation", "First conversation"),
    ("progression", "Progression"),
    ("completion", "Completion"),
]
_TOOL_KEY = re.compile(r"^[a-z][a-z0-9_]{0,39}\Z")


class ActivityForm(forms.Form):
    """One box a question; `version` is the one that the writer began with."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False, initial=0)

    def __init__(self, *args: Any, activity: Activity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for question in activity.questions:
            self.fields[question.key] = forms.CharField(
                label=in_our_words(question.label),
                required=False,
                max_length=rules.ANSWER_LENGTH,
                widget=forms.Textarea({"rows": "5"}),
                error_messages={"max_length": TOO_LONG},
            )

    @property
    def answers(self) -> dict[str, str]:
        """What was written, by question."""
        return {key: text for key, text in self.cleaned_data.items() if key != "version"}


class WordedField(forms.CharField):
    """A text of the institute; its placeholders have to be known ones."""

    def clean(self, value: Any) -> str:
        text: str = super().clean(value)
        if unknown := unknown_placeholders(text):
            raise forms.ValidationError(f"{{{{ {unknown[0]} }}}} stands for nothing here.")
        return text.replace("\r\n", "\n")


class LinesField(WordedField):
    """A list of texts, one a line."""

    def __init__(self, *, most: int, longest: int, **kwargs: Any) -> None:
        super().__init__(**{"widget": forms.Textarea({"rows": "6"}), **kwargs})
        self.most, self.longest = most, longest

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in super().clean(value).split("\n") if line.strip()]
        if len(lines) > self.most:
            raise forms.ValidationError(f"Write at most {self.most} lines.")
        if any(len(line) > self.longest for line in lines):
            raise forms.ValidationError(f"A line has at most {self.longest} characters.")
        return lines


class StageForm(forms.Form):
    """A stage of the road, without its activities."""

    use_required_attribute = False
    label = WordedField(label="Name", max_length=160)
    next_step = WordedField(
        label="Next step",
        max_length=160,
        help_text="A short sentence that tells the two on their card what to do here.",
    )
    description = WordedField(
        label="Description",
        max_length=8000,
        widget=forms.Textarea({"rows": "7"}),
        help_text="Markdown. What this stage is for.",
    )
    to_do = LinesField(
        label="What to do", most=12, longest=300, required=False, help_text="One thing a line."
    )
    tools = forms.MultipleChoiceField(
        label="Tools", required=False, widget=forms.CheckboxSelectMultiple
    )
    guides = forms.ChoiceField(label="Guides shown", choices=GUIDES, required=False)

    def __init__(self, *args: Any, tools: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tools"].choices = tools  # type: ignore[attr-defined]

    @classmethod
    def begun_with(cls, stage: Stage) -> dict[str, Any]:
        """The initial values for a stage that is there."""
        values = stage.model_dump(include=set(cls.base_fields))
        return {**values, "to_do": "\n".join(stage.to_do), "tools": list(stage.tools)}

    def stage(self, key: str, activities: tuple[Activity, ...]) -> Stage:
        """The stage as it was filled in."""
        data = self.cleaned_data
        return Stage(
            key=key,
            activities=activities,
            **{**data, "to_do": tuple(data["to_do"]), "tools": tuple(data["tools"])},
        )


class PlannedActivityForm(forms.Form):
    """An activity to fill in, as staff describe it."""

    use_required_attribute = False
    label = WordedField(label="Name", max_length=160)
    introduction = WordedField(
        label="Introduction",
        max_length=8000,
        required=False,
        widget=forms.Textarea({"rows": "5"}),
        help_text="Markdown. How to go about it.",
    )
    questions = LinesField(
        label="Questions",
        most=rules.MOST_QUESTIONS,
        longest=300,
        help_text="One question a line. Each gets a box to write in.",
        error_messages={"required": "Write one question or more."},
    )

    @classmethod
    def begun_with(cls, activity: Activity) -> dict[str, Any]:
        """The initial values for an activity that is there."""
        questions = "\n".join(question.label for question in activity.questions)
        return {
            "label": activity.label,
            "introduction": activity.introduction,
            "questions": questions,
        }

    def activity(self, key: str, before: Activity | None) -> Activity:
        """The activity as it was filled in; a question that stayed keeps its key."""
        known = {one.label: one.key for one in before.questions} if before else {}
        taken: set[str] = set()
        questions = []
        for label in self.cleaned_data["questions"]:
            question = known.get(label, "")
            if not question or question in taken:
                question = rules.key_from(label, taken | set(known.values()))
            taken.add(question)
            questions.append({"key": question, "label": label})
        return Activity.model_validate(
            {
                "key": key,
                "label": self.cleaned_data["label"],
                "introduction": self.cleaned_data["introduction"],
                "questions": questions,
            }
        )


class TipsForm(forms.Form):
    """The tips on ending well."""

    use_required_attribute = False
    tips = WordedField(
        label="Tips on ending well",
        max_length=8000,
        widget=forms.Textarea({"rows": "12"}),
        help_text="Markdown. Shown on the page where the two bring their journey to its end.",
    )


def tool_choices(items: tuple[str, ...], used: tuple[str, ...]) -> list[tuple[str, str]]:
    """The tools that a stage can name: the product's, the institute's own, and those in use."""
    names = {"swot": "SWOT", "gstar": "G-STAR", "goals": "SMART goals", "diary": "Learning diary"}
    own = [item for item in (*items, *used) if _TOOL_KEY.match(item)]
    keys = dict.fromkeys([*TOOL_ITEMS, *rules.OTHER_TOOLS, *own])
    return [
        (key, names.get(key, key.replace("_", " ").capitalize()))
        for key in keys
        if key not in ("first_conversation", "road_map")
    ]
