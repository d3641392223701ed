"""Where two accounts say different things: what can be chosen, and what is taken unasked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from core.accounts.models import Person
from core.profiles import queries as profile_queries
from core.profiles.models import Profile
from core.profiles.rules import is_empty

KEPT, CLOSED = "kept", "closed"
ACCOUNT_FIELDS: Final = (
    "first_name", "last_name", "email", "job_title", "organisation", "phone", "time_zone",
)  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """One thing that the two say differently. `name` is that of the form's field."""

    name: str
    label: str
    kept: str
    closed: str
    values: tuple[Any, Any] = field(repr=False)


def choices(kept: Person, closed: Person) -> list[Choice]:
    """What staff have to choose: where both say something, and not the same."""
    found = [
        Choice(name, _label(name), str(ours), str(theirs), (ours, theirs))
        for name in ACCOUNT_FIELDS
        if (ours := getattr(kept, name)) and (theirs := getattr(closed, name)) and ours != theirs
    ]
    for role, (own, other) in profiles_of(kept, closed).items():
        if own is None or other is None:
            continue
        for section in profile_queries.form_of(role):
            for one in section.fields:
                pair = (own.answers.get(one.key), other.answers.get(one.key))
                if is_empty(pair[0]) or is_empty(pair[1]) or pair[0] == pair[1]:
                    continue
                ours, theirs = (profile_queries.display(one, value) for value in pair)
                found.append(
                    Choice(
                        f"{role}.{one.key}",
                        f"{one.label} ({role}’s profile)",
                        ours.text if ours else "",
                        theirs.text if theirs else "",
                        pair,
                    )
                )
    return found


def profiles_of(kept: Person, closed: Person) -> dict[str, tuple[Profile | None, Profile | None]]:
    """The two profiles of each role that either of them has."""
    rows = {
        (row.person_id, row.role): row for row in Profile.objects.filter(person__in=(kept, closed))
    }
    return {
        role: (rows.get((kept.pk, role)), rows.get((closed.pk, role)))
        for role in ("mentor", "mentee")
        if (kept.pk, role) in rows or (closed.pk, role) in rows
    }


def decided(kept: Person, closed: Person, chosen: Mapping[str, str]) -> dict[str, Any]:
    """The account's fields as they shall be: chosen, or from whichever side says something."""
    fields = {name: getattr(kept, name) or getattr(closed, name) for name in ACCOUNT_FIELDS}
    for name in ACCOUNT_FIELDS:
        if chosen.get(name) == CLOSED and getattr(closed, name):
            fields[name] = getattr(closed, name)
    return fields


def united(own: Profile, other: Profile, chosen: Mapping[str, str]) -> dict[str, Any]:
    """The answers of one role: chosen, or from whichever side says something."""
    answers = dict(other.answers) | {
        key: value for key, value in own.answers.items() if not is_empty(value)
    }
    for key, value in other.answers.items():
        if chosen.get(f"{own.role}.{key}") == CLOSED and not is_empty(value):
            answers[key] = value
    return answers


def _label(name: str) -> str:
    label = str(Person._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
    return label[:1].upper() + label[1:]
