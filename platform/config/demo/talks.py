"""What the people of a demo institute have written to each other: questions, messages, files."""

from datetime import datetime, timedelta
from random import Random

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from core.accounts.models import Person
from core.kernel import clock
from core.kernel.errors import RuleBroken
from core.kernel.ids import new_id
from core.mentorships.models import Mentorship
from core.mentorships.states import State
from core.messaging import services

TALK = (
    (
        "Thank you for saying yes. I have read your profile twice and have more questions than "
        "an hour will hold."
    ),
    "Bring them all. Which one would you ask if you had only one?",
    "How did you know that it was time to move on from your first team?",
    (
        "I did not, at the time. I kept a page of notes each Friday, and one day I read them from "
        "the beginning. Try it for a month, then we look at yours together."
    ),
    "I will. Here is what I wrote down so far, it is still short.",
    "Short is good. Shall we speak on Thursday?",
)
NOTES = (
    "Friday notes\n\nWhat went well: the handover.\nWhat did not: I spoke too soon, twice.\n"
    "Next week: ask before answering.\n"
)
QUESTIONS = (
    "Before I send you anything: do you take on people who have only just begun?",
    "You write that you changed your field at forty. Would you talk about that part too?",
    "How often would you want to meet, and would a call do?",
)
ANSWERS = (
    "Gladly. People at the beginning ask the best questions.",
    "Yes, and a call does very well. Once a month is a good rhythm to start with.",
)


def fill(dice: Random, known: dict[str, Person], mentors: list[Person], at: datetime) -> None:
    """Talks between people who work together, and a few questions asked before any ask."""
    active = Mentorship.objects.filter(state=State.ACTIVE).select_related("mentor", "mentee")
    for number, mentorship in enumerate(active.order_by("sent_at", "id")):
        begun = (mentorship.answered_at or at) + timedelta(hours=3)
        lines = len(TALK) if number % 3 == 0 else dice.randint(1, len(TALK))
        _talk(mentorship.mentee, mentorship.mentor, min(begun, at - timedelta(days=6)), lines)
    for number, question in enumerate(QUESTIONS):
        asked_at = at - timedelta(days=2 + number, hours=dice.randint(1, 9))
        _ask(known["mentee"], mentors[5 + number], question, ANSWERS[number:][:1], asked_at)
    _ask(known["both"], known["mentor"], QUESTIONS[0], (), at - timedelta(hours=20))


def _talk(mentee: Person, mentor: Person, begun: datetime, lines: int) -> None:
    sides = (mentee, mentor)
    for number, text in enumerate(TALK[:lines]):
        by, to = sides[number % 2], sides[1 - number % 2]
        files = []
        if number == 4:
            upload = SimpleUploadedFile("Friday notes.txt", NOTES.encode())
            files = services.check_files([upload])
        with clock.frozen(begun + timedelta(hours=19 * number)):
            services.mark_read(partner=to, number=number, by=by)
            services.send(to=to, text=text, key=new_id(), by=by, files=files)


def _ask(
    mentee: Person, mentor: Person, question: str, answers: tuple[str, ...], at: datetime
) -> None:
    """A mentor who takes no questions is left out."""
    try:
        with transaction.atomic():
            with clock.frozen(at):
                services.ask(to=mentor, text=question, key=new_id(), by=mentee)
            for answer in answers:
                with clock.frozen(at + timedelta(hours=6)):
                    services.mark_read(partner=mentee, number=1, by=mentor)
                    services.send(to=mentee, text=answer, key=new_id(), by=mentor)
    except RuleBroken:
        return
