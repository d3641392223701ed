"""The answers by which figures can be narrowed."""

from dataclasses import dataclass

from django.db.models import Prefetch

from core.insights.rules import segment_parts
from core.profiles.models import Field, Option
from core.profiles.rules import Kind
from core.programme.queries import in_our_words

_YES_NO = (("yes", "Yes"), ("no", "No"))


@dataclass(frozen=True)
class Question:
    """A field with a list of answers, or yes and no."""

    key: str
    label: str
    answers: tuple[tuple[str, str], ...]

    @property
    def segments(self) -> list[tuple[str, str]]:
        """The segments of its answers with their names."""
        return [(f"{self.key}={answer}", label) for answer, label in self.answers]


def questions() -> list[Question]:
    """Every field of profiles that people can be told apart by, in the institute's order."""
    fields = Field.objects.filter(
        active=True, kind__in=[Kind.CHOICE, Kind.CHOICES, Kind.BOOLEAN]
    ).prefetch_related(Prefetch("options", Option.objects.filter(active=True), "answers_now"))
    found = []
    for field in fields:
        options: list[Option] = field.answers_now
        answers = (
            _YES_NO
            if field.kind == Kind.BOOLEAN
            else tuple((option.key, option.label) for option in options)
        )
        if answers:
            found.append(Question(field.key, in_our_words(field.label), answers))
    return found


def name_of(segment: str, among: list[Question]) -> str | None:
    """ "Region: Wales"; None when there is no such answer, "" for everybody."""
    if not segment:
        return ""
    key, answer = segment_parts(segment)
    for question in among:
        if question.key == key:
            label = dict(question.answers).get(answer)
            return f"{question.label}: {label}" if label else None
    return None
