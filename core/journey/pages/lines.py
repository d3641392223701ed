"""Stages and activities as pages list them, in the institute's words."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.safestring import SafeString

from core.journey.models import Sheet
from core.journey.pages import words
from core.journey.pages.finding import Sight
from core.journey.queries import Place, history
from core.journey.rules import Stage
from core.kernel.text import render_markdown
from core.programme.rules import expand

Names = Mapping[str, str]


@dataclass(frozen=True)
class ToFillIn:
    """An activity with what is saved of it."""

    label: str
    url: str
    sheet: Sheet | None


@dataclass(frozen=True)
class Line:
    """A stage on the road."""

    place: Place
    label: str
    url: str
    badge: tuple[str, str]
    next_step: str


@dataclass(frozen=True)
class Described:
    """A stage with what stands in it, for the road map."""

    line: Line
    description: SafeString
    activities: list[ToFillIn]


@dataclass(frozen=True)
class Marked:
    """A line of history: who marked what when."""

    stage: str
    label: str
    who: str
    act: str
    completed: bool
    at: object


def address(seen: Sight, place: Place) -> str:
    """The page of a stage."""
    return seen.address("ending") if place.is_last else seen.address("stage", place.stage.key)


def line(seen: Sight, place: Place, names: Names) -> Line:
    """One stage of the road."""
    return Line(
        place=place,
        label=expand(place.stage.label, names),
        url=address(seen, place),
        badge=words.badge(seen, place),
        next_step=expand(place.stage.next_step, names),
    )


def described(seen: Sight, names: Names, sheets: Mapping[str, Sheet]) -> list[Described]:
    """Every stage with its description and activities."""
    return [
        Described(
            line=line(seen, place, names),
            description=render_markdown(expand(place.stage.description, names)),
            activities=to_fill_in(seen, place.stage, names, sheets),
        )
        for place in seen.places
    ]


def to_fill_in(
    seen: Sight, stage: Stage, names: Names, sheets: Mapping[str, Sheet]
) -> list[ToFillIn]:
    """The activities of a stage."""
    return [
        ToFillIn(expand(one.label, names), seen.address("activity", one.key), sheets.get(one.key))
        for one in stage.activities
    ]


def marks(seen: Sight, names: Names) -> list[Marked]:
    """Who marked what when, in words."""
    labels = {one.key: expand(one.label, names) for one in seen.run.plan.stages}
    return [
        Marked(
            stage=step.stage,
            label=labels.get(step.stage, step.stage),
            who="You" if step.by_id == seen.person.pk else str(step.by or "Somebody who left"),
            act=step.act,
            completed=step.completed,
            at=step.at,
        )
        for step in history(seen.run)
    ]
