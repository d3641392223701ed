"""What is filled in on a canvas, and on the page on which staff design one."""

from collections.abc import Collection, Mapping
from typing import get_args

from core.canvases.rules import TITLE, Choice, Given

CHOICES: tuple[Choice, ...] = get_args(Choice)


def given_in(data: Mapping[str, str], keys: Collection[str]) -> dict[str, Given]:
    """The boxes that were sent: `text_<key>`, the mark of the text they began on, a choice."""
    found = {}
    for key in (TITLE, *keys):
        text = data.get(f"text_{key}")
        if text is None:
            continue
        choice = data.get(f"choice_{key}", "")
        found[key] = Given(
            text=text,
            base=data.get(f"base_{key}", "")[:16],
            choice=choice if choice in CHOICES else "",
            seen=data.get(f"seen_{key}", "")[:16],
        )
    return found


def keys_in(data: Mapping[str, str]) -> list[str]:
    """The keys of all boxes that were sent, whatever canvas they belong to."""
    return [name.removeprefix("text_") for name in data if name.startswith("text_")]
