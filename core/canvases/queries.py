"""Reading canvases: designs in force, sheets of two partners, their history."""

from contextlib import suppress
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from django.core.cache import cache
from django.db.models import Count, QuerySet
from redis.exceptions import RedisError

from core.accounts.models import Person
from core.canvases.models import Aside, Sheet, Version
from core.canvases.rules import KIND, TITLE, Design, mark
from core.kernel.clock import now
from core.mentorships.models import Mentorship
from core.programme import queries as of_programme
from core.programme.models import Edition

LABELS_KEY = "canvases:labels"
_SECONDS = 60


def designs() -> dict[str, Design]:
    """The designs in force, by key."""
    found = of_programme.editions(KIND)
    return {key: Design.model_validate(one.document) for key, one in found.items()}


def edition(kind: str) -> Edition | None:
    """The edition in force of one design."""
    return of_programme.edition(KIND, kind)


def latest_edition(kind: str) -> Edition | None:
    """The edition in force or, of a design that is no longer used, the last one."""
    return Edition.objects.filter(kind=KIND, key=kind).order_by("-number").first()


def latest_editions() -> list[tuple[Edition, int]]:
    """The last version of every design that there ever was, those in force first, each with the
    number of sheets that were begun with any version of it."""
    rows = Edition.objects.filter(kind=KIND).order_by("key", "-number").distinct("key")
    counts = Sheet.objects.values_list("kind").annotate(number=Count("id")).order_by()
    begun = dict(counts)
    found = [(one, begun.get(one.key, 0)) for one in rows]
    return sorted(found, key=lambda pair: pair[0].retired_at is not None)


def keys_ever() -> set[str]:
    """The keys of all designs, those that are no longer used too."""
    return set(Edition.objects.filter(kind=KIND).values_list("key", flat=True))


def labels() -> dict[str, str]:
    """What the designs in force are called, for menus: from the cache for a minute at most."""
    try:
        known = cast("dict[str, str] | None", cache.get(LABELS_KEY))
        if known is None:
            known = _labels()
            cache.set(LABELS_KEY, known, _SECONDS)
    except RedisError:  # pages stay up without the cache
        return _labels()
    return known


def forget_labels() -> None:
    """A design was published or retired."""
    with suppress(RedisError):  # what cannot be reached holds nothing for long
        cache.delete(LABELS_KEY)


def _labels() -> dict[str, str]:
    return {key: str(one.document["label"]) for key, one in of_programme.editions(KIND).items()}


def _with_people() -> QuerySet[Sheet]:
    return Sheet.objects.select_related(
        "mentorship__mentor", "mentorship__mentee", "edition", "changed_by", "removed_by"
    )


def of_person(person: Person, sheet_id: UUID) -> Sheet | None:
    """One canvas of this person, a removed one too; None when it is none of theirs."""
    found = _with_people().filter(pk=sheet_id).first()
    if found is None or not person.is_active:
        return None
    two = found.mentorship
    return found if person.pk in (two.mentor_id, two.mentee_id) else None


def together(mentorship: Mentorship, kind: str) -> QuerySet[Sheet]:
    """What the two have of one kind, latest change first."""
    return _with_people().filter(mentorship=mentorship, kind=kind, removed_at=None)


def removed(mentorship: Mentorship, kind: str) -> QuerySet[Sheet]:
    """What can still be brought back, latest first."""
    rows = _with_people().filter(mentorship=mentorship, kind=kind, removed_at__isnull=False)
    return rows.order_by("-removed_at", "-id")


def has_any(mentorship: Mentorship, kind: str) -> bool:
    """Whether the two have ever had one of this kind."""
    return Sheet.objects.filter(mentorship=mentorship, kind=kind).exists()


@dataclass(frozen=True)
class Waiting:
    """Two texts for one box: what stands there, and what its writer has kept beside it."""

    mine: str
    theirs: str
    base: str
    seen: str
    who: str


def waiting(sheet: Sheet, person: Person) -> dict[str, Waiting]:
    """The boxes for which this person has to choose, by key."""
    standing = sheet.standing()
    partner = sheet.partner_of(person)
    name = partner.first_name or partner.full_name
    theirs = f"{name} changed this while you were writing."
    return {
        aside.key: Waiting(
            mine=aside.text,
            theirs=standing[aside.key],
            base=aside.base,
            seen=mark(standing[aside.key]),
            who="You changed this in another window."
            if sheet.writers.get(aside.key) == str(person.pk)
            else theirs,
        )
        for aside in Aside.objects.filter(sheet=sheet, person=person)
        if aside.key in standing and aside.text != standing[aside.key]
    }


@dataclass(frozen=True)
class Moment:
    """One line of the history, with the boxes that it changed."""

    version: Version
    changed: list[str]


def versions(sheet: Sheet) -> QuerySet[Version]:
    """The saved versions, latest first."""
    return sheet.versions.select_related("by")


def moments(sheet: Sheet, shown: list[Version]) -> list[Moment]:
    """What each of these neighbouring versions changed: one query."""
    if not shown:
        return []
    earlier = sheet.versions.filter(number__lt=shown[-1].number).order_by("-number").first()
    result = []
    for at, version in enumerate(shown):
        former = shown[at + 1] if at + 1 < len(shown) else earlier
        result.append(Moment(version, changed_labels(sheet, former, version)))
    return result


def changed_labels(sheet: Sheet, former: Version | None, version: Version) -> list[str]:
    """The labels of what is different in a version."""
    old = former.texts if former else {}
    found = [
        box.label
        for box in sheet.design.boxes
        if old.get(box.key, "") != version.texts.get(box.key, "")
    ]
    if former is not None and former.title != version.title:
        found.insert(0, TITLE.capitalize())
    return found


def version_of(sheet: Sheet, version_id: UUID) -> Version | None:
    """One version of this canvas."""
    return versions(sheet).filter(pk=version_id).first()


def default_title(label: str) -> str:
    """What a new canvas is called until somebody gives it a name."""
    today = now()
    return f"{label}, {today.day} {today:%B %Y}"
