"""The open faces that pairings use, and what the build makes of them. Pure, no Django.

At most two files a pairing. Every family gets a name of its own in the stylesheet, because the
licence of some reserves the original's name for the unaltered font and a subset is an altered one.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Face:
    """One WOFF2 file: where it comes from and which weights it covers.

    package and source: the Python package and the file in its `files` folder.
    weight: as in CSS, one number or a range. fallback: the kind of system face that stands in.
    """

    family: str
    package: str
    source: str
    target: str
    weight: str
    fallback: str = "sans"


FACES: dict[str, tuple[Face, ...]] = {
    "signal": (
        Face("Signal", "font_rhd", "RedHatDisplay-Medium.ttf", "signal-text.woff2", "400 500"),
        Face("Signal", "font_rhd", "RedHatDisplay-Bold.ttf", "signal-strong.woff2", "600 800"),
    ),
    "folio": (
        Face("Folio", "font_source_serif_pro", "SourceSerifPro-Regular.ttf", "folio-text.woff2",
             "400 500", "serif"),
        Face("Folio", "font_source_serif_pro", "SourceSerifPro-Semibold.ttf", "folio-strong.woff2",
             "600 800", "serif"),
    ),
    "clarity": (
        Face("Clarity", "font_source_sans_pro", "SourceSansPro-Regular.ttf", "clarity-text.woff2",
             "400 500"),
        Face("Clarity", "font_source_sans_pro", "SourceSansPro-Semibold.ttf",
             "clarity-strong.woff2", "600 800"),
    ),
    "garden": (
        Face("Garden", "font_manrope", "Manrope-VariableFont_wght.ttf", "garden.woff2", "200 800"),
    ),
    "ledger": (
        Face("Ledger", "font_hanken_grotesk", "HankenGrotesk-Regular.otf", "ledger-text.woff2",
             "400 500"),
        Face("Ledger", "font_hanken_grotesk", "HankenGrotesk-SemiBold.otf", "ledger-strong.woff2",
             "600 800"),
    ),
}  # fmt: skip
FOLDER = "theming/fonts"

# Printed pages use the same faces unaltered, then one family for each script (as in the packages of
# SCRIPTS: all that is in wide use and emoji; a letter of another one is printed as a sign for it).
PRINTED = {
    "signal": "Red Hat Display",
    "folio": "Source Serif Pro",
    "clarity": "Source Sans Pro",
    "garden": "Manrope",
    "ledger": "Hanken Grotesk",
}
SCRIPTS = ("manimgx_fonts", "manimgx_fonts_cjk")
_NOTO = (
    "", "Arabic", "Armenian", "Bengali", "Devanagari", "Ethiopic", "Georgian", "Gujarati",
    "Gurmukhi", "Hebrew", "Kannada", "Khmer", "Lao", "Malayalam", "Myanmar", "Oriya", "Sinhala",
    "Tamil", "Telugu", "Thai", "CJK SC", "CJK JP", "CJK KR", "Symbols",
)  # fmt: skip
SCRIPT_FAMILIES = (*(f"Noto Sans {script}".strip() for script in _NOTO), "Noto Emoji")


def first_files(pairing: str) -> list[str]:
    """Static paths of the files that every page of a pairing needs at once."""
    return [f"{FOLDER}/{face.target}" for face in FACES.get(pairing, ())]
