"""What happens to canvases: one function a thing, each in one transaction (product E2, E3)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import transaction

from core.accounts.models import Person
from core.canvases import errors, permissions, queries, rules
from core.canvases.models import Aside, Sheet, Version
from core.canvases.rules import BOX_LENGTH, KIND, TITLE, TITLE_LENGTH, Design, Given
from core.kernel import audit
from core.kernel.clock import now
from core.mentorships.models import Mentorship
from core.programme import services as of_programme
from core.programme.models import Edition

NOT_NOW = (
    "Canvases can be read, but not changed: they belong to the time in which you work together."
)


@dataclass
class Outcome:
    """What came of a save. Clashes wait for the person's choice, their text is kept beside."""

    sheet: Sheet
    written: set[str] = field(default_factory=set)
    clashes: set[str] = field(default_factory=set)
    refused: dict[str, str] = field(default_factory=dict)


@transaction.atomic
def begin(mentorship: Mentorship, kind: str, *, by: Person) -> Sheet:
    """A new canvas of the design in force. An untouched one of the same person is taken up again,
    so that a second click makes no second canvas.

    Errors: NotTheirs, NotWorkingTogether, NoSuchDesign, TooMany.
    """
    two = Mentorship.objects.select_for_update().get(pk=mentorship.pk)  # one click at a time
    _check_writing(two, by)
    edition = queries.edition(kind)
    if edition is None:
        raise errors.NoSuchDesign("There is no such canvas.")
    standing = list(queries.together(two, kind))
    for sheet in standing:
        if sheet.made_by_id == by.pk and sheet.edition_id == edition.pk and _untouched(sheet):
            return sheet
    if len(standing) >= rules.SHEETS_A_KIND:
        raise errors.TooMany(
            f"You have {rules.SHEETS_A_KIND} of these already. Delete some that you no longer need."
        )
    title = queries.default_title(str(edition.document["label"]))
    sheet = Sheet.objects.create(
        mentorship=two, edition=edition, kind=kind, title=title, made_by=by, changed_by=by
    )
    audit.record("canvas.begun", thing=sheet, by=by, kind=kind)
    return sheet


@transaction.atomic
def save(sheet: Sheet, given: Mapping[str, Given], *, by: Person, typing: bool = False) -> Outcome:
    """Write what somebody sends into the boxes; what the partner changed meanwhile stays too.

    Boxes that only one of the two changed come together by themselves. Where both changed one,
    nothing is overwritten: the text is kept beside it until its writer chooses. `typing` marks a
    save that the page made by itself. A canvas that was deleted meanwhile takes texts as well.
    Errors: NotTheirs, NotWorkingTogether.
    """
    kept = _locked(sheet)
    _check_writing(kept.mentorship, by)
    outcome = Outcome(kept)
    standing = kept.standing()
    for key in standing.keys() & given.keys():
        _settle(outcome, key, standing[key], given[key], by)
    if outcome.written:
        kept.changed_by, kept.changed_at = by, now()
        kept.save()
    if outcome.written or not typing:
        _keep_version(kept, by, wrote=bool(outcome.written), typing=typing)
    return outcome


def _settle(outcome: Outcome, key: str, current: str, given: Given, by: Person) -> None:
    sheet = outcome.sheet
    between = " / " if key == TITLE else "\n\n"
    settled = rules.settle(current, given, between=between)
    beside = Aside.objects.filter(sheet=sheet, person=by, key=key)
    if settled.clash:
        outcome.clashes.add(key)
        Aside.objects.update_or_create(
            sheet=sheet,
            person=by,
            key=key,
            defaults={"text": rules.plain(given.text)[:BOX_LENGTH * 2], "base": given.base[:16],
                      "at": now()},
        )  # fmt: skip
        return
    wanted = " ".join(settled.text.split()) if key == TITLE else settled.text
    most = TITLE_LENGTH if key == TITLE else BOX_LENGTH
    if key == TITLE and not wanted:
        outcome.refused[key] = "Give the canvas a title."
        return
    if wanted != current and len(wanted) > most:
        outcome.refused[key] = f"Use {most:,} characters or fewer. You have used {len(wanted):,}."
        return
    beside.delete()
    if wanted == current:
        return
    if key == TITLE:
        sheet.title = wanted
    else:
        sheet.texts = {**sheet.texts, key: wanted}
    sheet.writers = {**sheet.writers, key: str(by.pk)}
    outcome.written.add(key)


@transaction.atomic
def bring_version_back(version: Version, *, by: Person) -> Sheet:
    """Let the canvas stand as it stood then; what stands now is a version too, so nothing is lost.

    Errors: NotTheirs, NotWorkingTogether.
    """
    sheet = _locked(version.sheet)
    _check_writing(sheet.mentorship, by)
    before = sheet.standing()
    sheet.title = version.title
    sheet.texts = {**sheet.texts, **dict.fromkeys(sheet.texts, ""), **version.texts}
    changed = {key for key, text in sheet.standing().items() if before[key] != text}
    if changed:
        sheet.writers = {**sheet.writers, **dict.fromkeys(changed, str(by.pk))}
        sheet.changed_by, sheet.changed_at = by, now()
        sheet.save()
        _add_version(sheet, by, typing=False, from_number=version.number)
    return sheet


@transaction.atomic
def remove(sheet: Sheet, *, by: Person) -> Sheet:
    """Delete a canvas for both; it can be brought back for a while. Twice is once.

    Errors: NotTheirs, NotWorkingTogether.
    """
    kept = _locked(sheet)
    _check_writing(kept.mentorship, by)
    if kept.removed_at is None:
        kept.removed_at, kept.removed_by = now(), by
        kept.save(update_fields=["removed_at", "removed_by"])
        audit.record("canvas.removed", thing=kept, by=by, kind=kept.kind)
    return kept


@transaction.atomic
def restore(sheet: Sheet, *, by: Person) -> Sheet:
    """Undo a deletion. Errors: NotTheirs, NotWorkingTogether."""
    kept = _locked(sheet)
    _check_writing(kept.mentorship, by)
    if kept.removed_at is not None:
        kept.removed_at = kept.removed_by = None
        kept.save(update_fields=["removed_at", "removed_by"])
        audit.record("canvas.restored", thing=kept, by=by, kind=kept.kind)
    return kept


def clear_out() -> int:
    """Delete for good what was deleted long ago; returns how many canvases that were."""
    rows = Sheet.objects.filter(removed_at__lt=now() - rules.UNDO)
    _, counted = rows.delete()
    return counted.get(Sheet._meta.label, 0)


def publish_design(key: str, design: Design, *, by: Person) -> Edition:
    """Put a new version of a design into force; canvases that were begun keep theirs."""
    return of_programme.publish(KIND, key, design.model_dump(mode="json"), by=by)


@transaction.atomic
def retire_design(edition: Edition, *, by: Person) -> None:
    """Nobody begins a canvas of this design from now on; those that were begun stay."""
    of_programme.retire(KIND, edition.key)
    audit.record("canvas.retired", thing=edition, by=by, key=edition.key)
    queries.forget_labels()


def _locked(sheet: Sheet) -> Sheet:
    rows = Sheet.objects.select_for_update(of=("self",))
    return rows.select_related("mentorship__mentor", "mentorship__mentee", "edition").get(
        pk=sheet.pk
    )


def _check_writing(mentorship: Mentorship, by: Person) -> None:
    if not permissions.may_see(by, mentorship):
        raise errors.NotTheirs("There is nothing here that you can do.")
    if not permissions.may_write(by, mentorship):
        raise errors.NotWorkingTogether(NOT_NOW)


def _untouched(sheet: Sheet) -> bool:
    return sheet.is_blank and not sheet.writers


def _keep_version(sheet: Sheet, by: Person, *, wrote: bool, typing: bool) -> None:
    """Saves while typing gather in one version, until somebody presses Save or time goes by."""
    last = sheet.versions.first()
    gathers = last is not None and last.gathers and last.by_id == by.pk
    if last is None or not gathers or now() - last.began_at >= rules.GATHERS:
        if wrote:
            _add_version(sheet, by, typing=typing)
        return
    last.title, last.texts = sheet.title, sheet.texts
    last.saved_at, last.gathers = now(), typing
    last.save()


def _add_version(
    sheet: Sheet, by: Person, *, typing: bool, from_number: int | None = None
) -> Version:
    last = sheet.versions.first()
    made = Version.objects.create(
        sheet=sheet,
        number=last.number + 1 if last else 1,
        by=by,
        title=sheet.title,
        texts=sheet.texts,
        gathers=typing,
        from_number=from_number,
    )
    if made.number > rules.VERSIONS_KEPT:
        sheet.versions.filter(number__lte=made.number - rules.VERSIONS_KEPT).delete()
    return made
