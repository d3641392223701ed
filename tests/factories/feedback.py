"""Surveys, and people who answered them."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from core.feedback.models import Invitation, Reply
from core.feedback.queries import KIND, in_force
from core.kernel.clock import now
from core.mentorships.models import Mentorship
from core.mentorships.states import State
from core.programme.models import Edition
from core.programme.services import publish
from tests.factories.mentorships import make_mentorship

SURVEY: dict[str, Any] = {
    "title": "How was it?",
    "intro": "Three questions.",
    "questions": [
        {"key": "worth", "kind": "scale", "label": "Worth it?", "required": True,
         "low": "No", "high": "Yes"},
        {"key": "again", "kind": "choice", "label": "Once more?",
         "options": [{"key": "yes", "label": "Yes"}, {"key": "no", "label": "No"}]},
        {"key": "best", "kind": "text", "label": "What was best?"},
    ],
    "thanks": "Many thanks.",
}  # fmt: skip


def make_survey(**changes: Any) -> Edition:
    """The survey of the end, as a version in force."""
    return publish(KIND, "completion", {**SURVEY, **changes})


def make_invitation(mentorship: Mentorship | None = None, **fields: Any) -> Invitation:
    """The mentee is asked at the end; without mails."""
    mentorship = mentorship or make_mentorship(state=State.COMPLETED)
    survey = fields.pop("survey", None)
    if survey is None:
        document = in_force("completion").model_dump(mode="json")
        survey = publish(KIND, "completion", document)
    return Invitation.objects.create(
        **{
            "mentorship": mentorship,
            "person": mentorship.mentee,
            "role": "mentee",
            "survey": survey,
            "asked_at": now(),
            **fields,
        }
    )


def make_reply(
    survey: Edition, answers: dict[str, Any], *, at: datetime, role: str = "mentee", **fields: Any
) -> Reply:
    """An answer in the results of nobody in particular."""
    return Reply.objects.create(
        **{
            "survey": survey,
            "role": role,
            "respondent": uuid4(),
            "given_at": at,
            "changed_at": at,
            "answers": answers,
            **fields,
        }
    )
