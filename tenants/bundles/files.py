"""The files of a bundle's folder, taken with suspicion."""

import os
import re
import stat
from dataclasses import dataclass, field
from pathlib import Path

from tenants.bundles.problems import Problem
from theming import svg

INSTITUTE = "institute.yaml"
LOGO = "logo.svg"
TEXT_FOLDERS = ("faqs", "guides", "pages")
MOST_FILES = 300
LARGEST = {INSTITUTE: 256_000, LOGO: svg.MAX_BYTES}
LARGEST_TEXT = 64_000
PICTURES = "guides/pictures"
LARGEST_PICTURE = 4_000_000
RASTERS = ("jpg", "png")
_PICTURE_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,79}\.(?:svg|png|jpg|txt)")
_TEXT_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,79}\.md")


@dataclass
class Files:
    """What was found: contents by name ("faqs/password.md"), and what is wrong."""

    contents: dict[str, bytes] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def text(self, name: str) -> str | None:
        """A file as text; None (and a problem) when it is not UTF-8."""
        try:
            return self.contents[name].decode("utf-8-sig").replace("\r\n", "\n")
        except UnicodeDecodeError as error:
            line = self.contents[name][: error.start].count(b"\n") + 1
            self.problems.append(Problem(name, line, "", "Save this file as UTF-8 text."))
            return None


def read_folder(folder: Path) -> Files:
    """All files of a bundle. Links, strange names, strange files and too large ones are refused:
    nothing outside the folder is ever opened."""
    files = Files()
    if not folder.is_dir():
        files.problems.append(Problem(str(folder), 0, "", "There is no bundle folder here."))
        return files
    for name in (INSTITUTE, LOGO):
        if not os.path.lexists(folder / name):
            files.problems.append(Problem(name, 0, "", "This file is missing: add it."))
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if entry.is_symlink():
            _refuse(files, entry.name, "Links to other places are not allowed: put the file here.")
        elif entry.name in TEXT_FOLDERS and entry.is_dir(follow_symlinks=False):
            for inner in sorted(os.scandir(entry.path), key=lambda inner: inner.name):
                name = f"{entry.name}/{inner.name}"
                if name == PICTURES and inner.is_dir(follow_symlinks=False):
                    for drawing in sorted(os.scandir(inner.path), key=lambda one: one.name):
                        _take(files, drawing, f"{name}/{drawing.name}", _PICTURE_NAME)
                else:
                    _take(files, inner, name, _TEXT_NAME)
        elif entry.name in LARGEST:
            _take(files, entry, entry.name, None)
        else:
            _refuse(
                files,
                entry.name,
                "This does not belong in a bundle: keep only institute.yaml, logo.svg and the "
                "folders faqs, guides and pages.",
            )
    return files


def _take(
    files: Files, entry: "os.DirEntry[str]", name: str, allowed: re.Pattern[str] | None
) -> None:
    if entry.is_symlink():
        _refuse(files, name, "Links to other places are not allowed: put the file here.")
        return
    if allowed is not None and not allowed.fullmatch(entry.name):
        ending = ".svg, .png or .jpg" if allowed is _PICTURE_NAME else ".md"
        _refuse(
            files,
            name,
            f"Name this file with small letters, digits and hyphens, ending in {ending}.",
        )
        return
    if len(files.contents) >= MOST_FILES:
        _refuse(files, name, f"A bundle holds at most {MOST_FILES} files.")
        return
    is_raster = name.rpartition(".")[2] in RASTERS
    limit = LARGEST_PICTURE if is_raster else LARGEST.get(name, LARGEST_TEXT)
    try:
        handle = os.open(entry.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        _refuse(files, name, "This file cannot be read.")
        return
    with os.fdopen(handle, "rb") as stream:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            _refuse(files, name, "This has to be an ordinary file.")
            return
        content = stream.read(limit + 1)
    if len(content) > limit:
        _refuse(files, name, f"This file is larger than {limit // 1000} kB: make it smaller.")
        return
    files.contents[name] = content


def _refuse(files: Files, name: str, message: str) -> None:
    shown = name.encode("utf-8", "backslashreplace").decode().replace("\n", "\\n")
    files.problems.append(Problem(shown, 0, "", message))
