"""The institute's criteria as the rules use them."""

from collections.abc import Iterable, Mapping

from django.db.models import Prefetch, QuerySet

from core.accounts.models import Person
from core.matching.models import Criterion
from core.matching.rules import Choice, Question, Wanted, wanted_from_answers
from core.profiles.models import Option
from core.profiles.queries import profile_of
from core.profiles.rules import Audience, Kind, Visibility

_YES_NO = (Choice("yes", "Yes"), Choice("no", "No"))


def questions() -> list[Question]:
    """What mentors can be searched by now, in the institute's order; two queries (product B3).

    A criterion whose field was taken out of use, hidden from members, or left without answers is
    no question.
    """
    return questions_of(all_criteria().filter(active=True))


def all_criteria() -> QuerySet[Criterion]:
    """Every criterion with what `questions_of` reads of it, in the institute's order."""
    return Criterion.objects.select_related("mentor_field", "mentee_field").prefetch_related(
        Prefetch("mentor_field__options", Option.objects.filter(active=True), "choices_now")
    )


def questions_of(criteria: Iterable[Criterion]) -> list[Question]:
    """The questions that these criteria make, saved or not; they come from `all_criteria`."""
    return [
        question
        for one in criteria
        if one.active
        and one.mentor_field.active
        and one.mentor_field.visible_to == Visibility.EVERYONE
        and (question := _question(one)).choices
    ]


def indexed_keys() -> list[str]:
    """The keys of the fields whose answers are words of the index."""
    return list(Criterion.objects.values_list("mentor_field__key", flat=True))


def profile_answers(mentee: Person) -> Mapping[str, object]:
    """The answers of the mentee's profile, empty when there is none."""
    profile = profile_of(mentee, Audience.MENTEE)
    return profile.answers if profile else {}


def wanted_of(mentee: Person) -> Wanted:
    """The search that the mentee's profile speaks of (product B5)."""
    return wanted_from_answers(questions(), profile_answers(mentee))


def _question(criterion: Criterion) -> Question:
    field, start = criterion.mentor_field, criterion.mentee_field
    if field.kind == Kind.BOOLEAN:
        choices: tuple[Choice, ...] = _YES_NO
    else:
        options: list[Option] = field.choices_now  # type: ignore[attr-defined]
        choices = tuple(Choice(option.key, option.label) for option in options)
    return Question(
        key=field.key,
        label=field.label,
        any_label=criterion.any_label or "Any",
        choices=choices,
        weight=criterion.weight,
        exact_allowed=criterion.exact_allowed,
        # A mentee who says "one of these" and a mentor who has one answer can still overlap.
        many=field.kind == Kind.CHOICES or (start is not None and start.kind == Kind.CHOICES),
        answer_key=start.key if start is not None and start.active else "",
    )
