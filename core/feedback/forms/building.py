"""The boxes in which staff write a survey, read into a draft. A draft may be unfinished."""

import re
import secrets
from collections.abc import Mapping
from typing import Any, Final

from django.http import QueryDict

from core.feedback.rules.survey import (
    AUDIENCES,
    CHOOSING,
    KINDS,
    LONGEST,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    one_line,
)

Draft = dict[str, Any]
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_SLACK: Final = 4
"""What is too long is kept a while, so that its writer can shorten it."""


def read(data: QueryDict) -> Draft:
    """What stands in the boxes, in their order; what is no box of ours is left out."""
    keys: list[str] = []
    for key in data.getlist("question")[: MOST_QUESTIONS * 2]:
        if _KEY.fullmatch(key) and key not in keys and data.get(f"{key}-kind") in KINDS:
            keys.append(key)
    return {
        "title": _line(data, "title", LONGEST["title"]),
        "intro": _text(data, "intro", LONGEST["intro"]),
        "questions": [_question(data, key) for key in keys],
        "thanks": _text(data, "thanks", LONGEST["thanks"]),
    }


def blank(kind: str) -> Draft:
    """A new question. Its key is its own for ever, so that no answers are mixed up."""
    return {
        "key": f"q_{secrets.token_hex(4)}", "kind": kind, "label": "", "help": "",
        "required": False, "audience": "both", "low": "", "high": "", "options": [],
    }  # fmt: skip


def rearranged(draft: Mapping[str, Any], step: str) -> tuple[Draft, str]:
    """The draft after a step ("add:scale", "up:key", "down:key", "remove:key", "more:key").

    With the key of the question to look at next, or none.
    """
    deed, _, what = step.partition(":")
    questions: list[Draft] = list(draft["questions"])
    at = next((i for i, one in enumerate(questions) if one["key"] == what), None)
    look = what if at is not None else ""
    if deed == "add" and what in KINDS and len(questions) < MOST_QUESTIONS:
        questions.append(blank(what))
        look = questions[-1]["key"]
    elif at is not None and deed == "remove":
        del questions[at]
        look = questions[min(at, len(questions) - 1)]["key"] if questions else ""
    elif at is not None and deed in ("up", "down"):
        other = at + (1 if deed == "down" else -1)
        if 0 <= other < len(questions):
            questions[at], questions[other] = questions[other], questions[at]
    return {**draft, "questions": questions}, look


def _question(data: QueryDict, key: str) -> Draft:
    kind, audience = data[f"{key}-kind"], data.get(f"{key}-audience", "both")
    scale = kind == "scale"
    return {
        "key": key,
        "kind": kind,
        "label": _line(data, f"{key}-label", LONGEST["label"]),
        "help": _text(data, f"{key}-help", LONGEST["help"]),
        "required": f"{key}-required" in data,
        "audience": audience if audience in AUDIENCES else "both",
        "low": _line(data, f"{key}-low", LONGEST["low"]) if scale else "",
        "high": _line(data, f"{key}-high", LONGEST["high"]) if scale else "",
        "options": _options(data, key) if kind in CHOOSING else [],
    }


def _options(data: QueryDict, key: str) -> list[Draft]:
    found: list[Draft] = []
    seen: set[str] = set()
    keys, labels = data.getlist(f"{key}-option-key"), data.getlist(f"{key}-option")
    for own, label in list(zip(keys, labels, strict=False))[: MOST_OPTIONS * 2]:
        label = one_line(label)[: LONGEST["option"] * _SLACK]
        if not label:
            continue
        if not _KEY.fullmatch(own) or own in seen:
            own = f"o_{secrets.token_hex(3)}"
        seen.add(own)
        found.append({"key": own, "label": label})
    return found


def _line(data: QueryDict, name: str, most: int) -> str:
    return one_line(data.get(name, ""))[: most * _SLACK]


def _text(data: QueryDict, name: str, most: int) -> str:
    text = data.get(name, "").replace("\r\n", "\n").replace("\x00", "").strip()
    return text[: most * _SLACK]
