"""What a printed page needs of a brand: families, folders of fonts, colours on white, the mark."""

import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from theming import svg
from theming.fonts import FACES, PRINTED, SCRIPT_FAMILIES, SCRIPTS
from theming.queries import Look


@dataclass(frozen=True)
class Printed:
    """The parts of a look that are printed."""

    families: tuple[str, ...]
    fonts: tuple[str, ...]
    colours: dict[str, str]
    mark: str


def printed(look: Look) -> Printed:
    """A look as it is printed."""
    colours = look.palette.light
    own = look.seeds.logo == "own"
    mark = look.drawing if own else svg.in_colour(look.drawing, colours["accent"])
    return Printed(
        families=(PRINTED[look.seeds.pairing], *SCRIPT_FAMILIES),
        fonts=folders(look.seeds.pairing),
        colours=colours,
        mark=mark,
    )


@cache
def folders(pairing: str) -> tuple[str, ...]:
    """Where the fonts of a pairing and of the scripts lie."""
    packages = {face.package for face in FACES[pairing]} | set(SCRIPTS)
    return tuple(sorted(str(_folder(package)) for package in packages))


def _folder(package: str) -> Path:
    found = importlib.util.find_spec(package)
    places = found.submodule_search_locations if found else None
    if not places:
        raise FileNotFoundError(f"The fonts of {package} are not installed.")
    return Path(next(iter(places)))
