"""From a few seed values to a whole palette that can be read: pure, no Django.

A seed colour that would be too pale or too faint is moved along its own hue until it meets WCAG 2.2
AA, and the change is told in words for the staff. Source: product A2, architecture "White-label".
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from functools import lru_cache
from typing import Any

from coloraide import Color

HEX = re.compile(r"#[0-9a-fA-F]{6}")
RADII = ("none", "small", "medium", "large")
DENSITIES = ("comfortable", "compact")
PAIRINGS = ("signal", "folio", "clarity", "garden", "ledger")
HEROES = ("plain", "routes", "margins", "panes", "path", "links")
MASTHEADS = ("light", "solid", "ruled", "bar", "dark")
LOGOS = ("tinted", "own")

TEXT, LARGE = 4.5, 3.0
_WHITE, _BLACK = "#ffffff", "#000000"


class SeedsRefused(ValueError):
    """The seeds are not usable; `problems` holds one sentence a key."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(f"{key}: {text}" for key, text in problems.items()))
        self.problems = problems


@dataclass(frozen=True, kw_only=True)
class Seeds:
    """What an institute chooses. Colours are "#rrggbb", the others come from the lists above."""

    accent: str = "#2f4858"
    second: str = "#8a6d3b"
    pairing: str = "clarity"
    radius: str = "small"
    density: str = "comfortable"
    hero: str = "plain"
    masthead: str = "light"
    logo: str = "tinted"

    def __post_init__(self) -> None:
        choices = {
            "pairing": PAIRINGS,
            "radius": RADII,
            "density": DENSITIES,
            "hero": HEROES,
            "masthead": MASTHEADS,
            "logo": LOGOS,
        }
        problems = {
            key: f"must be a colour like #1d4f91, not {getattr(self, key)!r}"
            for key in ("accent", "second")
            if not isinstance(getattr(self, key), str) or not HEX.fullmatch(getattr(self, key))
        } | {
            key: f"must be one of {', '.join(known)}, not {getattr(self, key)!r}"
            for key, known in choices.items()
            if getattr(self, key) not in known
        }
        if problems:
            raise SeedsRefused(problems)

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Seeds":
        """Seeds from plain data, missing keys by default. Raises SeedsRefused, unknown keys too."""
        known = {field.name for field in fields(cls)}
        unknown = {key: "is not a brand setting" for key in data if key not in known}
        if unknown:
            raise SeedsRefused(unknown)
        return cls(**data)

    def data(self) -> dict[str, str]:
        """The seeds as plain data, for a JSON column."""
        return asdict(self)


@dataclass(frozen=True)
class Palette:
    """Colours by name for both schemes, and what had to be changed, in words."""

    light: dict[str, str]
    dark: dict[str, str]
    changes: tuple[str, ...]


# (colour, what it lies on, ratio). Every pair that templates or parts of the CSS may form.
PAIRS: tuple[tuple[str, str, float], ...] = (
    *((text, ground, TEXT)
      for text in ("ink", "muted", "accent", "accent-strong", "second-ink", "good", "warn", "bad")
      for ground in ("page", "raised", "tint")),
    *((text, "tint-strong", TEXT) for text in ("ink", "accent-strong", "muted")),
    *((text, "second-tint", TEXT) for text in ("ink", "second-ink", "muted", "accent")),
    *((name, f"{name}-tint", TEXT) for name in ("good", "warn", "bad")),
    *(("ink", f"{name}-tint", TEXT) for name in ("good", "warn", "bad")),
    ("on-accent", "accent", TEXT),
    ("on-accent", "accent-strong", TEXT),
    ("on-bad", "bad", TEXT),
    ("on-masthead", "masthead", TEXT),
    ("masthead-muted", "masthead", TEXT),
    ("on-hero", "hero", TEXT),
    ("hero-muted", "hero", TEXT),
    *(("line-strong", ground, LARGE) for ground in ("page", "raised", "tint")),
    *(("focus", ground, LARGE) for ground in ("page", "raised", "tint", "tint-strong")),
)  # fmt: skip


@lru_cache(maxsize=4096)
def _luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """The WCAG ratio of two colours ("#rrggbb"), 1 to 21."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _oklch(lightness: float, chroma: float, hue: float) -> str:
    colour = Color("oklch", [min(max(lightness, 0.0), 1.0), max(chroma, 0.0), hue])
    return str(colour.fit("srgb", method="raytrace").convert("srgb").to_string(hex=True, fit=True))


def _parts(colour: str) -> tuple[float, float, float]:
    lightness, chroma, hue = Color(colour).convert("oklch").coords(nans=False)
    return float(lightness), float(chroma), float(hue)


def reach(colour: str, grounds: Iterable[str], ratio: float, *, darker: bool) -> str:
    """The colour nearest in lightness along its own hue that stands out by `ratio` on all grounds.

    `darker` says which way to go. Raises ValueError when even black or white would not do.
    """
    grounds = tuple(grounds)
    lightness, chroma, hue = _parts(colour)
    step = -0.01 if darker else 0.01
    candidate = colour.lower()
    while not all(contrast(candidate, ground) >= ratio for ground in grounds):
        lightness += step
        if not -0.01 <= lightness <= 1.01:
            raise ValueError(f"nothing of the hue of {colour} reads on {', '.join(grounds)}")
        candidate = _oklch(lightness, chroma, hue)
    return candidate


def _readable(ground: str, light: str, dark: str) -> str:
    """The one of two inks that reads on a ground; pure white or black when neither does."""
    best = max((light, dark), key=lambda ink: contrast(ink, ground))
    if contrast(best, ground) >= TEXT:
        return best
    return max((_WHITE, _BLACK), key=lambda ink: contrast(ink, ground))


def _quieter(ink: str, ground: str) -> str:
    """An ink mixed with its ground as far as it stays readable: small print on strong colour."""
    for share in (0.24, 0.18, 0.12, 0.06):
        mixed = str(Color(ink).mix(ground, share, space="oklab").convert("srgb").to_string(
            hex=True, fit=True))  # fmt: skip
        if contrast(mixed, ground) >= TEXT:
            return mixed
    return ink


def _status(dark: bool, grounds: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, hue, chroma in (("good", 155.0, 0.11), ("warn", 68.0, 0.11), ("bad", 27.0, 0.17)):
        tint = _oklch(0.29, chroma * 0.42, hue) if dark else _oklch(0.955, chroma * 0.33, hue)
        start = _oklch(0.80, chroma, hue) if dark else _oklch(0.46, chroma, hue)
        found[f"{name}-tint"] = tint
        found[name] = reach(start, (*grounds, tint), TEXT, darker=not dark)
    return found


def _light(seeds: Seeds) -> dict[str, str]:
    _, chroma, hue = _parts(seeds.accent)
    _, second_chroma, second_hue = _parts(seeds.second)
    tone = min(chroma, 0.16)
    colours = {
        "page": _oklch(0.99, tone * 0.025, hue),
        "raised": _WHITE,
        "tint": _oklch(0.968, tone * 0.09, hue),
        "tint-strong": _oklch(0.928, tone * 0.22, hue),
        "second-tint": _oklch(0.955, min(second_chroma, 0.16) * 0.26, second_hue),
        "line": _oklch(0.895, tone * 0.08, hue),
        "second": seeds.second.lower(),
    }
    grounds = (colours["page"], colours["raised"], colours["tint"])
    all_tints = (*grounds, colours["tint-strong"], colours["second-tint"])
    colours |= {
        "ink": reach(_oklch(0.23, tone * 0.16, hue), all_tints, TEXT, darker=True),
        "muted": reach(_oklch(0.47, tone * 0.16, hue), all_tints, TEXT, darker=True),
        "line-strong": reach(_oklch(0.63, tone * 0.14, hue), grounds, LARGE, darker=True),
        "accent": reach(seeds.accent, (*grounds, colours["second-tint"]), TEXT, darker=True),
        "second-ink": reach(seeds.second, (*grounds, colours["second-tint"]), TEXT, darker=True),
    }
    lightness, _, _ = _parts(colours["accent"])
    strong = _oklch(max(lightness - 0.09, 0.16), chroma, hue)
    colours["accent-strong"] = reach(strong, all_tints, TEXT, darker=True)
    colours |= _status(False, grounds)
    colours["on-accent"] = colours["on-bad"] = _WHITE
    colours["focus"] = colours["accent-strong"]
    return colours


def _dark(seeds: Seeds) -> dict[str, str]:
    lightness, chroma, hue = _parts(seeds.accent)
    second_lightness, second_chroma, second_hue = _parts(seeds.second)
    tone = min(chroma, 0.16)
    colours = {
        "page": _oklch(0.185, tone * 0.09, hue),
        "raised": _oklch(0.222, tone * 0.10, hue),
        "tint": _oklch(0.252, tone * 0.15, hue),
        "tint-strong": _oklch(0.315, tone * 0.26, hue),
        "second-tint": _oklch(0.27, min(second_chroma, 0.16) * 0.30, second_hue),
        "line": _oklch(0.335, tone * 0.10, hue),
        "second": _oklch(max(second_lightness, 0.68), min(second_chroma, 0.13), second_hue),
    }
    grounds = (colours["page"], colours["raised"], colours["tint"])
    all_tints = (*grounds, colours["tint-strong"], colours["second-tint"])
    bright = _oklch(max(lightness, 0.76), min(chroma, 0.115), hue)
    colours |= {
        "ink": reach(_oklch(0.935, tone * 0.06, hue), all_tints, TEXT, darker=False),
        "muted": reach(_oklch(0.75, tone * 0.09, hue), all_tints, TEXT, darker=False),
        "line-strong": reach(_oklch(0.55, tone * 0.14, hue), grounds, LARGE, darker=False),
        "accent": reach(bright, (*grounds, colours["second-tint"]), TEXT, darker=False),
        "second-ink": reach(colours["second"], (*grounds, colours["second-tint"]), TEXT,
                            darker=False),
    }  # fmt: skip
    reached, _, _ = _parts(colours["accent"])
    strong = _oklch(min(reached + 0.08, 0.97), min(chroma, 0.085), hue)
    colours["accent-strong"] = reach(strong, all_tints, TEXT, darker=False)
    colours |= _status(True, grounds)
    deep = _oklch(0.19, tone * 0.16, hue)
    for name in ("accent", "bad"):
        reads = contrast(deep, colours[name]) >= TEXT
        colours[f"on-{name}"] = deep if reads else _BLACK
    colours["focus"] = colours["accent-strong"]
    return colours


def _places(seeds: Seeds, colours: dict[str, str], *, dark: bool) -> dict[str, str]:
    """Masthead and hero: strong places, which follow the institute's choice of them."""
    lightness, chroma, hue = _parts(seeds.accent)
    deep = _oklch(min(lightness, 0.31), min(chroma, 0.115), hue)
    night = _oklch(0.24, min(chroma, 0.16) * 0.45, hue)
    full = deep if dark else seeds.accent.lower()
    masthead = {"solid": full, "dark": night}.get(seeds.masthead, colours["raised"])
    hero = {"routes": full, "links": night, "path": colours["tint-strong"],
            "margins": colours["page"]}.get(seeds.hero, colours["tint"])  # fmt: skip
    found = {"masthead": masthead, "hero": hero}
    for place, ink_name, muted_name in (
        (masthead, "on-masthead", "masthead-muted"),
        (hero, "on-hero", "hero-muted"),
    ):
        if place in (colours[name] for name in ("page", "raised", "tint", "tint-strong")):
            found[ink_name], found[muted_name] = colours["ink"], colours["muted"]
        else:
            found[ink_name] = _readable(place, _WHITE, colours["page"] if dark else colours["ink"])
            found[muted_name] = _quieter(found[ink_name], place)
    return found


@lru_cache(maxsize=256)
def palette(seeds: Seeds) -> Palette:
    """Every colour of a brand in both schemes. All PAIRS meet their ratio in both of them."""
    light, dark = _light(seeds), _dark(seeds)
    light |= _places(seeds, light, dark=False)
    dark |= _places(seeds, dark, dark=True)
    changes = tuple(
        f"The {label} {seed} is too pale to be read on this site's light ground: "
        f"{what} use {used} instead."
        for label, what, seed, used in (
            ("accent", "links and buttons", seeds.accent.lower(), light["accent"]),
            ("second colour", "words in it", seeds.second.lower(), light["second-ink"]),
        )
        if seed != used
    )
    return Palette(light, dark, changes)
