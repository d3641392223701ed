"""What differs between two states of an institute's settings, in words. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from core.kernel.differences import Line, lines
from tenants.bundles.things import Thing, digest
from theming import svg

LONG = 80
_GROUPS = {
    "front_data": "front page",
    "words_data": "word",
    "menus_data": "menu",
    "policies_data": "rule",
}
_PICTURES = ("logo_file", "drawing", "picture")
_NAMES = {
    "programme": "The programme",
    "brand": "The look",
    "journey": "The journey",
    "smart": "The goals page",
    "faq": "Question",
    "legal_page": "Legal page",
    "guide_picture": "Picture",
    "mail": "Mail",
    "cpd": "Professional development",
    "provider": "Provider of sign-ins",
    "consent": "Optional consent",
    "retention": "How long records are kept",
}


@dataclass(frozen=True)
class Difference:
    """One value that differs, or a whole thing that comes or goes.

    `what` is "new", "gone" or "changed"; long texts are told line by line in `lines`.
    """

    thing: str
    what: str
    value: str = ""
    before: str = ""
    after: str = ""
    lines: list[Line] = field(default_factory=list)

    def __str__(self) -> str:
        if self.what != "changed":
            return f"{self.thing}: {'comes new' if self.what == 'new' else 'goes'}"
        if self.lines:
            told = [f"  {'+' if one.kind == 'new' else '-'} {one.text}"
                    for one in self.lines if one.kind != "same"]  # fmt: skip
            return "\n".join([f"{self.thing}, {self.value}:", *told])
        return f"{self.thing}, {self.value}: {self.before} → {self.after}"


def compared(before: Sequence[Thing], after: Sequence[Thing]) -> list[Difference]:
    """What `after` has that `before` has not, thing by thing and value by value."""
    old = {(thing.kind, thing.key): thing for thing in before}
    new = {(thing.kind, thing.key): thing for thing in after}
    found = []
    for place, thing in new.items():
        if place not in old:
            found.append(Difference(named(thing), "new", after=_title(thing)))
            continue
        was = old[place].values
        for name, value in thing.values.items():
            if _mark(name, was.get(name)) != _mark(name, value):
                found.append(_changed(thing, name, was.get(name), value))
        found += [
            _changed(thing, name, value, None)
            for name, value in was.items()
            if name not in thing.values
        ]
    found += [
        Difference(named(thing), "gone", before=_title(thing))
        for place, thing in old.items()
        if place not in new
    ]
    return found


def named(thing: Thing) -> str:
    """A thing as people call it: "Question password", "Field region"."""
    kind = _NAMES.get(thing.kind, thing.kind.replace("_", " ").capitalize())
    return kind if thing.key in (thing.kind, "journey", "scheme") else f"{kind} {thing.key}"


def _title(thing: Thing) -> str:
    for name in ("question", "title", "label", "alt", "subject"):
        if thing.values.get(name):
            return str(thing.values[name])
    return ""


def _changed(thing: Thing, name: str, before: Any, after: Any) -> Difference:
    group, _, inside = name.partition(".")
    value = f"{_GROUPS[group]} “{inside}”" if group in _GROUPS else name
    value = value.replace("_", " ")
    if name in _PICTURES:
        return Difference(named(thing), "changed", value, "one picture", "another picture")
    one, two = _text(before), _text(after)
    if max(len(one), len(two)) > LONG or "\n" in one + two:
        return Difference(named(thing), "changed", value, lines=lines(one, two))
    return Difference(named(thing), "changed", value, one or "nothing", two or "nothing")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        return value
    if isinstance(value, dict | list | tuple):
        plain = json.loads(json.dumps(value))
        return str(yaml.safe_dump(plain, allow_unicode=True, sort_keys=False, width=LONG)).strip()
    return str(value)


def _mark(name: str, value: Any) -> str:
    if name == "logo_file" and value:
        try:
            return digest(svg.clean(value.encode()))
        except svg.SvgRefused:
            return digest(value)
    return digest(value)
