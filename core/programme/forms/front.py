"""The forms of the front page's texts, and of the names and addresses of the programme."""

from typing import Any, Final
from zoneinfo import available_timezones

from django import forms
from django.core.validators import RegexValidator

from core.programme.forms.words import LineField
from core.programme.models import Programme

MOST_POINTS: Final = 6
MOST_STEPS: Final = 6
MOST_LINKS: Final = 8
ELSEWHERE: Final = RegexValidator(
    r"^https://[^\s]+$", "Write the whole address, beginning with https://."
)
TEXT: Final = {"required": "Write something here."}


def _line(label: str, longest: int = 120, *, required: bool = True, hint: str = "") -> LineField:
    messages = {**TEXT, "max_length": f"Use at most {longest} letters."}
    return LineField(
        label=label,
        max_length=longest,
        required=required,
        help_text=hint,
        error_messages=messages,
    )


def _text(label: str, longest: int, *, required: bool = True, hint: str = "") -> forms.CharField:
    messages = {**TEXT, "max_length": f"Use at most {longest} letters."}
    return forms.CharField(
        label=label,
        max_length=longest,
        required=required,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages=messages,
    )


class IdentityForm(forms.Form):
    """Names, contact, and who mails come from."""

    use_required_attribute = False
    programme_name = _line("Name of the programme", hint="On every page and in every mail.")
    organisation_name = _line("Name of the organisation", 160)
    organisation_article = forms.ChoiceField(
        label="Before that name, inside a sentence, stands",
        required=False,
        choices=[
            ("", "nothing: members of Lantern House"),
            ("the", "“the”: members of the Lantern Society"),
        ],
    )
    contact_name = _line("Who answers members", hint="As in: write to the mentoring team.")
    contact_email = forms.EmailField(
        label="Where members write to", help_text="Answers to mails go there too."
    )
    mail_sender_name = _line("Mails come from", hint="The name that stands in the mailbox.")
    mail_sender_address = forms.EmailField(
        label="Address that mails come from",
        help_text="Its domain has to let this platform send. Ask whoever runs the platform first.",
    )
    mail_footer = _text("Foot of every mail", 600, required=False)
    time_zone = forms.ChoiceField(
        label="Time zone", error_messages={"invalid_choice": "Choose one of the list."}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = sorted(zone for zone in available_timezones() if "/" in zone and zone[:4] != "Etc/")
        self.fields["time_zone"].choices = [(zone, zone.replace("_", " ")) for zone in zones]  # type: ignore[attr-defined]

    @staticmethod
    def begun_with(row: Programme) -> dict[str, Any]:
        """What stands in the boxes at first."""
        return {name: getattr(row, name) for name in IdentityForm.base_fields}

    @property
    def values(self) -> dict[str, Any]:
        """The columns; only of a valid form."""
        found = dict(self.cleaned_data)
        found["mail_footer"] = found["mail_footer"].replace("\r\n", "\n").strip()
        return found


class FrontForm(forms.Form):
    """The texts of the front page and the links of the footer."""

    use_required_attribute = False
    tagline = _line("Line above the headline", 160, required=False)
    headline = _line("Headline")
    lede = _text("What it is", 600)
    mentee_pitch = _text("For those who look for somebody", 400)
    mentor_pitch = _text("For those who offer their time", 400)
    typical_length = _line(
        "How long it usually lasts", required=False, hint="As in: 8 months or more."
    )

    def __init__(self, *args: Any, pages: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for at in range(MOST_STEPS):
            self.fields[f"step_title_{at}"] = _line("Title", required=False)
            self.fields[f"step_text_{at}"] = _text("Text", 400, required=False)
        for at in range(MOST_POINTS):
            self.fields[f"point_{at}"] = _line("Who it is for", required=False)
        for at in range(MOST_LINKS):
            self.fields[f"link_label_{at}"] = _line("Words", required=False)
            self.fields[f"link_page_{at}"] = forms.ChoiceField(
                label="Page", required=False, choices=[("", "an address elsewhere"), *pages]
            )
            self.fields[f"link_url_{at}"] = forms.CharField(
                label="Address elsewhere",
                required=False,
                max_length=300,
                validators=[ELSEWHERE],
                help_text="https://…",
            )

    @staticmethod
    def begun_with(row: Programme) -> dict[str, Any]:
        """What stands in the boxes at first."""
        front = row.front
        found: dict[str, Any] = {
            "tagline": row.tagline,
            "typical_length": row.typical_length,
            **{
                name: getattr(front, name)
                for name in ("headline", "lede", "mentee_pitch", "mentor_pitch")
            },
        }
        for at, step in enumerate(front.steps):
            found |= {f"step_title_{at}": step.title, f"step_text_{at}": step.text}
        found |= {f"point_{at}": point for at, point in enumerate(front.audience)}
        for at, link in enumerate(row.legal):
            found |= {
                f"link_label_{at}": link.label,
                f"link_page_{at}": link.slug or "",
                f"link_url_{at}": link.url or "",
            }
        return found

    def clean(self) -> dict[str, Any]:
        """Refuse halves: a step without its text, a link that leads nowhere or to two places."""
        given = super().clean() or self.cleaned_data
        for at in range(MOST_STEPS):
            title, text = given.get(f"step_title_{at}"), given.get(f"step_text_{at}")
            if bool(title) != bool(text) and not self._is_wrong(
                f"step_title_{at}", f"step_text_{at}"
            ):
                self.add_error(
                    f"step_text_{at}" if title else f"step_title_{at}",
                    "A step has a title and a text.",
                )
        if not self.errors and len(self._steps()) < 2:
            self.add_error(f"step_title_{len(self._steps())}", "Tell at least two steps.")
        for at in range(MOST_LINKS):
            self._check_link(at, given)
        if not self.errors and not self._links():
            self.add_error("link_label_0", "The footer needs one link, to the privacy notice.")
        return given

    def _check_link(self, at: int, given: dict[str, Any]) -> None:
        label, page, url = (given.get(f"link_{part}_{at}") for part in ("label", "page", "url"))
        if self._is_wrong(f"link_label_{at}", f"link_page_{at}", f"link_url_{at}"):
            return
        if label and not page and not url:
            self.add_error(f"link_page_{at}", "Choose a page, or write an address.")
        if page and url:
            self.add_error(f"link_url_{at}", "Give either a page or an address.")
        if (page or url) and not label:
            self.add_error(f"link_label_{at}", "Say what the link is called.")

    def _is_wrong(self, *names: str) -> bool:
        return any(name in self.errors for name in names)

    def _steps(self) -> list[dict[str, str]]:
        pairs = (
            (self.cleaned_data.get(f"step_title_{at}"), self.cleaned_data.get(f"step_text_{at}"))
            for at in range(MOST_STEPS)
        )
        return [{"title": title, "text": text} for title, text in pairs if title and text]

    def _links(self) -> list[dict[str, Any]]:
        rows = (
            [self.cleaned_data.get(f"link_{part}_{at}") for part in ("label", "page", "url")]
            for at in range(MOST_LINKS)
        )
        return [
            {"label": label, "slug": page or None, "url": url or None}
            for label, page, url in rows
            if label
        ]

    @property
    def values(self) -> dict[str, Any]:
        """The columns; only of a valid form."""
        given = self.cleaned_data
        texts = ("lede", "mentor_pitch", "mentee_pitch")
        points = (given[f"point_{at}"] for at in range(MOST_POINTS))
        return {
            "tagline": given["tagline"],
            "typical_length": given["typical_length"],
            "front_data": {
                "headline": given["headline"],
                **{name: given[name].replace("\r\n", "\n") for name in texts},
                "audience": [point for point in points if point],
                "steps": self._steps(),
            },
            "legal_data": self._links(),
        }
