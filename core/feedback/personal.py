"""Who is asked for feedback, and what they answer."""

from collections.abc import Mapping
from typing import Any

from core.feedback.rules.survey import STEPS, Question, Survey
from core.kernel.personal import (
    TEAM,
    YOU_AND_TEAM,
    Asked,
    Form,
    Group,
    Kept,
    Remove,
    keeps,
    kinds,
    nothing,
)

PAIR = ("mentorship__mentor", "mentorship__mentee")


def _survey(document: Mapping[str, Any], key: str) -> Asked:
    """The questions of a survey, with the words of what could be chosen."""
    questions = Survey.model_validate(document).questions
    return Asked(
        {one.key: one.label for one in questions}, {one.key: _options(one) for one in questions}
    )


def _options(question: Question) -> dict[str, str]:
    if question.kind != "scale":
        return {one.key: one.label for one in question.options}
    said = {str(step): f"{step} of {STEPS[-1]}" for step in STEPS}
    for step, words in ((STEPS[0], question.low), (STEPS[-1], question.high)):
        said[str(step)] += f" ({words})" if words else ""
    return said


keeps(
    Kept(
        "feedback.Invitation",
        "When we asked you for feedback",
        group=Group.FEEDBACK,
        purpose="So that you are asked once, and reminded kindly.",
        seen_by=YOU_AND_TEAM,
        people=("person",),
        fields=kinds(
            words="draft",
            activity="role moment round_began ended_early asked_at mailed_at reminded answered_at "
            "declined_at closed_at",
        ),
        forms={"draft": Form(_survey, edition="survey")},
        with_whom=PAIR,
        on_erase=Remove(),
    ),
    Kept(
        "feedback.Reply",
        "Your feedback",
        group=Group.FEEDBACK,
        purpose="So that the institute learns how its programme helps.",
        seen_by="You; the {programme_team} reads results without names, never your partner",
        people=("respondent",),
        fields=kinds(
            words="answers concern",
            activity="moment role given_at changed_at changes sent_to_team",
        ),
        forms={"answers": Form(_survey, edition="survey")},
        with_whom=tuple(f"invitation__{path}" for path in PAIR),
        on_erase=Remove(),
    ),
    Kept(
        "feedback.ContactWish",
        "When you asked the {programme_team} to get in touch",
        group=Group.FEEDBACK,
        purpose="So that somebody answers you.",
        seen_by=TEAM,
        people=("person",),
        unseen=("answered_by",),
        fields=kinds(words="text note", activity="state made_at answered_at"),
        withheld={"note": "What was done can speak of other people."},
        on_erase=Remove(),
    ),
    nothing(
        "feedback.SurveyDraft",
        "a form that the team is writing",
        "key document saves saved_at",
        unseen=("saved_by",),
    ),
)
