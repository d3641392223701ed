"""What a stage leads to: the tools of the relationship, and guides that belong to it."""

from dataclasses import dataclass

from django.urls import reverse

from core.accounts.models import Person
from core.journey.rules import Side, Stage
from core.mentorships.models import Mentorship
from core.mentorships.pages.entries import Entry, entry_of
from core.programme.queries import placeholders
from core.programme.rules import expand
from core.resources.models import Guide

PURPOSES = {
    "meetings": "Arrange the next meeting, by video or in person.",
    "meet": "Arrange the next meeting, by video or in person.",
    "swot": "Strengths, weaknesses, opportunities and threats on one page.",
    "gstar": "From a goal through the situation to actions and results.",
    "goals": "One thing you want to reach, with a date, milestones and a review.",
    "diary": "Your own notes about what you learn. Nobody else reads them.",
    "messages": "Ask, answer, send a file.",
    "resources": "Guides to read before and after.",
}


@dataclass(frozen=True)
class Tool:
    """A tool with its address and what it is for."""

    key: str
    label: str
    url: str
    purpose: str


@dataclass(frozen=True)
class Reading:
    """A guide of a stage."""

    title: str
    summary: str
    url: str


def tools(keys: tuple[str, ...], mentorship: Mentorship, reader: Person) -> list[Tool]:
    """The tools that are there for this reader, in the plan's order."""
    return [
        Tool(key, entry.label, entry.url, PURPOSES.get(key, ""))
        for key in keys
        if (entry := _entry(key, mentorship, reader)) is not None
    ]


def _entry(key: str, mentorship: Mentorship, reader: Person) -> Entry | None:
    if key == "messages":
        partner = mentorship.mentee if reader.pk == mentorship.mentor_id else mentorship.mentor
        return Entry("Messages", reverse("messaging:thread", args=[partner.pk]))
    if key == "resources":
        return Entry("Resources", reverse("resources:list"))
    if key == "meetings":
        return entry_of("meetings", mentorship, reader) or entry_of("meet", mentorship, reader)
    return entry_of(key, mentorship, reader)


def readings(stage: Stage, side: Side) -> list[Reading]:
    """The guides of a stage for this one of the two: those written for this very stage, else those
    of the usual stage that the plan names for it."""
    names = placeholders()
    rows = list(
        Guide.objects.filter(
            active=True, stage__in={stage.key, stage.guides}, audience__in=("everyone", side.value)
        ).defer("body")
    )
    own = [row for row in rows if row.stage == stage.key]
    return [
        Reading(expand(row.title, names), expand(row.summary, names), row.get_absolute_url())
        for row in own or rows
    ]
