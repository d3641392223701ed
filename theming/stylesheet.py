"""Tokens as one small stylesheet of custom properties: pure, no Django.

Nothing that an institute typed reaches the text: colours are computed, everything else is looked up
in the tables below. Source: architecture "White-label".
"""

import hashlib
import re

from theming.tokens import Seeds, palette

_SANS = "system-ui, sans-serif"
_SERIF = "Georgia, serif"
# heading family, body family, heading weight, tracking, heading line height
_TYPE: dict[str, tuple[str, str, str, str, str]] = {
    "signal": (f'"Signal", "Signal fallback", {_SANS}',) * 2 + ("700", "-0.022em", "1.08"),
    "folio": (f'"Folio", "Folio fallback", {_SERIF}',) * 2 + ("600", "-0.014em", "1.12"),
    "clarity": (f'"Clarity", "Clarity fallback", {_SANS}',) * 2 + ("600", "-0.008em", "1.14"),
    "garden": (f'"Garden", "Garden fallback", {_SANS}',) * 2 + ("750", "-0.028em", "1.14"),
    "ledger": (f'"Ledger", "Ledger fallback", {_SANS}',) * 2 + ("600", "-0.024em", "1.12"),
}
_RADIUS = {
    "none": ("0", "0", "0", "0"),
    "small": ("3px", "4px", "6px", "4px"),
    "medium": ("6px", "10px", "14px", "8px"),
    "large": ("12px", "20px", "28px", "99px"),
}
_DENSITY = {"comfortable": ("1", "17px", "46px"), "compact": ("0.82", "16px", "44px")}
_LOGO_ADDRESS = re.compile(r"/[A-Za-z0-9_-][A-Za-z0-9/._-]*")


def stylesheet(seeds: Seeds, *, logo: str = "", scheme: str = "both") -> str:
    """The CSS of a brand. `logo` is the path at which its drawing is served, or empty.

    `scheme` is "light" or "dark" for previews that show one whatever the browser prefers.
    Raises ValueError for a path with anything but letters, digits and "/._-".
    """
    if logo and not _LOGO_ADDRESS.fullmatch(logo):
        raise ValueError(f"not a path for a stylesheet: {logo!r}")
    colours = palette(seeds)
    heading, body, weight, track, leading = _TYPE[seeds.pairing]
    small, medium, large, control = _RADIUS[seeds.radius]
    rhythm, size, target = _DENSITY[seeds.density]
    shape = {
        "font-heading": heading,
        "font-body": body,
        "heading-weight": weight,
        "heading-track": track,
        "heading-leading": leading,
        "radius-small": small,
        "radius": medium,
        "radius-large": large,
        "radius-control": control,
        "rhythm": rhythm,
        "text-size": size,
        "target": target,
        "logo": f"url({logo})" if logo else "none",
    }
    if scheme != "both":
        chosen = colours.dark if scheme == "dark" else colours.light
        return f":root{{color-scheme:{scheme};{_declarations(shape)}{_declarations(chosen)}}}\n"
    return (
        f":root{{color-scheme:light dark;{_declarations(shape)}{_declarations(colours.light)}}}\n"
        f"@media (prefers-color-scheme:dark){{:root{{{_declarations(colours.dark)}}}}}\n"
        f"@media print{{:root{{color-scheme:light;{_declarations(colours.light)}}}}}\n"
    )


def _declarations(values: dict[str, str]) -> str:
    return "".join(f"--{name}:{value};" for name, value in values.items())


def digest(text: str) -> str:
    """The name under which a text is cached for ever."""
    return hashlib.sha256(text.encode()).hexdigest()[:20]
