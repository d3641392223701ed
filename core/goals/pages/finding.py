"""What an address stands for; whoever may not open it is told that there is no such page."""

from uuid import UUID

from django.http import Http404

from core.accounts.models import Person
from core.goals import permissions, queries
from core.goals.models import Goal, Milestone, Review
from core.mentorships import permissions as of_pairs
from core.mentorships import queries as of_mentorships
from core.mentorships.models import Mentorship


def mentorship_of(person: Person, mentorship_id: UUID) -> Mentorship:
    """A relationship of this person; raises Http404."""
    found = of_mentorships.of_person(person, mentorship_id)
    if found is None or not of_pairs.may_see(person, found):
        raise Http404
    return found


def goal_of(person: Person, goal_id: UUID) -> Goal:
    """A goal that this person may read; raises Http404."""
    found = queries.of_person(person, goal_id)
    if found is None or not permissions.may_see(person, found):
        raise Http404
    return found


def own_goal(person: Person, goal_id: UUID) -> Goal:
    """A goal that is this person's own; raises Http404, for the partner too (product E5)."""
    found = goal_of(person, goal_id)
    if not permissions.is_owner(person, found):
        raise Http404
    return found


def own_milestone(person: Person, milestone_id: UUID) -> Milestone:
    """A step of a goal that is this person's own; raises Http404."""
    found = queries.milestone_of(person, milestone_id)
    if found is None or not permissions.is_owner(person, found.goal):
        raise Http404
    return found


def own_review(person: Person, review_id: UUID) -> Review:
    """A note on a goal that is this person's own; raises Http404."""
    found = queries.review_of(person, review_id)
    if found is None or not permissions.is_owner(person, found.goal):
        raise Http404
    return found


def partner_in(mentorship: Mentorship, person: Person) -> Person:
    """The other one of the two."""
    return mentorship.mentee if person.pk == mentorship.mentor_id else mentorship.mentor
