"""Goals of a pair, with what stands under them."""

from core.accounts.models import Person
from core.goals.models import Goal, Milestone, Review
from core.kernel.clock import now
from core.mentorships.models import Mentorship


def make_goal(mentorship: Mentorship, *, owner: Person, completed: bool = False) -> Goal:
    """A goal with a milestone and a review."""
    goal = Goal.objects.create(
        mentorship=mentorship,
        owner=owner,
        label="Lead the weekly meeting",
        completed_at=now() if completed else None,
    )
    Milestone.objects.create(goal=goal, text="Watch two others lead it")
    Review.objects.create(goal=goal, body="It went better than I thought.")
    return goal
