"""What is filled in for an entry of the diary (product E13)."""

from datetime import date, timedelta
from typing import Any

from django import forms

from core.accounts.models import Person
from core.diary import rules
from core.diary.models import Entry
from core.diary.services import Page
from core.kernel.clock import now
from core.meetings.forms import TOO_LONG, DayField, OnceForm
from core.meetings.rules import zone_named
from core.mentorships.models import Mentorship


class EntryForm(OnceForm):
    """An entry. Its words are kept while they are typed."""

    use_required_attribute = False

    title = forms.CharField(
        label="Title",
        max_length=rules.TITLE_LENGTH,
        error_messages={"required": "Give the entry a title.", "max_length": TOO_LONG},
    )
    text = forms.CharField(
        label="What would you like to remember?",
        max_length=rules.TEXT_LENGTH,
        widget=forms.Textarea({"rows": 12}),
        error_messages={"required": "Write something first.", "max_length": TOO_LONG},
    )
    is_markdown = forms.BooleanField(
        label="Show this text with Markdown",
        required=False,
        help_text="**bold**, *italic*, lines that begin with “- ” as a list.",
    )
    day = DayField(label="Date")
    themes = forms.CharField(
        label="Themes",
        required=False,
        max_length=rules.THEMES_AN_ENTRY * (rules.THEME_LENGTH + 2),
        error_messages={"max_length": "These are too many themes for one entry."},
    )
    mentorship = forms.ChoiceField(
        label="Relationship",
        required=False,
        help_text="Only sorts your diary. Your partner does not see it.",
    )

    def __init__(
        self,
        *args: Any,
        writer: Person,
        relationships: list[Mentorship],
        draft_url: str,
        entry: Entry | None = None,
        **kwargs: Any,
    ) -> None:
        self.today = now().astimezone(zone_named(writer.time_zone)).date()
        self.relationships = {str(one.pk): one for one in relationships}
        initial = {"day": self.today.isoformat(), **(_initial(entry) if entry else {})}
        super().__init__(*args, initial={**initial, **kwargs.pop("initial", {})}, **kwargs)
        self.fields["themes"].help_text = (
            f"Your own words, with commas between them: up to {rules.THEMES_AN_ENTRY}, for example "
            "“feedback, saying no”."
        )
        self.fields["mentorship"].choices = [  # type: ignore[attr-defined]
            ("", "None"),
            *((key, _name(one, writer)) for key, one in self.relationships.items()),
        ]
        if not self.relationships:
            del self.fields["mentorship"]
        for name in ("title", "text"):
            self.fields[name].widget.attrs |= {
                "hx-post": draft_url,
                "hx-trigger": "input changed delay:800ms",
                "hx-include": "closest form",
                "hx-params": "csrfmiddlewaretoken,title,text,form_key",
                "hx-target": "#draft-state",
                "data-kept": f"{draft_url}#{name}",
            }

    @property
    def page(self) -> Page:
        """What was filled in; of a valid form."""
        data = self.cleaned_data
        return Page(
            written_on=data["day"],
            title=data["title"],
            text=data["text"],
            is_markdown=data["is_markdown"],
            themes=data["themes"],
            mentorship=self.relationships.get(data.get("mentorship", "")),
        )

    def clean_title(self) -> str:
        """One line without control characters."""
        title = rules.one_line(self.cleaned_data["title"])
        if not title:
            raise forms.ValidationError("Give the entry a title.")
        return title

    def clean_text(self) -> str:
        """Text with one kind of line end and without control characters."""
        text = rules.clean_text(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError("Write something first.")
        return text

    def clean_day(self) -> date:
        """A day that has come already, or is about to somewhere on earth."""
        day: date = self.cleaned_data["day"]
        if day > self.today + timedelta(days=1):
            raise forms.ValidationError("That day has not come yet.")
        if day < rules.EARLIEST:
            raise forms.ValidationError(f"Enter a date from {rules.EARLIEST.year} on.")
        return day

    def clean_themes(self) -> list[str]:
        """A few short themes."""
        themes = rules.themes_from(self.cleaned_data["themes"])
        if len(themes) > rules.THEMES_AN_ENTRY:
            raise forms.ValidationError(f"Choose {rules.THEMES_AN_ENTRY} themes at most.")
        if any(len(theme) > rules.THEME_LENGTH for theme in themes):
            raise forms.ValidationError(
                f"A theme has {rules.THEME_LENGTH} characters at most. Put commas between themes."
            )
        return themes


def _initial(entry: Entry) -> dict[str, Any]:
    return {
        "title": entry.title,
        "text": entry.text,
        "is_markdown": entry.is_markdown,
        "day": entry.written_on.isoformat(),
        "themes": ", ".join(entry.themes),
        "mentorship": str(entry.mentorship_id or ""),
    }


def _name(mentorship: Mentorship, person: Person) -> str:
    """ "With Mara Keel, your mentor"."""
    if person.pk == mentorship.mentee_id:
        return f"With {mentorship.mentor.full_name}, your mentor"
    return f"With {mentorship.mentee.full_name}, your mentee"
