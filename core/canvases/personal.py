"""Canvases that two people fill in together."""

from collections.abc import Mapping
from typing import Any

from core.canvases.rules import Design
from core.kernel.personal import (
    ONLY_YOU,
    THE_TWO,
    Asked,
    Form,
    Group,
    Kept,
    Remove,
    Unname,
    keeps,
    kinds,
)


def _boxes(document: Mapping[str, Any], key: str) -> Asked:
    """The boxes of a canvas."""
    return Asked({box.key: box.label for box in Design.model_validate(document).boxes})


def _name(document: Mapping[str, Any], key: str) -> Asked:
    """What this kind of canvas is called."""
    return Asked({key: Design.model_validate(document).label})


keeps(
    Kept(
        "canvases.Sheet",
        "Canvases",
        group=Group.WORK,
        purpose="So that you two can think on one sheet.",
        seen_by=THE_TWO,
        people=("mentorship__mentor", "mentorship__mentee"),
        named=("made_by", "changed_by", "removed_by"),
        fields=kinds(
            words="title texts", technical="writers", activity="kind made_at changed_at removed_at"
        ),
        forms={
            "kind": Form(_name, edition="edition", within="kind"),
            "texts": Form(_boxes, edition="edition"),
        },
        shared=True,
        on_erase=Unname(),
    ),
    Kept(
        "canvases.Version",
        "Earlier versions of canvases",
        group=Group.WORK,
        purpose="So that nobody's words are lost when the other writes.",
        seen_by=THE_TWO,
        people=("sheet__mentorship__mentor", "sheet__mentorship__mentee"),
        named=("by",),
        fields=kinds(
            words="title texts", activity="number began_at saved_at", none="gathers from_number"
        ),
        none_because="says how a version came about",
        forms={"texts": Form(_boxes, edition="sheet__edition")},
        shared=True,
        on_erase=Unname(),
    ),
    Kept(
        "canvases.Aside",
        "What you wrote while the other did",
        group=Group.WORK,
        purpose="So that you can choose what stands in a box that both of you changed.",
        seen_by=ONLY_YOU,
        people=("person",),
        fields=kinds(words="text", activity="at", technical="key base"),
        beside={"Canvas": "sheet__title"},
        with_whom=("sheet__mentorship__mentor", "sheet__mentorship__mentee"),
        on_erase=Remove(),
    ),
)
