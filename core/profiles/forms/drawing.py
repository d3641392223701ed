"""How staff draw the profile form: sections, fields and their answers."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from core.profiles.models import AUDIENCES, KINDS, VISIBILITIES, Field, Option, Section
from core.profiles.rules import Kind

LIMITED_BY_LENGTH = frozenset({Kind.SHORT_TEXT.value, Kind.LONG_TEXT.value, Kind.LINK.value})
LIMITED_BY_SIZE = frozenset({Kind.NUMBER.value, Kind.CHOICES.value})


class SectionForm(forms.ModelForm[Section]):
    """A headed part of the form."""

    use_required_attribute = False

    class Meta:
        model = Section
        fields = ("label", "help", "audience")
        labels: ClassVar = {"label": "Heading", "help": "Under the heading", "audience": "Shown to"}
        widgets: ClassVar = {"help": forms.Textarea({"rows": "3"}), "audience": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["audience"].choices = AUDIENCES  # type: ignore[attr-defined]

    def clean_audience(self) -> str:
        """Refuse to hide fields that others are asked for."""
        audience = str(self.cleaned_data["audience"])
        if not self.instance._state.adding and audience != "both":
            others = self.instance.fields.filter(active=True).exclude(audience=audience)
            if first := others.first():
                raise ValidationError(
                    f"“{first.label}” is asked of others too. Move it or change it first."
                )
        return audience


class FieldForm(forms.ModelForm[Field]):
    """A question. Its kind stays once somebody has answered."""

    use_required_attribute = False

    class Meta:
        model = Field
        fields = (
            "label", "help", "section", "kind", "audience", "required", "visible_to",
            "max_length", "minimum", "maximum", "active",
        )  # fmt: skip
        labels: ClassVar = {
            "label": "Question",
            "help": "Help under the question",
            "audience": "Asked of",
            "required": "It has to be answered",
            "visible_to": "Answers are read by",
            "max_length": "Longest answer, in characters",
            "minimum": "Smallest number, or fewest answers",
            "maximum": "Largest number, or most answers",
            "active": "In use",
        }
        help_texts: ClassVar = {
            "max_length": "Texts and web addresses. Empty: as long as usual.",
            "minimum": "Numbers and lists of answers. Empty: no limit.",
            "maximum": "",
            "active": "Out of use, nobody is asked and nobody sees the answers; they are kept.",
        }
        widgets: ClassVar = {
            "help": forms.Textarea({"rows": "3"}),
            "audience": forms.RadioSelect,
            "visible_to": forms.RadioSelect,
        }

    def __init__(self, *args: Any, is_answered: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, choices in (("audience", AUDIENCES), ("visible_to", VISIBILITIES)):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
        self.fields["section"].queryset = Section.objects.all()  # type: ignore[attr-defined]
        self.fields["section"].empty_label = None  # type: ignore[attr-defined]
        self.fields["kind"].choices = KINDS  # type: ignore[attr-defined]
        if is_answered:
            self.fields["kind"].disabled = True
            self.fields["kind"].help_text = "People have answered this, so its kind stays."

    def clean(self) -> dict[str, Any]:
        """Limits belong to the kinds that have them."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind = cleaned.get("kind")
        if cleaned.get("max_length") is not None and kind not in LIMITED_BY_LENGTH:
            self.add_error("max_length", "Only texts and web addresses have a length.")
        for name in ("minimum", "maximum"):
            if cleaned.get(name) is not None and kind not in LIMITED_BY_SIZE:
                self.add_error(name, "Only numbers and lists of many answers have this limit.")
        return cleaned


class OptionForm(forms.Form):
    """A button beside an answer, and what was typed for it."""

    step = forms.CharField(max_length=20)
    option = forms.CharField(max_length=60, required=False)
    label = forms.CharField(max_length=400, required=False)
    into = forms.CharField(max_length=60, required=False)
    agreed = forms.CharField(max_length=40, required=False)

    def chosen(self, field: Field, name: str = "option") -> Option | None:
        """The answer that is meant, of this question alone."""
        return field.options.filter(key=self.cleaned_data[name]).first()
