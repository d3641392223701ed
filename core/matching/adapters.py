"""What a change of the profile form would do to the search (product F5)."""

from collections.abc import Iterator

from core.matching.models import SEARCHABLE, Criterion
from core.profiles.models import Field
from core.profiles.rules import Audience, Visibility
from core.profiles.services.foresight import foresees_field
from core.programme.queries import words


@foresees_field
def question_of_the_search(before: Field | None, after: Field) -> Iterator[str]:
    """A question that mentors are searched by, or that a mentee's search starts from."""
    if before is None:
        return
    mentors, mentees = words()["mentor"].plural, words()["mentee"].plural
    criteria = Criterion.objects.filter(active=True)
    was, stays = (_searchable(one, Audience.MENTOR) for one in (before, after))
    if was and not stays and criteria.filter(mentor_field=before).exists():
        yield f"{mentors.capitalize()} would no longer be searched by this."
    asked, stays_asked = (_asked(one, Audience.MENTEE) for one in (before, after))
    if asked and not stays_asked and criteria.filter(mentee_field=before).exists():
        yield f"Searches of {mentees} would no longer start from their answers to this."


def _asked(field: Field, role: Audience) -> bool:
    return field.active and field.kind in SEARCHABLE and field.audience in (role, Audience.BOTH)


def _searchable(field: Field, role: Audience) -> bool:
    return _asked(field, role) and field.visible_to == Visibility.EVERYONE
