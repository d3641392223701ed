"""What is filled in on a canvas, and on the page on which staff design one."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import chain, count
from typing import Final, get_args

from django.http import QueryDict
from django.utils.text import slugify

from core.canvases.rules import (
    BOX_LABEL_LENGTH,
    COLUMNS,
    GUIDANCE_LENGTH,
    INTRODUCTION_LENGTH,
    KEY,
    LABEL_LENGTH,
    MOST_BOXES,
    ROWS,
    TITLE,
    Box,
    Choice,
    Design,
    Given,
    faults,
    plain,
)

PLACES: Final = {"column": COLUMNS, "row": ROWS, "wide": COLUMNS, "tall": ROWS}
_KEY = re.compile(KEY)
_MARK = re.compile(r"[0-9a-f]{16}")
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
            base=mark_in(data.get(f"base_{key}", "")),
            choice=choice if choice in CHOICES else "",
            seen=mark_in(data.get(f"seen_{key}", "")),
        )
    return found


def mark_in(sent: str) -> str:
    """The mark of a text as `mark` makes it; of anything else nothing, which fits no text."""
    return sent if _MARK.fullmatch(sent) else ""


def keys_in(data: Mapping[str, str]) -> list[str]:
    """The keys of all boxes that were sent, whatever canvas they belong to."""
    return [name.removeprefix("text_") for name in data if name.startswith("text_")]


@dataclass(frozen=True)
class Draft:
    """A design as staff have typed it, right or wrong; boxes in the order of their places."""

    label: str
    introduction: str
    boxes: list[dict[str, str]]

    def problems(self) -> list[tuple[str, str]]:
        """(id of the control, a sentence) for everything that has to be put right."""
        found = []
        if not self.label:
            found.append(("label", "Give the canvas a name."))
        if len(self.label) > LABEL_LENGTH:
            found.append(("label", f"Use {LABEL_LENGTH} characters or fewer for the name."))
        if len(self.introduction) > INTRODUCTION_LENGTH:
            sentence = f"Use {INTRODUCTION_LENGTH} characters or fewer for the introduction."
            found.append(("introduction", sentence))
        if not self.boxes:
            found.append(("boxes", "A canvas needs at least one box."))
        if len(self.boxes) > MOST_BOXES:
            found.append(("boxes", f"A canvas has {MOST_BOXES} boxes at most."))
        for at, box in enumerate(self.boxes):
            if not box["label"]:
                found.append((f"label-{at}", f"Box {at + 1}: give it a name, or take it out."))
            if len(box["label"]) > BOX_LABEL_LENGTH:
                sentence = f"Use {BOX_LABEL_LENGTH} characters or fewer for the name."
                found.append((f"label-{at}", f"Box {at + 1}: {sentence}"))
            if len(box["guidance"]) > GUIDANCE_LENGTH:
                sentence = f"Use {GUIDANCE_LENGTH} characters or fewer for the guidance."
                found.append((f"guidance-{at}", f"Box {at + 1}: {sentence}"))
        if not found:
            found = [(f"label-{at}", f"{text}.") for at, text in faults(self._built())]
        return found

    def design(self) -> Design:
        """The design. Ask `problems` first; raises pydantic's ValidationError."""
        return Design(label=self.label, introduction=self.introduction, boxes=self._built())

    def _built(self) -> tuple[Box, ...]:
        taken = {box["key"] for box in self.boxes if box["key"]}
        built = []
        for box in self.boxes:
            key = box["key"] or new_key(box["label"], taken)
            taken.add(key)
            numbers = {name: int(box[name]) for name in PLACES}
            built.append(Box(key=key, label=box["label"], guidance=box["guidance"], **numbers))
        return tuple(built)


def new_key(label: str, taken: Collection[str]) -> str:
    """A key for a new name, unlike those that are taken."""
    name = slugify(label).replace("-", "_")[:30].strip("_")
    stem = name if _KEY.fullmatch(name) and name != TITLE else f"box_{name}".rstrip("_")
    stem = stem if _KEY.fullmatch(stem) else "box"
    numbered = (f"{stem}_{number}" for number in count(2))
    return next(key for key in chain([stem], numbered) if key not in taken)


def draft_of(design: Design) -> Draft:
    """A design in force, to be changed."""
    boxes = [{name: str(value) for name, value in box.model_dump().items()} for box in design.boxes]
    return Draft(design.label, design.introduction, boxes)


def draft_in(data: QueryDict) -> Draft:
    """What was typed. Rows without a name and guidance are no boxes."""
    columns = {name: data.getlist(f"box-{name}") for name in ("key", "label", "guidance", *PLACES)}
    boxes = []
    for at in range(min(len(columns["label"]), 2 * MOST_BOXES)):
        box = {name: values[at] if at < len(values) else "" for name, values in columns.items()}
        box["label"] = " ".join(plain(box["label"]).split())
        box["guidance"] = plain(box["guidance"]).strip()
        box["key"] = box["key"] if _KEY.fullmatch(box["key"]) else ""
        for name, most in PLACES.items():
            number = box[name]
            known = number.isascii() and number.isdigit() and 1 <= int(number[:3]) <= most
            box[name] = number if known else "1"
        if box["label"] or box["guidance"]:
            boxes.append(box)
    boxes.sort(key=lambda box: (int(box["row"]), int(box["column"])))
    label = " ".join(plain(data.get("label", "")).split())
    return Draft(label, plain(data.get("introduction", "")).strip(), boxes)
