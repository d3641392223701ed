"""What the people of a demo institute want to reach, and how far they are."""

from datetime import datetime, timedelta
from random import Random

from core.accounts.models import Person
from core.goals import services
from core.goals.models import Goal
from core.kernel import clock
from core.mentorships.models import Mentorship
from core.mentorships.states import State

LABELS = (
    "Lead the weekly meeting four times",
    "Say no twice a month, and say why",
    "Read one report a week and write three lines about it",
    "Talk to five people whose job I would like to know",
)
DETAILS = (
    "I want everybody to have spoken at the end of each meeting. Afterwards I ask two colleagues "
    "what they took from it, and write down what I would do again."
)
STEPS = ("Watch how two others do it", "Prepare the first one together", "Do it once", "Look back")
REVIEW = "The first time was too long. The second time I put a clock on the table, and it helped."
OUTCOME = "Done, and it no longer keeps me awake the night before. I will go on with it."


def fill(dice: Random, known: dict[str, Person], at: datetime) -> None:
    """Goals of mentees who work with a mentor: some on the way, one overdue, one reached."""
    active = Mentorship.objects.filter(state=State.ACTIVE).select_related("mentor", "mentee")
    people = {one.pk for one in known.values()}
    for mentorship in active.order_by("sent_at", "id"):
        begun = max(mentorship.answered_at or at, at - timedelta(days=40))
        if {mentorship.mentor_id, mentorship.mentee_id} & people:
            _on_the_way(mentorship, begun, at)
            _reached(mentorship, begun, at)
            _overdue(mentorship, begun, at)
        elif dice.random() < 0.6:
            with clock.frozen(begun + timedelta(days=1)):
                _add(mentorship, dice.choice(LABELS), at + timedelta(days=dice.randint(5, 60)))


def _on_the_way(mentorship: Mentorship, begun: datetime, at: datetime) -> None:
    with clock.frozen(begun + timedelta(days=1)):
        goal = _add(mentorship, LABELS[0], at + timedelta(days=6), DETAILS)
        steps = [services.add_milestone(goal, by=goal.owner, text=text) for text in STEPS]
    with clock.frozen(at - timedelta(days=2)):
        for step in steps[:2]:
            services.tick(step, by=goal.owner, done=True)
        services.write_review(goal, by=goal.owner, body=REVIEW)


def _reached(mentorship: Mentorship, begun: datetime, at: datetime) -> None:
    with clock.frozen(begun + timedelta(days=1)):
        goal = _add(mentorship, LABELS[2], at + timedelta(days=20))
    with clock.frozen(at - timedelta(days=1)):
        services.complete(goal, by=goal.owner, outcome=OUTCOME)


def _overdue(mentorship: Mentorship, begun: datetime, at: datetime) -> None:
    with clock.frozen(min(begun, at - timedelta(days=9))):
        _add(mentorship, LABELS[1], at - timedelta(days=2))


def _add(mentorship: Mentorship, label: str, due: datetime, details: str = "") -> Goal:
    return services.add(
        mentorship, by=mentorship.mentee, label=label, details=details, expected_on=due.date()
    )
