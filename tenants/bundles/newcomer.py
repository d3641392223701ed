"""A bundle to begin with: every key explained beside it, and good as it is. Interface: write."""

import json
import os
import re
import shutil
import tempfile
from pathlib import Path
from types import MappingProxyType
from typing import Final

from tenants.bundles.files import INSTITUTE
from tenants.bundles.format import LABEL_OF_HOST, LINE
from tenants.bundles.reading import load

BLANK: Final = Path(__file__).parent / "blank"
OPTIONAL: Final = "#| "
"""What stands before settings that one may do without."""
WORDS: Final = MappingProxyType(
    {
        "request": ("request", "requests", "a"),
        "proposal": ("proposal", "proposals", "a"),
        "application": ("application", "applications", "an"),
        "enquiry": ("enquiry", "enquiries", "an"),
        "invitation": ("invitation", "invitations", "an"),
    }
)
"""What a mentee may send to a mentor, as institutes call it."""


class NotWritten(Exception):
    """There is no new bundle; the message says why."""


def slug_of(name: str) -> str:
    """A short name made of a name; "" where nothing of it can be used."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return re.sub(r"^[^a-z]+", "", plain)[:40].strip("-")


def write(folder: Path, *, name: str, slug: str, word: str = "request") -> Path:
    """Write a bundle into a new or empty folder: all of it or nothing.

    Raises NotWritten for a folder that holds something, and for names that cannot be used.
    """
    _check(folder, name, slug, word)
    singular, plural, article = WORDS[word]
    said = {
        "@PROGRAMME@": json.dumps(f"{name} Mentoring", ensure_ascii=False),
        "@NAME@": json.dumps(name, ensure_ascii=False),
        "@SLUG@": slug,
        "@WORD@": f"{{singular: {singular}, plural: {plural}, article: {article}}}",
    }
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".bundle-") as made:
        draft = Path(shutil.copytree(BLANK, Path(made) / "bundle"))
        text = (draft / INSTITUTE).read_text(encoding="utf-8")
        for mark, value in said.items():
            text = text.replace(mark, value)
        (draft / INSTITUTE).write_text(text, encoding="utf-8")
        load(draft)  # what we hand out is good, or it is not handed out
        try:
            draft.rename(folder)
        except OSError as problem:
            raise NotWritten(f"{folder} cannot be written: {problem.strerror}.") from None
    return folder


def _check(folder: Path, name: str, slug: str, word: str) -> None:
    if not re.fullmatch(LINE, name) or len(name) > 100:
        raise NotWritten("The name is one line of at most 100 letters.")
    if not re.fullmatch(LABEL_OF_HOST, slug):
        raise NotWritten(
            "The short name is made of small letters, digits and hyphens, a letter first: it is "
            "the first part of the site's address."
        )
    if word not in WORDS:
        raise NotWritten(f"The word is one of {', '.join(WORDS)}.")
    if os.path.lexists(folder) and (folder.is_symlink() or not folder.is_dir()):
        raise NotWritten(f"{folder} is there already, and is no folder.")
    if folder.is_dir() and any(folder.iterdir()):
        raise NotWritten(f"{folder} holds files already. Name a new folder.")
