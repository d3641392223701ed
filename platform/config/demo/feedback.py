"""What the people of a demo institute said when they were asked how it was."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from core.accounts.models import Person
from core.feedback import services
from core.feedback.models import ContactWish, Invitation
from core.feedback.rules.survey import STEPS, Question
from core.kernel import clock
from core.mentorships.states import State

ASKING_FOR_WISHES = frozenset({"better", "wish", "support", "comment"})
GOOD = (
    "That somebody listened for an hour without looking at a clock.",
    "The question before the question: what do you want it to be like in two years?",
    "We wrote down three steps each time, and looked at them the next time.",
    "Hearing that others had the same doubts in their first year.",
    "I changed how I open meetings, and my team noticed before I told them.",
    "A plan that fitted on one page.",
    "Saying aloud what I had only thought so far.",
    "Meeting in the evening, when neither of us was in a hurry.",
    "I learned as much as I gave.",
    "An honest no, at the right moment.",
)
WISHES = (
    "A reminder after a month without a meeting would have helped us.",
    "Nothing. Keep it as calm as it is.",
    "More examples of how others began.",
    "An evening on which all of us meet once a year.",
    "A shorter profile. I had to think for a long time.",
    "Tell people earlier that two or three meetings can be enough.",
    "It was hard to find a day that suited us both.",
)
WENT_WRONG = "We lost touch in the spring, and I did not know whom to tell."
TALKED = "Spoke on the telephone. A new start with another mentor in the autumn."


def fill(dice: Random, known: dict[str, Person], at: datetime) -> None:
    """Most have answered, some wait; the known people still wait to answer."""
    with clock.frozen(at - timedelta(days=12)):
        services.ask_midway()
    rows = Invitation.objects.filter(closed_at=None, answered_at=None)
    ours = {person.pk for person in known.values()}
    sent = 0
    for row in rows.select_related("person", "survey", "mentorship").order_by("asked_at", "id"):
        early = row.mentorship.state == State.ENDED
        if row.person_id in ours and not early:
            continue
        if early and row.person_id in ours:
            with clock.frozen(min(row.asked_at + timedelta(days=3), at)):
                _answer(dice, row, contact=False)
        elif dice.random() < 0.85:
            with clock.frozen(min(row.asked_at + timedelta(days=dice.randint(1, 9)), at)):
                contact = sent < 2 and dice.random() < 0.15
                _answer(dice, row, contact=contact)
                sent += contact
    first = ContactWish.objects.order_by("made_at").first()
    if first is not None:
        services.answer_wish(first, TALKED, by=known["staff"])
    with clock.frozen(at - timedelta(days=1)):
        services.write_to_asked()
        services.remind()


def _answer(dice: Random, row: Invitation, *, contact: bool) -> None:
    """Answer as the survey asks; with `contact` the team is to get in touch."""
    answers = {
        one.key: _said(dice, one)
        for one in row.questions.asked_of(row.role)
        if one.required or dice.random() < 0.8
    }
    unhappy = contact or dice.random() < 0.1
    services.answer(
        row, by=row.person, answers=answers, concern=WENT_WRONG if unhappy else "", contact=contact
    )


def _said(dice: Random, question: Question) -> Any:
    keys = [one.key for one in question.options]
    match question.kind:
        case "scale":
            return dice.choices(STEPS, weights=(1, 2, 4, 9, 8))[0]
        case "choice":
            return dice.choice(keys)
        case "choices":
            return dice.sample(keys, dice.randint(1, min(3, len(keys))))
        case "text":
            return dice.choice(WISHES if question.key in ASKING_FOR_WISHES else GOOD)
