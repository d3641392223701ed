"""What the society knows of a member, put into their profiles."""

from collections.abc import Mapping
from typing import Any

from core.accounts.models import Person
from core.profiles import queries as profiles
from core.profiles import services as profile_services
from core.profiles.errors import AnswersRefused


def put_answers(person: Person, answers: Mapping[str, Any]) -> tuple[str, ...]:
    """Write answers by field key into the profiles of a person's roles; gives which were kept.

    Fields that a role is not asked and values that the form refuses are left out; all other
    answers stay as they are. The same answers once more change nothing.
    """
    kept: set[str] = set()
    for role in person.roles if answers else ():
        kept |= _put(person, role, answers)
    return tuple(sorted(kept))


def _put(person: Person, role: str, answers: Mapping[str, Any]) -> set[str]:
    asked = {one.key for part in profiles.form_of(role) for one in part.fields}
    profile = profiles.profile_of(person, role)
    held: dict[str, Any] = dict(profile.answers) if profile else {}
    fresh = {
        key: value for key, value in answers.items() if key in asked and held.get(key) != value
    }
    while fresh:
        try:
            profile_services.save_profile(person, role, {**held, **fresh}, by=person, draft=True)
        except AnswersRefused as refused:
            wrong = fresh.keys() & refused.messages.keys()
            if not wrong:  # something that was there already does not fit any more
                return set()
            fresh = {key: value for key, value in fresh.items() if key not in wrong}
        else:
            return set(fresh)
    return set()
