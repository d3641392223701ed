"""Who may do what on a journey: the two, and changing only while they work together."""

from core.accounts.models import Person
from core.journey.models import Run
from core.journey.rules import Side
from core.mentorships import permissions
from core.mentorships.models import Mentorship
from core.mentorships.states import Role


def side_of(person: Person, mentorship: Mentorship) -> Side | None:
    """Which of the two this is; None for everybody else."""
    role = permissions.role_of(person, mentorship)
    if role is Role.MENTOR:
        return Side.MENTOR
    return Side.MENTEE if role is Role.MENTEE else None


def may_read(person: Person, run: Run) -> bool:
    """The two alone, for good; staff see who runs on which version, never what was written."""
    return side_of(person, run.mentorship) is not None


def may_work(person: Person, run: Run) -> bool:
    """Mark stages and fill in activities: on the present journey, while it runs."""
    return may_read(person, run) and run.mentorship.is_active and run.over_at is None
