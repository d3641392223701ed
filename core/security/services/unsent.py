"""What somebody had typed when they were asked who they are: kept for the way back, never done
by itself."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest

from core.kernel.clock import now

IN_SESSION: Final = "unsent"
LIVES: Final = 900
"""Seconds."""
LARGEST: Final = 100_000
"""Characters, all boxes together."""
_SECRET: Final = re.compile(r"password|secret|token|\bkey_|private", re.IGNORECASE)
_OWN: Final = "csrfmiddlewaretoken"


@dataclass(frozen=True)
class Unsent:
    """A form that waits: where it goes, where it came from, and what was typed.

    `is_whole` is False where secrets or files were left out, which nobody keeps.
    """

    path: str
    back: str
    fields: tuple[tuple[str, str], ...]
    is_whole: bool


def keep_unsent(request: HttpRequest, back: str) -> bool:
    """Keep what was sent; False when there is too much of it.

    In: `back` the page of this site on which it was typed.
    """
    typed = [(name, value) for name, values in request.POST.lists() for value in values]
    fields = [(name, value) for name, value in typed if not _SECRET.search(name)]
    forget_unsent(request.session)
    if not fields or sum(len(name) + len(value) for name, value in fields) > LARGEST:
        return False
    left_out = {name for name, _ in typed} - {name for name, _ in fields} - {_OWN}
    request.session[IN_SESSION] = {
        "path": request.get_full_path(),
        "back": back,
        "fields": fields,
        "is_whole": not left_out and not request.FILES,
        "at": now().timestamp(),
    }
    return True


def kept_unsent(session: SessionBase | Mapping[str, Any]) -> Unsent | None:
    """What waits, if it was typed minutes ago."""
    kept = session.get(IN_SESSION)
    if not kept or not 0 <= now().timestamp() - kept["at"] <= LIVES:
        return None
    fields = tuple((name, value) for name, value in kept["fields"])
    return Unsent(kept["path"], kept["back"], fields, kept["is_whole"])


def forget_unsent(session: SessionBase, path: str = "") -> None:
    """Keep nothing any more; with `path`, only of a form that goes there."""
    kept = session.get(IN_SESSION)
    if kept and path in ("", kept["path"]):
        del session[IN_SESSION]
