"""The program that turns Typst source into a PDF, alone in a process of its own. No Django.

In: one JSON line on standard input (`Job`). Out: the PDF on standard output, or an exit status
other than 0 with one sentence on standard error. It reads no file but fonts, opens no connection,
and the system ends it when it takes more memory or time than the job allows.
"""

import json
import re
import resource
import sys
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, Literal, TypedDict

import typst

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_INVISIBLE = {0x200B, 0x200C, 0x200D, 0x200E, 0x200F, 0x20E3, 0xAD, 0x2028, 0x2029, 0xFEFF}
_COMBINED = re.compile(r"[\u200d\u20e3\ufe00-\ufe0f\U000e0020-\U000e007f]")


class Job(TypedDict):
    """What a PDF is made of: files by name, folders of fonts, an empty folder, limits."""

    sources: dict[str, str]
    data: dict[str, Any]
    drawings: dict[str, str]
    fonts: list[str]
    nowhere: str
    made_at: int
    memory: int
    seconds: int


@cache
def covered(folders: tuple[str, ...]) -> frozenset[int]:
    """Every character that one of the fonts in these folders can draw."""
    from fontTools.ttLib import TTFont

    found: set[int] = set()
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            if path.suffix in (".ttf", ".otf", ".ttc"):  # a collection's fonts have the same ones
                with TTFont(path, lazy=True, fontNumber=0) as font:
                    found.update(font.getBestCmap() or ())
    return frozenset(found)


def drawable(text: str, characters: frozenset[int]) -> str:
    """The text in characters that a font has: a simpler form of the same, or a replacement sign."""
    kept = []
    for character in unicodedata.normalize("NFC", text):
        if ord(character) in characters or ord(character) in _INVISIBLE or character in "\n\t":
            kept.append(character)
        elif all(ord(one) in characters for one in unicodedata.normalize("NFKC", character)):
            kept.append(unicodedata.normalize("NFKC", character))
        elif not _COMBINED.match(character):
            kept.append(_REPLACEMENT)
    return "".join(kept)


def everywhere(value: Any, characters: frozenset[int], *, joined: bool) -> Any:
    """The data with every text in it made drawable; not `joined`, without emoji sequences."""
    if isinstance(value, str):
        return drawable(value if joined else _COMBINED.sub("", value), characters)
    if isinstance(value, list):
        return [everywhere(one, characters, joined=joined) for one in value]
    if isinstance(value, dict):
        return {key: everywhere(one, characters, joined=joined) for key, one in value.items()}
    return value


def press(job: Job) -> bytes:
    """The PDF: as PDF/UA-1 with every character; else with fewer characters; else only tagged.

    A text that no font can draw, or a drawing that cannot be read, costs itself and not the PDF.
    Errors: typst.TypstError when the source itself is wrong.
    """
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=job["fonts"]
    )
    data, drawings = job["data"], job["drawings"]
    blank = dict.fromkeys(drawings, '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>')
    for drawn in (drawings, blank):
        try:
            return _set(job, fonts, data, drawn, "ua-1")
        except typst.TypstError as problem:
            if "svg" not in str(problem).lower():
                break
    plain = data
    for joined in (True, False):
        plain = everywhere(data, covered(tuple(job["fonts"])), joined=joined)
        try:
            return _set(job, fonts, plain, drawn, "ua-1")
        except typst.TypstError as problem:
            sys.stderr.write(f"{problem}\n")
    return _set(job, fonts, plain, blank, None)


def _set(
    job: Job,
    fonts: typst.Fonts,
    data: Any,
    drawings: dict[str, str],
    standard: Literal["ua-1"] | None,
) -> bytes:
    # The stubs of the compiler know one file; it takes many by name.
    files: Any = {name: source.encode() for name, source in (job["sources"] | drawings).items()}
    files["data.json"] = json.dumps(data).encode()
    compiler = typst.Compiler(
        files,
        root=job["nowhere"],
        font_paths=fonts,
        package_path=job["nowhere"],
        package_cache_path=job["nowhere"],
    )
    made = compiler.compile(
        format="pdf", pdf_standards=[standard] if standard else [], timestamp=job["made_at"]
    )
    if not isinstance(made, bytes):
        raise TypeError("the document is not one file")
    return made


def main() -> int:
    """Read a job, obey its limits, write the PDF."""
    job: Job = json.load(sys.stdin)
    resource.setrlimit(resource.RLIMIT_AS, (job["memory"], job["memory"]))
    resource.setrlimit(resource.RLIMIT_CPU, (job["seconds"], job["seconds"]))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        made = press(job)
    except typst.TypstError as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
