"""People who can mentor each other, and mentorships in any state."""

from itertools import count
from typing import Any

from core.accounts.models import Person
from core.kernel.clock import now
from core.mentorships import queries
from core.mentorships.models import Mentorship, MentorshipStep
from core.mentorships.states import Action, Role, State
from core.profiles.models import Profile

STATEMENT = (
    "I lead a small team for the first time.\n\n"
    "I would like to learn how to give feedback that helps, and you have done it for years."
)
_numbers = count(1)


def make_person(name: str = "", **fields: Any) -> Person:
    """A person with contact details that can be told from everybody else's."""
    number = next(_numbers)
    first, _, last = (name or f"Ansel{number} Quill{number}").partition(" ")
    return Person.objects.create_user(
        f"person{number}",
        f"person{number}@people.example",
        **{
            "first_name": first,
            "last_name": last,
            "job_title": f"Title{number}",
            "organisation": f"House{number}",
            "phone": f"0700 {number:06}",
            **fields,
        },
    )


def make_mentor(name: str = "", *, capacity: int | None = 2, **fields: Any) -> Person:
    """A mentor whose profile is complete and who has room."""
    person = make_person(name, **{"is_mentor": True, **fields})
    make_profile(person, "mentor", capacity=capacity)
    return person


def make_mentee(name: str = "", **fields: Any) -> Person:
    """A mentee whose profile is complete."""
    person = make_person(name, **{"is_mentee": True, **fields})
    make_profile(person, "mentee")
    return person


def make_profile(person: Person, role: str, **fields: Any) -> Profile:
    """A complete profile without answers."""
    at = now()
    return Profile.objects.create(
        person=person, role=role, complete=True, completed_at=at, updated_at=at, **fields
    )


def make_mentorship(
    *,
    mentor: Person | None = None,
    mentee: Person | None = None,
    state: State = State.PROPOSED,
    **fields: Any,
) -> Mentorship:
    """A row in any state, without the mails of the way there."""
    at = now()
    mentorship = Mentorship.objects.create(
        mentor=mentor or make_mentor(),
        mentee=mentee or make_mentee(),
        state=state.value,
        **{"statement": STATEMENT, "area_label": "Finding one's feet", **fields},
    )
    MentorshipStep.objects.create(
        mentorship=mentorship,
        action=Action.SEND.value,
        after=State.PROPOSED.value,
        by=mentorship.mentee,
        role=Role.MENTEE.value,
        at=at,
    )
    return mentorship


def an_area() -> str:
    """The key of an area that can be asked for here; empty where the institute has none."""
    areas = queries.areas(queries.area_field(), None)
    return areas[0].key if areas else ""
