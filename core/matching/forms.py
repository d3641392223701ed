"""How staff say what mentors are searched by."""

from typing import Any, ClassVar

from django import forms

from core.matching.models import SEARCHABLE, Criterion
from core.profiles.models import Field
from core.profiles.rules import Audience, Visibility


def mentee_fields() -> list[Field]:
    """The questions that a mentee's search can start from."""
    return list(
        Field.objects.filter(
            active=True, kind__in=SEARCHABLE, audience__in=[Audience.MENTEE, Audience.BOTH]
        )
    )


class CriterionForm(forms.ModelForm[Criterion]):
    """One criterion; its question of mentors stays."""

    use_required_attribute = False

    class Meta:
        model = Criterion
        fields = ("active", "weight", "mentee_field", "exact_allowed", "any_label")
        labels: ClassVar = {
            "active": "Searched by",
            "weight": "Weight",
            "mentee_field": "The search starts from",
            "exact_allowed": "Mentees may make it a must",
            "any_label": "Name of “any”",
        }
        help_texts: ClassVar = {
            "weight": "One with 2 counts as much as two with 1.",
            "mentee_field": "The mentee’s own answer to this question.",
            "any_label": "For example “Any region”.",
            "exact_allowed": "",
            "active": "",
        }

    def __init__(self, *args: Any, offered: list[Field], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, str]] = [("", "Nothing: from “any”")]
        choices += [(str(one.pk), one.label) for one in offered]
        kept = self.instance.mentee_field
        if kept is not None and kept not in offered:
            choices.append((str(kept.pk), f"{kept.label} (no longer asked)"))
        self.fields["mentee_field"].choices = choices  # type: ignore[attr-defined]
        self.fields["mentee_field"].error_messages["invalid_choice"] = "Choose one of the list."


class NewCriterionForm(forms.Form):
    """One more question to search by; it begins switched off."""

    mentor_field = forms.ModelChoiceField(
        queryset=Field.objects.none(), label="Question that mentors answer", empty_label=None
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        free = Field.objects.filter(
            active=True,
            kind__in=SEARCHABLE,
            audience__in=[Audience.MENTOR, Audience.BOTH],
            visible_to=Visibility.EVERYONE,
            criterion=None,
        )
        self.fields["mentor_field"].queryset = free  # type: ignore[attr-defined]
