"""How far two people have come, and what they fill in together."""

from collections.abc import Mapping
from typing import Any

from core.journey.rules import Plan
from core.kernel.personal import (
    THE_TWO,
    Asked,
    Form,
    Group,
    Kept,
    Unname,
    keeps,
    kinds,
    nothing,
)

RUN = ("run__mentorship__mentor", "run__mentorship__mentee")


def _road(document: Mapping[str, Any], key: str) -> Asked:
    """The stages and activities of a road by their labels."""
    stages = Plan.model_validate(document).stages
    activities = {one.key: one.label for stage in stages for one in stage.activities}
    return Asked({stage.key: stage.label for stage in stages} | activities)


def _questions(document: Mapping[str, Any], activity: str) -> Asked:
    """The questions of one activity."""
    found = Plan.model_validate(document).activity(activity)
    return Asked({one.key: one.label for one in found[1].questions} if found else {})


keeps(
    Kept(
        "journey.Run",
        "How far your relationships have come",
        group=Group.RELATIONSHIPS,
        purpose="So that both see what is done and what comes next.",
        seen_by=f"{THE_TWO}; the {{programme_team}}",
        people=("mentorship__mentor", "mentorship__mentee"),
        fields=kinds(activity="cycle stages begun_at over_at outcome"),
        forms={"stages": Form(_road, edition="edition")},
        shared=True,
        on_erase=Unname(),
    ),
    Kept(
        "journey.StageStep",
        "When stages were marked",
        group=Group.RELATIONSHIPS,
        purpose="So that both see who marked what.",
        seen_by=f"{THE_TWO}; the {{programme_team}}",
        people=RUN,
        named=("by",),
        fields=kinds(activity="stage act completed at"),
        forms={"stage": Form(_road, edition="run__edition")},
        shared=True,
        on_erase=Unname(),
    ),
    Kept(
        "journey.Sheet",
        "Activities that you filled in together",
        group=Group.WORK,
        purpose="So that you two can work on one sheet.",
        seen_by=THE_TWO,
        people=RUN,
        named=("changed_by",),
        fields=kinds(words="answers", activity="activity number changed_at"),
        forms={
            "activity": Form(_road, edition="run__edition"),
            "answers": Form(_questions, edition="run__edition", within="activity"),
        },
        shared=True,
        on_erase=Unname(),
    ),
    Kept(
        "journey.SheetVersion",
        "Earlier versions of activities",
        group=Group.WORK,
        purpose="So that nobody's words are lost when the other writes.",
        seen_by=THE_TWO,
        people=tuple(f"sheet__{path}" for path in RUN),
        named=("by",),
        fields=kinds(words="answers", activity="number at"),
        forms={
            "answers": Form(_questions, edition="sheet__run__edition", within="sheet__activity")
        },
        shared=True,
        on_erase=Unname(),
    ),
    nothing(
        "journey.PlanDraft",
        "a road map that the team is drawing",
        "only document changed_at",
        unseen=("changed_by",),
    ),
)
