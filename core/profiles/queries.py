"""Reading profiles: the form of a role, what is missing, what others may see."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from django.db.models import Prefetch

from core.accounts.models import Person
from core.kernel.clock import now
from core.profiles.models import Field, Option, Profile, Section
from core.profiles.rules import (
    SEES,
    Answer,
    Audience,
    FieldRule,
    Kind,
    Relation,
    Visibility,
    is_empty,
)
from core.programme.queries import current


@dataclass(frozen=True)
class FormSection:
    """A section and its active fields for one role; options come with the fields."""

    section: Section
    fields: list[Field]


@dataclass(frozen=True)
class Shown:
    """An answer as people read it. `items` has the labels of a list, `link` a web address."""

    text: str
    items: list[str] = field(default_factory=list)
    link: str = ""

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True)
class Progress:
    """How far a profile is: required answers given out of those asked for."""

    done: int
    total: int
    fields: list[Field]

    @property
    def missing(self) -> list[str]:
        """What the missing answers are called."""
        return [one.label for one in self.fields]

    @property
    def complete(self) -> bool:
        return not self.fields

    @property
    def words(self) -> str:
        if self.complete:
            return "Your profile is complete."
        return f"{self.done} of {self.total} needed answers given."


def today() -> datetime.date:
    """The date where the institute is."""
    return now().astimezone(ZoneInfo(current().time_zone)).date()


def profile_of(person: Person, role: str) -> Profile | None:
    """The person's profile in a role, if one was begun."""
    return Profile.objects.filter(person=person, role=role).first()


def form_of(role: str) -> list[FormSection]:
    """The sections and active fields that a role answers, in order; three queries."""
    audiences = [role, Audience.BOTH]
    fields = (
        Field.objects.filter(active=True, audience__in=audiences, section__audience__in=audiences)
        .select_related("section")
        .prefetch_related(Prefetch("options", Option.objects.order_by("order", "key")))
    )
    sections: dict[object, FormSection] = {}
    for one in fields:
        sections.setdefault(one.section_id, FormSection(one.section, [])).fields.append(one)
    return list(sections.values())


def rules_for(form: Iterable[FormSection], answers: Mapping[str, Answer]) -> list[FieldRule]:
    """The fields' rules; an option taken out of use stays good for whoever has chosen it."""
    return [
        FieldRule(
            key=one.key,
            label=one.label,
            kind=Kind(one.kind),
            required=one.required,
            max_length=one.max_length,
            minimum=one.minimum,
            maximum=one.maximum,
            options=[option.key for option in options_for(one, answers.get(one.key))],
        )
        for part in form
        for one in part.fields
    ]


def options_for(one: Field, answer: Answer | None) -> list[Option]:
    """The options to offer: the active ones and those already chosen."""
    if isinstance(answer, list):
        held = set(answer)
    else:
        held = {answer} if isinstance(answer, str) else set()
    return [option for option in one.options.all() if option.active or option.key in held]


def missing(profile: Profile, form: list[FormSection] | None = None) -> list[Field]:
    """The required fields that the profile has no answer to, in order of the form."""
    return [
        one
        for part in (form_of(profile.role) if form is None else form)
        for one in part.fields
        if one.required and is_empty(profile.answers.get(one.key))
    ]


def progress(profile: Profile, form: list[FormSection] | None = None) -> Progress:
    """Required answers given and still missing (product B2)."""
    form = form_of(profile.role) if form is None else form
    asked = [one for part in form for one in part.fields if one.required]
    absent = missing(profile, form)
    return Progress(done=len(asked) - len(absent), total=len(asked), fields=absent)


def is_complete(person: Person, role: str) -> bool:
    """Whether the person's profile in a role was completed; one query."""
    return Profile.objects.filter(person=person, role=role, complete=True).exists()


def capacity_of(profile: Profile | None) -> int:
    """How many mentees a mentor takes at once (product B10)."""
    if profile is not None and profile.capacity is not None:
        return profile.capacity
    return current().policies.default_capacity


def answers_shown(
    profile: Profile,
    viewer_relation: Relation | str,
    form: list[FormSection] | None = None,
) -> list[tuple[Section, list[tuple[Field, Shown]]]]:
    """What somebody who stands so to the owner may read, without empty answers (product B1).

    Pass `form` (from `form_of`) to show many profiles of a role with no query each.
    """
    seen = SEES[Relation(viewer_relation)]
    sections = []
    for part in form_of(profile.role) if form is None else form:
        rows = [
            (one, shown)
            for one in part.fields
            if Visibility(one.visible_to) in seen
            and (shown := display(one, profile.answers.get(one.key))) is not None
        ]
        if rows:
            sections.append((part.section, rows))
    return sections


def display(one: Field, answer: Answer | None) -> Shown | None:
    """An answer in words, or None when there is nothing to show."""
    if is_empty(answer):
        return None
    match Kind(one.kind):
        case Kind.CHOICE | Kind.CHOICES:
            keys = answer if isinstance(answer, list) else [answer]
            labels = [option.label for option in one.options.all() if option.key in keys]
            return Shown(", ".join(labels), items=labels) if labels else None
        case Kind.BOOLEAN:
            return Shown("Yes" if answer else "No")
        case Kind.DATE:
            try:
                date = datetime.date.fromisoformat(str(answer))
            except ValueError:
                return None
            return Shown(f"{date.day} {date:%B %Y}")
        case Kind.LINK:
            return Shown(str(answer), link=str(answer))
        case _:
            return Shown(str(answer))
