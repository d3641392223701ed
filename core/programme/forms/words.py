"""The form of the institute's nouns and of the menus on relationship cards."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms

from core.programme.rules import DETAIL_ITEMS, WORD_KEYS, Menus, Words

MEANINGS: Final = {
    "request": "What a mentee sends to a mentor",
    "mentor": "Who offers time",
    "mentee": "Who looks for somebody",
    "mentoring": "What the two do",
    "programme_team": "You",
    "area": "What somebody wants help with",
}
NAMES: Final = {
    "meetings": "Meetings",
    "first_conversation": "First conversation",
    "goals": "Goals",
    "diary": "Diary",
    "road_map": "Road map",
    "view": "Look at it",
    "edit": "Edit",
    "withdraw": "Withdraw",
    "reopen": "Open it again",
}
LONGEST: Final = 40
_MARKUP = re.compile(r"[<>{}\[\]`|\\]|https?:|&\w+;")
_VOWEL = re.compile(r"[aeiou]", re.IGNORECASE)


class LineField(forms.CharField):
    """One line of plain words: no markup, no odd marks."""

    def clean(self, value: Any) -> str:
        text = " ".join(str(super().clean(value)).split())
        if _MARKUP.search(text):
            raise forms.ValidationError("Write plain words: no markup, brackets or addresses.")
        if any(not one.isprintable() for one in text):
            raise forms.ValidationError("There is a mark in it that nobody can see. Type it again.")
        return text


def _word(label: str) -> LineField:
    return LineField(
        label=label,
        max_length=LONGEST,
        error_messages={
            "required": "Write a word.",
            "max_length": f"Use at most {LONGEST} letters.",
        },
    )


class WordsForm(forms.Form):
    """Each noun with its plural and its article, and the labels of the two menus."""

    tools_label = _word("What the menu of tools is called")
    details_label = _word("What the menu of actions is called")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for key in WORD_KEYS:
            self.fields[f"{key}_singular"] = _word("One")
            self.fields[f"{key}_plural"] = _word("Several")
            self.fields[f"{key}_article"] = forms.ChoiceField(
                label="A or an",
                choices=[("a", "a"), ("an", "an")],
                error_messages={"invalid_choice": "Choose a or an."},
            )

    @staticmethod
    def begun_with(words: Words, menus: Menus) -> dict[str, Any]:
        """What stands in the boxes at first."""
        return {
            f"{key}_{form}": getattr(words[key], form)
            for key in WORD_KEYS
            for form in ("singular", "plural", "article")
        } | {"tools_label": menus.tools.label, "details_label": menus.details.label}

    @property
    def words_data(self) -> dict[str, Any]:
        """The nouns; only of a valid form."""
        return {
            key: {
                form: self.cleaned_data[f"{key}_{form}"]
                for form in ("singular", "plural", "article")
            }
            for key in WORD_KEYS
        }


def doubts(words: Words) -> list[str]:
    """What looks odd, though it can be meant: an article, a capital letter, two words alike."""
    found = []
    for key in WORD_KEYS:
        word = words[key]
        other = "an" if _VOWEL.match(word.singular) else "a"
        if word.article != other:
            found.append(f"“{word.form('article')}”: or rather “{other} {word.singular}”?")
        if word.singular[:1].isupper() and not word.singular[:2].isupper():
            found.append(
                f"“{word.singular}” begins with a capital letter and will do so inside sentences."
            )
    same: dict[str, list[str]] = {}
    for key in WORD_KEYS:
        same.setdefault(words[key].singular.lower(), []).append(key)
    found += [f"“{said}” stands for two things." for said, keys in same.items() if len(keys) > 1]
    return found


@dataclass(frozen=True)
class Item:
    """One line of a menu as staff arrange it."""

    key: str
    label: str
    name: str
    on: bool
    note: str = ""


def items_of(menu: str, menus: Menus, known: dict[str, str]) -> list[Item]:
    """All that can stand in a menu, what stands there first. `known` names the tools that exist."""
    chosen = getattr(menus, menu)
    keys = [key for key in chosen.items if key in known]
    keys += [key for key in known if key not in keys]
    return [
        Item(key, known[key], chosen.names.get(key, ""), key in chosen.items, _note(key))
        for key in keys
    ]


def _note(key: str) -> str:
    return {
        "meetings": "Left out, meetings are a button on the card.",
        "diary": "Left out, the diary is closed for everybody.",
    }.get(key, "")


def posted_items(menu: str, post: Any, known: dict[str, str], step: str) -> list[Item]:
    """The lines as they were sent, moved by a step such as "up:tools:goals"."""
    sent = [key for key in dict.fromkeys(post.getlist(f"{menu}-item")) if key in known]
    keys = sent + [key for key in known if key not in sent]
    way, _, moved = step.partition(":")
    where, _, key = moved.partition(":")
    if where == menu and key in keys and way in ("up", "down"):
        at = keys.index(key)
        to = min(max(0, at + (-1 if way == "up" else 1)), len(keys) - 1)
        keys.insert(to, keys.pop(at))
    on = set(post.getlist(f"{menu}-on"))
    return [
        Item(
            key,
            known[key],
            " ".join(str(post.get(f"{menu}-name-{key}", "")).split()),
            key in on,
            _note(key),
        )
        for key in keys
    ]


def flaws(items: Sequence[Item]) -> dict[str, str]:
    """What is wrong with the names of lines: {key: message}."""
    return {
        item.key: "Write plain words: no markup or brackets."
        if _MARKUP.search(item.name) or not item.name.isprintable()
        else f"Use at most {LONGEST} letters."
        for item in items
        if item.name
        and (_MARKUP.search(item.name) or len(item.name) > LONGEST or not item.name.isprintable())
    }


def menus_data(form: WordsForm, tools: Sequence[Item], details: Sequence[Item]) -> dict[str, Any]:
    """The menus; only of a valid form and lines without flaws."""
    chosen = [item for item in tools if item.on]
    return {
        "tools": {
            "label": form.cleaned_data["tools_label"],
            "items": [item.key for item in chosen],
            "names": {item.key: item.name for item in chosen if item.name},
        },
        "details": {
            "label": form.cleaned_data["details_label"],
            "items": [item.key for item in details if item.on],
            "names": {},
        },
        "meet": "tools" if any(item.key == "meetings" for item in chosen) else "button",
    }


def known_details() -> dict[str, str]:
    """The lines of the menu of actions."""
    return {key: NAMES[key] for key in DETAIL_ITEMS}
