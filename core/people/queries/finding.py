"""Finding people by name, role, state, profile and answers."""

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.accounts.models import Person
from core.people.queries.fields import fields
from core.people.rules.finding import ACCOUNT_COLUMNS, Wanted
from core.people.rules.targets import BOTH_ROLES, AnswerColumn, answer_columns
from core.profiles.models import Field, Profile
from core.profiles.rules import Kind

NARROWING = frozenset({Kind.CHOICE.value, Kind.CHOICES.value})


def found(wanted: Wanted) -> QuerySet[Person]:
    """The people whom staff look for, by name."""
    people = Person.objects.filter(support_key=None, erased_at=None)
    for word in wanted.text.split()[:6]:
        people = people.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(email__icontains=word)
            | Q(username__icontains=word)
            | Q(organisation__icontains=word)
        )
    people = _in_role(people, wanted.role)
    if wanted.state in ("active", "waiting"):
        people = people.filter(is_active=True)
    elif wanted.state == "closed":
        people = people.filter(is_active=False)
    if wanted.state == "waiting":
        people = people.filter(last_login=None)
    if wanted.profile:
        lacking = _lacks("mentor") | _lacks("mentee")
        member = Q(is_mentor=True) | Q(is_mentee=True)
        complete = wanted.profile == "complete"
        people = people.filter(member & ~lacking if complete else lacking)
    kinds = {one.key: one.kind for one in choice_fields()}
    for key, option in wanted.answers.items():
        if key in kinds:
            held = [option] if kinds[key] == Kind.CHOICES else option
            people = people.filter(
                Exists(Profile.objects.filter(person=OuterRef("pk"), answers__contains={key: held}))
            )
    return people.order_by("last_name", "first_name", "pk")


def choice_fields() -> list[Field]:
    """The fields with a list of answers, by which people can be narrowed."""
    return [one for one in fields() if one.kind in NARROWING]


def export_columns() -> list[AnswerColumn]:
    """The answers that a file can hold: what both are asked has a column for each."""
    found = [(one.key, one.label, one.audience if one.audience != "both" else one.section.audience)
             for one in fields()]  # fmt: skip
    return [one for one in answer_columns(found) if one.roles != BOTH_ROLES]


def headings(columns: Sequence[str]) -> list[str]:
    """The headings of chosen columns, as an import understands them again."""
    labels = ACCOUNT_COLUMNS | {one.target: one.label for one in export_columns()}
    return [labels[name] for name in columns]


def _in_role(people: QuerySet[Person], role: str) -> QuerySet[Person]:
    match role:
        case "mentor":
            return people.filter(is_mentor=True)
        case "mentee":
            return people.filter(is_mentee=True)
        case "both":
            return people.filter(is_mentor=True, is_mentee=True)
        case "neither":
            return people.filter(is_mentor=False, is_mentee=False)
        case "team":
            return people.filter(is_staff=True)
        case _:
            return people


def _lacks(role: str) -> Q:
    """People in a role whose profile in it is not complete, or not begun."""
    done = Profile.objects.filter(person=OuterRef("pk"), role=role, complete=True)
    return Q(**{f"is_{role}": True}) & ~Q(Exists(done))
