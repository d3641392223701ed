"""The look of the staff site: its library wants colours in steps, made here of the palette."""

from functools import lru_cache

from coloraide import Color
from django.http import HttpRequest

from theming.queries import look_or_plain
from theming.tokens import Palette

Steps = dict[str, dict[str, str]]


def colours(request: HttpRequest) -> Steps:
    """Neutrals ("base") and the institute's own colour ("primary") in steps 50 to 950, and inks.

    Light pages take ink from steps 500 up and dark pages from 500 down, so step 500 of the
    primary colour is the one that reads on dark grounds and 600 the one that reads on light ones.
    """
    return steps(look_or_plain().palette)


def logo(request: HttpRequest) -> str | None:
    """The address of the institute's mark, None without one."""
    return look_or_plain().icon_url or None


def favicons(request: HttpRequest) -> list[dict[str, str]]:
    """The institute's icon for the window's tab."""
    address = look_or_plain().icon_url
    return [{"rel": "icon", "type": "image/svg+xml", "href": address}] if address else []


def steps(palette: Palette) -> Steps:
    """The steps of a palette."""
    light, dark = palette.light, palette.dark
    accent, strong, bright = light["accent"], light["accent-strong"], dark["accent"]
    return {
        "base": {
            "50": light["page"],
            "100": light["tint"],
            "200": light["line"],
            "300": _mixed(light["line"], dark["muted"], 0.5),
            "400": dark["muted"],
            "500": light["muted"],
            "600": _mixed(light["muted"], light["ink"], 0.3),
            "700": _mixed(light["muted"], light["ink"], 0.6),
            "800": dark["tint-strong"],
            "900": dark["page"],
            "950": _mixed(dark["page"], "#000000", 0.3),
        },
        "primary": {
            "50": light["tint"],
            "100": light["tint-strong"],
            "200": _mixed(accent, "#ffffff", 0.66),
            "300": _mixed(bright, "#ffffff", 0.3),
            "400": _mixed(bright, "#ffffff", 0.12),
            "500": bright,
            "600": accent,
            "700": strong,
            "800": _mixed(strong, "#000000", 0.2),
            "900": _mixed(strong, "#000000", 0.4),
            "950": _mixed(strong, "#000000", 0.6),
        },
        "font": {
            "subtle-light": light["muted"],
            "subtle-dark": dark["muted"],
            "default-light": _mixed(light["muted"], light["ink"], 0.4),
            "default-dark": _mixed(dark["muted"], dark["ink"], 0.5),
            "important-light": light["ink"],
            "important-dark": dark["ink"],
        },
    }


@lru_cache(maxsize=1000)  # a dozen for each institute, wanted by each of its staff pages
def _mixed(colour: str, other: str, share: float) -> str:
    mixed = Color(colour).mix(other, share, space="oklab")
    return str(mixed.convert("srgb").to_string(hex=True, fit=True))
