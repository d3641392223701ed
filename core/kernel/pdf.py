"""PDFs in the institute's look: tagged, accessible, any script (product E7, E13, E14).

    typeset("goals", {"title": "Goals of Ama Owusu", "goals": [...]}) -> bytes

The template is the file `typeset/goals.typ` of an installed app. It reads the data as a file and
begins with the house's frame:

    #import "base.typ": *
    #show: paper
    #for goal in data.goals [ = #said(goal.label) ... ]

`data.title` is required: it is the title of the document, its first line, and what a reader hears
first. What people wrote goes through `#said(...)` or `#paragraphs(...)` of `base.typ`, never into
source. A template imports nothing but `base.typ`; nothing is ever fetched from anywhere.
"""

import json
import logging
import re
import subprocess
import sys
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

from django.apps import apps

from core.kernel import press
from core.kernel.clock import now
from core.kernel.ports import PaperLook, paper_look

SECONDS = 240  # by the clock, on a machine that is busy with others
WORK = 90  # of a processor; five million letters in many scripts take 19
MEMORY = 4 * 1024**3  # of addresses; five million letters take one gibibyte of memory
_log = logging.getLogger(__name__)
_NAME = re.compile(r"[a-z][a-z0-9_]{0,40}")
_FETCHED = re.compile(r"import\s*\"@")
_LONG = re.compile(r"[^\s\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\U0001f000-\U0003ffff]{40,}")
_EVERY = 20
_BREAK = "\N{ZERO WIDTH SPACE}"


class NotTypeset(RuntimeError):
    """No PDF came of it: too large for the limits, or the template is wrong."""


def typeset(template: str, data: dict[str, Any], *, seconds: int = SECONDS) -> bytes:
    """A PDF/UA-1 in the look of the present site.

    `template` names a file `typeset/<template>.typ`; `data` is plain data (what JSON can hold) with
    a `title`. Takes a tenth of a second and up; for data without a small limit see `papers`.
    Errors: NotTypeset when the template is wrong, or time or memory did not suffice; LookupError
    when there is no such template.
    """
    look = paper_look()
    with tempfile.TemporaryDirectory(prefix="paper-") as nowhere:
        job = press.Job(
            sources={"main": source_of(template), "base.typ": source_of("base")},
            data={"look": _shown(look), "data": printable(data)},
            drawings={"mark.svg": look.mark} if look.mark else {},
            fonts=list(look.fonts),
            nowhere=nowhere,
            made_at=int(now().timestamp()),
            memory=MEMORY,
            seconds=min(seconds, WORK),
        )
        try:
            done = subprocess.run(  # noqa: S603 - our own program, no argument from outside
                [sys.executable, "-I", str(Path(press.__file__))],
                input=json.dumps(job).encode(),
                capture_output=True, timeout=seconds, check=False, cwd=nowhere, env={},
            )  # fmt: skip
        except subprocess.TimeoutExpired as slow:
            raise NotTypeset(f"{template} took more than {seconds} seconds") from slow
    said = done.stderr.decode(errors="replace").strip()[-500:]
    if done.returncode:
        raise NotTypeset(f"{template} was not typeset ({done.returncode}): {said}")
    if said:  # what it says may quote the text of a person, so it is not written down
        _log.warning("%s holds something that could not be drawn as it is", template)
    return done.stdout


def source_of(template: str) -> str:
    """The Typst source of a name. Raises LookupError."""
    if _NAME.fullmatch(template):
        for app in apps.get_app_configs():
            path = Path(app.path) / "typeset" / f"{template}.typ"
            if path.is_file():
                source = path.read_text(encoding="utf-8")
                if _FETCHED.search(source):
                    raise LookupError(f"{path} imports a package; a template imports base.typ")
                return source
    raise LookupError(f"no installed app has typeset/{template}.typ")


def printable(value: Any) -> Any:
    """Plain data whose texts hold no control characters and no words longer than a line."""
    if isinstance(value, str):
        return _LONG.sub(_with_breaks, _without_controls(value))
    if isinstance(value, dict):
        return {str(key): printable(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [printable(one) for one in value]
    return value


def _without_controls(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if text.isprintable():
        return text
    return "".join(
        one for one in text if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cs", "Cn")
    )


def _with_breaks(word: re.Match[str]) -> str:
    """Places to break in what has none (an address, a held key), never inside one letter."""
    parts, run = [], 0
    for one in word[0]:
        if run >= _EVERY and unicodedata.category(one)[0] in "LNPS":
            parts.append(_BREAK)
            run = 0
        parts.append(one)
        run += 1
    return "".join(parts)


def _shown(look: PaperLook) -> dict[str, Any]:
    return {
        "programme": printable(look.programme),
        "organisation": printable(look.organisation),
        "footer": printable(look.footer),
        "address": look.address,
        "families": list(look.families),
        "accent": look.accent,
        "ink": look.ink,
        "muted": look.muted,
        "line": look.line,
        "tint": look.tint,
        "good": look.good,
        "warn": look.warn,
        "mark": bool(look.mark),
    }
