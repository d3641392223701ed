"""For how long each kind of record is kept here, and what would go today."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet

from core.kernel import personal
from core.kernel.clock import now
from core.kernel.personal import Retention
from core.privacy.models import RetentionRun
from core.privacy.queries.erasing import held
from core.privacy.rules import KEY, KIND, Periods
from core.programme.models import Edition

EXAMPLES = 5


@dataclass(frozen=True)
class Standing:
    """A rule as it stands in this institute."""

    rule: Retention
    days: int | None
    last: RetentionRun | None


@dataclass(frozen=True)
class Preview:
    """What would go if a rule were in force with so many days."""

    rule: Retention
    days: int
    count: int
    examples: tuple[str, ...]


def periods() -> dict[str, int]:
    """The periods in force by the key of their rule; a rule that is not named keeps for good."""
    edition = Edition.objects.filter(kind=KIND, key=KEY, retired_at=None).first()
    rules = personal.retentions()
    chosen = Periods.model_validate(edition.document).days if edition else {}
    standing = {
        key: rule.default_days for key, rule in rules.items() if rule.default_days is not None
    }
    if edition is not None:
        standing = dict(chosen)
    return {key: max(days, rules[key].least_days) for key, days in standing.items() if key in rules}


def standing() -> list[Standing]:
    """Every rule by its title, with its period and when it last did something."""
    days = periods()
    last = {run.key: run for run in RetentionRun.objects.order_by("key", "-at").distinct("key")}
    rules = sorted(personal.retentions().values(), key=lambda rule: rule.title)
    return [Standing(rule, days.get(rule.key), last.get(rule.key)) for rule in rules]


def runs() -> QuerySet[RetentionRun]:
    """What went on which day, the latest first."""
    return RetentionRun.objects.order_by("-at")


def due(rule: Retention, days: int) -> QuerySet[Any]:
    """What is older than so many days, without everything about people on whom there is a hold."""
    rows = rule.due(now() - timedelta(days=days))
    for kept in _entries_of(rows):
        for person in held():
            rows = rows.exclude(pk__in=personal.rows_of(kept, person).values("pk"))
    return rows


def preview(rule: Retention, days: int, *, by_name: bool) -> Preview:
    """How many rows would go, and the names of a few for those who may read them."""
    rows = due(rule, days)
    examples = tuple(rule.example(row) for row in rows.order_by("pk")[:EXAMPLES]) if by_name else ()
    return Preview(rule, days, rows.count(), examples)


def _entries_of(rows: QuerySet[Any]) -> Iterator[personal.Kept]:
    yield personal.kept_as(rows.model._meta.label)
