"""The form in which staff choose a look, and what it shows them about it (product F4)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile

from theming import raster, svg, tokens
from theming.queries import Look
from theming.tokens import Palette, Seeds, contrast

PAIRINGS = {
    "signal": ("Signal", "Upright and sure, made for signs"),
    "folio": ("Folio", "A well-set page, with serifs"),
    "clarity": ("Clarity", "Plain and quick to read"),
    "garden": ("Garden", "Round and friendly"),
    "ledger": ("Ledger", "Even and restrained"),
}
_RADII = {"none": "Square", "small": "Slightly rounded", "medium": "Rounded", "large": "Very round"}
_DENSITIES = {"comfortable": "Comfortable: room to breathe", "compact": "Compact: more on a page"}
_HEROES = {
    "plain": "Plain", "routes": "Lines of a network", "margins": "A page with margins",
    "panes": "Panes of glass", "path": "A winding path", "links": "Rings of a chain",
}  # fmt: skip
_MASTHEADS = {
    "light": "Light", "solid": "In the first colour", "ruled": "With a rule under it",
    "bar": "With a bar above it", "dark": "Dark",
}  # fmt: skip
_LOGOS = {"tinted": "In the colour of what surrounds it", "own": "In its own colours"}
_DIGITS = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_SHOWN_PAIRS = (
    ("Links on the page", "accent", "page"),
    ("Words on buttons", "on-accent", "accent"),
    ("Words at the top of the page", "on-masthead", "masthead"),
    ("Words on the front page", "on-hero", "hero"),
    ("Words in the second colour", "second-ink", "page"),
    ("Quiet words", "muted", "page"),
)


class ColourField(forms.CharField):
    """A colour as "#rrggbb"; "1d4f91" and "#14f" are understood."""

    def clean(self, value: Any) -> str:
        text = str(super().clean(value)).strip()
        found = _DIGITS.fullmatch(text)
        if not found:
            raise forms.ValidationError(
                "Write the colour as a hash and six digits or letters a to f, such as #1d4f91. "
                "Names of colours are not understood."
            )
        digits = found[1].lower()
        return "#" + (digits if len(digits) == 6 else "".join(one * 2 for one in digits))


def _choice(label: str, choices: Mapping[str, str], help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label,
        choices=list(choices.items()),
        widget=forms.RadioSelect,
        help_text=help_text,
        error_messages={"invalid_choice": "Choose one of these."},
    )


class LookForm(forms.Form):
    """The seeds and the logo. `left_out` names what an uploaded drawing lost."""

    left_out: list[str] = []

    accent = ColourField(
        label="First colour", max_length=40, help_text="Links, buttons, where one is."
    )
    second = ColourField(label="Second colour", max_length=40, help_text="Marks and small accents.")
    pairing = _choice("Type", {key: name for key, (name, _) in PAIRINGS.items()})
    radius = _choice("Corners", _RADII)
    density = _choice("Density", _DENSITIES)
    masthead = _choice("Top of the page", _MASTHEADS)
    hero = _choice("Picture of the front page", _HEROES)
    picture = forms.FileField(
        label="A new logo",
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".svg,.png,image/svg+xml,image/png"}),
        help_text="SVG (at most 64 kB) or PNG (at most 2 MB). The icon of the browser’s tab is "
        "made of it too.",
    )
    logo = _choice(
        "Colours of the logo", _LOGOS, "A PNG without a transparent ground needs its own colours."
    )
    remove = forms.BooleanField(label="Go without a logo", required=False)

    def clean_picture(self) -> str | None:
        """The drawing, made safe; None without an upload."""
        upload = self.cleaned_data.get("picture")
        if not isinstance(upload, UploadedFile):
            return None
        if upload.size == 0:
            raise forms.ValidationError("This file is empty.")
        if (upload.size or 0) > raster.MAX_FILE:
            raise forms.ValidationError("This file is larger than 2 MB.")
        content = cast(bytes, upload.read())
        if not content.startswith(raster.SIGNATURE) and b"<svg" not in content[:4000].lower():
            raise forms.ValidationError(
                "This is neither SVG nor PNG. Save the logo as one of them."
            )
        try:
            drawing = svg.clean(content)
        except svg.SvgRefused as refused:
            raise forms.ValidationError(str(refused)) from None
        self.left_out = svg.left_out(content)
        if svg.is_blank(drawing):
            raise forms.ValidationError(
                "Nothing in this file can be drawn. Turn its words into paths, and leave out what "
                "runs, moves or is loaded from elsewhere."
            )
        return drawing

    @property
    def seeds(self) -> Seeds:
        """What was chosen; only of a valid form."""
        return Seeds.read({name: self.cleaned_data[name] for name in Seeds().data()})


@dataclass(frozen=True)
class Reading:
    """How well a pair of colours reads, in both schemes."""

    label: str
    light: str
    dark: str
    light_ink: str
    light_ground: str
    dark_ink: str
    dark_ground: str


def readings(palette: Palette) -> list[Reading]:
    """The pairs that staff ask about, with their contrast ("7.2 to 1")."""
    light, dark = palette.light, palette.dark
    return [
        Reading(
            label,
            f"{contrast(light[ink], light[ground]):.1f}",
            f"{contrast(dark[ink], dark[ground]):.1f}",
            light[ink],
            light[ground],
            dark[ink],
            dark[ground],
        )
        for label, ink, ground in _SHOWN_PAIRS
    ]


@dataclass(frozen=True)
class Thumbnail:
    """A look as a small picture: colours of a page, and how round its button is."""

    page: str
    masthead: str
    ink: str
    accent: str
    second: str
    corner: int


def thumbnail(seeds: Seeds) -> Thumbnail:
    """The small picture of a look."""
    light = tokens.palette(seeds).light
    return Thumbnail(
        page=light["page"],
        masthead=light["masthead"],
        ink=light["ink"],
        accent=light["accent"],
        second=light["second"],
        corner={"none": 0, "small": 1, "medium": 3, "large": 5}[seeds.radius],
    )


def begun_with(look: Look) -> dict[str, Any]:
    """What stands in the form at first."""
    return {**look.seeds.data(), "remove": False}


def differences(before: Seeds, after: Seeds) -> dict[str, list[str]]:
    """{"accent": ["#112233", "#445566"], …} of what a choice changes."""
    old, new = before.data(), after.data()
    return {key: [old[key], new[key]] for key in new if old[key] != new[key]}
