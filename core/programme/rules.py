"""Shapes of an institute's settings (pure: no database). Source: product, table of programmes."""

import itertools
import re
from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

WORD_KEYS = ("request", "mentor", "mentee", "mentoring", "programme_team", "area")
TOOL_ITEMS = ("meetings", "first_conversation", "swot", "gstar", "goals", "diary", "road_map")
CANVAS_KIND = "canvas"  # of editions
CANVAS_ITEMS = ("swot", "gstar")  # these, and the keys of an institute's own canvases
DETAIL_ITEMS = ("view", "edit", "withdraw", "reopen")

FileKind = Literal["picture", "document", "text"]
FILE_KINDS: tuple[FileKind, ...] = ("picture", "document", "text")

Kept = Literal["password", "email", "name"]
KEPT: tuple[Kept, ...] = ("password", "email", "name")

_ITEM = re.compile(r"[a-z][a-z0-9_]{0,39}")

ShortText = Annotated[str, Field(min_length=1, max_length=120)]


class Strict(BaseModel):
    """No unknown keys, no silent conversions."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Word(Strict):
    """A noun of the institute with its plural and its indefinite article."""

    singular: Annotated[str, Field(min_length=1, max_length=40)]
    plural: Annotated[str, Field(min_length=1, max_length=40)]
    article: Literal["a", "an"] = "a"

    def form(self, name: str) -> str:
        """`singular`, `plural` or `article` ("a request"). Raises KeyError for another form."""
        return {
            "singular": self.singular,
            "plural": self.plural,
            "article": f"{self.article} {self.singular}",
        }[name]


class Words(Strict):
    """All nouns that institutes name differently."""

    request: Word
    mentor: Word
    mentee: Word
    mentoring: Word
    programme_team: Word
    area: Word

    def __getitem__(self, key: str) -> Word:
        if key not in WORD_KEYS:
            raise KeyError(key)
        word: Word = getattr(self, key)
        return word


class Menu(Strict):
    """A menu on a relationship card."""

    label: Annotated[str, Field(min_length=1, max_length=40)]
    items: tuple[str, ...] = Field(strict=False)
    # What items are called here, where they are not called as everywhere.
    names: dict[str, Annotated[str, Field(min_length=1, max_length=40)]] = {}


class Menus(Strict):
    """The two menus of a card and the way to meetings (product D2)."""

    tools: Menu
    details: Menu
    meet: Literal["button", "tools"] = "button"

    @model_validator(mode="after")
    def items_are_known(self) -> Self:
        """Refuse entries that no page stands behind."""
        for item in self.details.items:
            if item not in DETAIL_ITEMS:
                raise ValueError(f"{item!r} is not one of {', '.join(DETAIL_ITEMS)}")
        for item in self.tools.items:  # which canvases there are is checked with the bundle
            if not _ITEM.fullmatch(item):
                raise ValueError(f"{item!r} cannot be the key of a tool")
        for menu in (self.tools, self.details):
            for item in menu.names:
                if item not in menu.items:
                    raise ValueError(f"{item!r} has a name, but is not among the items")
        return self


class Policies(Strict):
    """What the institute decided about its programme."""

    sign_in: Literal["local", "membership"] = "local"
    self_registration: bool = True
    membership_link: str | None = None
    # What the society keeps, so that it is changed there and not here (product A6).
    membership_keeps: tuple[Kept, ...] = Field(
        default=("password", "email"), max_length=3, strict=False
    )
    membership_grace_days: Annotated[int, Field(ge=0, le=365)] = 30
    # What is open to a member whose days of grace are over.
    lapsed_members: Literal["finish", "look", "out"] = "finish"
    second_factor: Literal["optional", "staff"] = "optional"
    demo_sign_in_notice: bool = False
    profile_gate: bool = True
    guides_first: bool = False
    full_mentors: Literal["hidden", "shown"] = "hidden"
    default_capacity: Annotated[int, Field(ge=1, le=50)] = 2
    open_request_limit: Annotated[int, Field(ge=1, le=50)] | None = 3
    reminder_days: tuple[int, ...] = Field(default=(3, 7, 15), strict=False)
    lapse_days: Annotated[int, Field(ge=1, le=365)] = 21
    negotiation: Literal["message_first", "ask_for_changes", "edit_details"] = "message_first"
    who_completes: Literal["each", "either", "mentor_when_asked", "mentor", "mentee"] = "either"
    feedback: Literal["optional", "asked", "required"] = "optional"
    feedback_reminder_days: tuple[int, ...] = Field(default=(7, 21), max_length=6, strict=False)
    feedback_midpoint_weeks: Annotated[int, Field(ge=1, le=104)] | None = None
    feedback_after_end: bool = True
    account_return_days: Annotated[int, Field(ge=1, le=365)] = 30
    meeting_zone_sentence: Annotated[str, Field(max_length=300)] = ""
    file_size_mb: Annotated[int, Field(ge=1, le=20)] = 10
    files_per_message: Annotated[int, Field(ge=1, le=10)] = 5
    file_kinds: tuple[FileKind, ...] = Field(default=FILE_KINDS, max_length=3, strict=False)
    # Where people meet instead of our rooms; {room} is replaced by the meeting's own key.
    video_link: (
        Annotated[
            str, Field(pattern=r"^https://[^\s/{}]+/[^\s{}]*\{room\}[^\s{}]*$", max_length=300)
        ]
        | None
    ) = None
    video_minutes_before: Annotated[int, Field(ge=0, le=240)] = 15
    video_minutes_after: Annotated[int, Field(ge=0, le=240)] = 60
    # Days before a goal's date on which its owner is reminded of it; 0 for not at all.
    goal_reminder_days: Annotated[int, Field(ge=0, le=30)] = 3

    @property
    def locked(self) -> frozenset[str]:
        """What is changed at the society alone: nothing where people have accounts of this site."""
        return frozenset(self.membership_keeps if self.sign_in == "membership" else ())

    @property
    def signs_in_here(self) -> bool:
        """Whether accounts have a name and a password of their own; in a demonstration they do."""
        return self.sign_in == "local" or self.demo_sign_in_notice

    @model_validator(mode="after")
    def ladder_rises(self) -> Self:
        """Reminders come in order and before the request lapses (product C5)."""
        days = (0, *self.reminder_days, self.lapse_days)
        if any(later <= earlier for earlier, later in itertools.pairwise(days)):
            raise ValueError("reminder_days must rise and stay below lapse_days")
        return self

    @model_validator(mode="after")
    def feedback_reminders_rise(self) -> Self:
        """Reminders of a survey come one after the other (product E10)."""
        days = (0, *self.feedback_reminder_days)
        if any(later <= earlier for earlier, later in itertools.pairwise(days)):
            raise ValueError("feedback_reminder_days must rise")
        return self


class Step(Strict):
    """One step of "how it works" on the front page."""

    title: ShortText
    text: Annotated[str, Field(min_length=1, max_length=400)]


class Front(Strict):
    """The texts of the public front page."""

    headline: ShortText
    lede: Annotated[str, Field(min_length=1, max_length=600)]
    audience: tuple[ShortText, ...] = Field(default=(), max_length=6, strict=False)
    steps: tuple[Step, ...] = Field(min_length=2, max_length=6, strict=False)
    mentor_pitch: Annotated[str, Field(min_length=1, max_length=400)]
    mentee_pitch: Annotated[str, Field(min_length=1, max_length=400)]


class LegalLink(Strict):
    """A link of the footer: a page of the site (slug) or an address elsewhere (url)."""

    label: ShortText
    slug: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{1,40}$")] | None = None
    url: Annotated[str, Field(pattern=r"^https://[^\s]+$", max_length=300)] | None = None

    @model_validator(mode="after")
    def one_target(self) -> Self:
        """Exactly one of slug and url."""
        if (self.slug is None) == (self.url is None):
            raise ValueError("give either slug or url")
        return self


_PLACEHOLDER = re.compile(r"\{\{ *([A-Za-z_]{1,40}) *\}\}")
PLACEHOLDERS = frozenset(
    name
    for key in WORD_KEYS
    for lower in (key, f"{key}s", f"a_{key}")
    for name in (lower, lower.capitalize())
) | {
    "tools_menu", "details_menu", "programme", "organisation", "the_organisation",
    "The_organisation", "contact_name", "contact_email", "typical_length",
}  # fmt: skip


def placeholders_in(text: str) -> list[tuple[int, str]]:
    """The placeholders of a text, such as {{ a_request }}, with their positions."""
    return [(match.start(), match[1]) for match in _PLACEHOLDER.finditer(text)]


def unknown_placeholders(text: str) -> list[str]:
    """The placeholders of a text that stand for nothing."""
    return [name for _, name in placeholders_in(text) if name not in PLACEHOLDERS]


def spoken(words: Words, menus: Menus) -> dict[str, str]:
    """What the placeholders of words and menus stand for: {{ requests }}, {{ A_request }} ..."""
    names = {"tools_menu": menus.tools.label, "details_menu": menus.details.label}
    for key in WORD_KEYS:
        for name, form in ((key, "singular"), (f"{key}s", "plural"), (f"a_{key}", "article")):
            text = words[key].form(form)
            names[name] = text
            names[name.capitalize()] = text[:1].upper() + text[1:]
    return names


def expand(text: str, names: Mapping[str, str]) -> str:
    """The text with its placeholders replaced, once and plainly; unknown ones stay as they are."""
    return _PLACEHOLDER.sub(lambda match: names.get(match[1], match[0]), text)
