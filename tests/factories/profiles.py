"""A profile form with every kind of field, instead of the institute's own."""

from typing import Any

from core.accounts.models import Person
from core.profiles import services
from core.profiles.models import Field, Option, Profile, Section
from core.profiles.rules import Kind

GOOD: dict[str, Any] = {
    "one_line": "Keeper of lighthouses",
    "story": "First the lamp.\n\nThen the sea.",
    "grade": "second",
    "topics": ["tides", "lamps"],
    "years": 12,
    "before": False,
    "starts": "2027-03-09",
    "page": "https://lamps.example/wren",
}


def a_field(key: str, kind: Kind, *options: str, **fields: Any) -> Field:
    """A field for mentors and mentees, with options named by their keys."""
    section = (
        fields.pop("section", None)
        or Section.objects.get_or_create(
            key="own_section", defaults={"label": "Everything", "help": "All of it."}
        )[0]
    )
    field = Field.objects.create(
        section=section,
        key=key,
        kind=kind,
        label=fields.pop("label", key.replace("_", " ").capitalize()),
        **fields,
    )
    for number, option in enumerate(options):
        Option.objects.create(
            field=field, key=option, label=option.replace("_", " ").capitalize(), order=number
        )
    return field


def a_form_of_every_kind(*, required: bool = True) -> None:
    """Put the institute's own fields out of use and one field of each kind in their place."""
    Field.objects.update(active=False)
    common: dict[str, Any] = {"required": required}
    a_field("one_line", Kind.SHORT_TEXT, order=1, max_length=40, **common)
    a_field("story", Kind.LONG_TEXT, order=2, help="Three sentences.", **common)
    a_field("grade", Kind.CHOICE, "first", "second", order=3, **common)
    a_field("topics", Kind.CHOICES, "lamps", "tides", "ropes", order=4, maximum=2, **common)
    a_field("years", Kind.NUMBER, order=5, minimum=0, maximum=60, **common)
    a_field("before", Kind.BOOLEAN, order=6, **common)
    a_field("starts", Kind.DATE, order=7, **common)
    a_field("page", Kind.LINK, order=8, **common)


def a_full_profile(person: Person, role: str, **answers: Any) -> Profile:
    """A complete profile with an answer of every kind."""
    return services.save_profile(person, role, {**GOOD, **answers}, by=person)


def as_sent(**changes: Any) -> dict[str, Any]:
    """The good answers as a browser sends them; None leaves a box out."""
    sent: dict[str, Any] = {
        "answer-one_line": GOOD["one_line"],
        "answer-story": GOOD["story"].replace("\n", "\r\n"),
        "answer-grade": "second",
        "answer-topics": ["tides", "lamps"],
        "answer-years": "12",
        "answer-before": "no",
        "answer-starts_day": "9",
        "answer-starts_month": "3",
        "answer-starts_year": "2027",
        "answer-page": "lamps.example/wren",
        "save": "",
        **{f"answer-{key}": value for key, value in changes.items() if key not in BARE},
        **{key: value for key, value in changes.items() if key in BARE},
    }
    return {name: value for name, value in sent.items() if value is not None}


BARE = ("save", "draft", "capacity")
