"""Files of people: uploaded, checked, carried out in one transaction (product F4)."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, BinaryIO
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import IntegrityError, connection, transaction

from core.accounts import queries as accounts
from core.accounts.models import Person
from core.kernel import audit, files
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.kernel.jobs import Tell
from core.people.models import Import, ImportKind, ImportRow, ImportState, Outcome
from core.people.permissions import may_change_people
from core.people.queries.fields import columns
from core.people.rules import table, targets
from core.people.rules.cells import shown
from core.people.rules.options import Options
from core.people.services import members
from core.people.services.judging import Judge, Row
from core.people.services.putting import Putting

LAPSES = "lapses"
"""Among the counts of a dry run: how many memberships the file ends."""
NOT_ANY_MORE = "Your role on the team no longer lets you import people."


def upload(file: BinaryIO, *, name: str, kind: ImportKind, by: Person) -> Import:
    """Keep a file for a short time, and find out how it is to be read.

    Errors: RuleBroken with a sentence when it is no CSV file, is too large or holds a virus.
    """
    file.seek(0)
    content = file.read(table.LARGEST + 1)
    if len(content) > table.LARGEST:
        raise RuleBroken(f"The file is larger than {table.LARGEST // 1_000_000} MB. Split it.")
    try:
        files.scan(file)
        encoding = table.encoding_of(content)
        text = table.text_of(content, encoding)
        delimiter = table.delimiter_of(text)
        header = table.header_of(text, delimiter)
    except files.Unfit as unfit:
        raise RuleBroken(f"The file {unfit.message}") from None
    except table.Unreadable as unreadable:
        raise RuleBroken(str(unreadable)) from None
    stored_as = default_storage.save("imports/people.csv", ContentFile(content))
    with transaction.atomic():
        made = Import.objects.create(
            kind=kind,
            file_name=shown(name)[-160:] or "people.csv",
            stored_as=stored_as,
            encoding=encoding,
            delimiter=delimiter,
            header=header,
            mapping=_guessed(kind, header),
            options=Options(invite=True).model_dump(),
            made_by=by,
        )
        audit.record("people.file_uploaded", thing=made, by=by, name=made.file_name)
    return made


@transaction.atomic
def read_otherwise(source: Import, *, encoding: str, delimiter: str) -> Import:
    """Read the file with other letters or another delimiter; its columns are found anew.

    Errors: RuleBroken when the file cannot be read so, or while a job works on it.
    """
    source = _idle(source.pk)
    try:
        with default_storage.open(source.stored_as) as opened:
            text = table.text_of(opened.read(), encoding)
        header = table.header_of(text, delimiter)
    except table.Unreadable as unreadable:
        raise RuleBroken(str(unreadable)) from None
    except FileNotFoundError:
        raise RuleBroken("The file is not kept any more. Upload it again.") from None
    source.encoding, source.delimiter, source.header = encoding, delimiter, header
    source.mapping = _guessed(ImportKind(source.kind), header)
    return _unchecked(source)


@transaction.atomic
def decide(source: Import, *, mapping: list[str], options: Options) -> Import:
    """Say what each column holds and what shall be done; a former check counts no more.

    Errors: RuleBroken while a job works on the file.
    """
    source = _idle(source.pk)
    source.mapping, source.options = mapping, options.model_dump()
    return _unchecked(source)


def check(source_id: UUID, tell: Tell) -> str:
    """The dry run: write down what each row would do. Within the job's transaction."""
    source = _held(source_id, ImportState.UPLOADED, ImportState.CHECKED)
    judge = Judge(source)
    total, done = judge.total(), 0
    source.rows.all().delete()
    counts: Counter[str] = Counter()
    lapses = 0
    for chunk in judge.chunks():
        ImportRow.objects.bulk_create(_written(source, row) for row in chunk)
        counts.update(row.outcome.value for row in chunk)
        lapses += sum(map(members.lapses, chunk))
        done += len(chunk)
        tell(done, total)
    source.state, source.counts = (
        ImportState.CHECKED,
        {**counts, **({LAPSES: lapses} if lapses else {})},
    )
    source.save(update_fields=["state", "counts"])
    return f"{total:,} rows checked. Nothing is imported yet."


def carry_out(source_id: UUID, by_id: UUID, tell: Tell) -> str:
    """Import the file: everything or nothing. Within the job's transaction.

    What the rows do is decided once more, with the people concerned held still.
    Errors: RuleBroken when rows are refused and staff did not say to leave them out, when somebody
    else was first, or when whoever ordered it may not import any more.
    """
    source = _held(source_id, ImportState.CHECKED)
    by = Person.objects.filter(pk=by_id).first()
    if by is None or not may_change_people(by):
        raise RuleBroken(NOT_ANY_MORE)
    one_at_a_time()
    judge = Judge(source)
    total, done = judge.total(), 0
    _hold(judge.addresses())
    source.rows.all().delete()
    counts: Counter[str] = Counter()
    putting = Putting(source, judge.options, by)
    try:
        for chunk in judge.chunks():
            refused = [row for row in chunk if row.outcome == Outcome.REFUSED]
            if refused and not judge.options.skip_refused:
                raise RuleBroken(
                    f"Line {refused[0].number} is refused now: {refused[0].problems[0][1]} Check "
                    "the file once more, or say that refused rows are left out."
                )
            made = putting.put(chunk)
            ImportRow.objects.bulk_create(
                _written(source, row, made.get(row.number)) for row in chunk
            )
            counts.update(row.outcome.value for row in chunk)
            done += len(chunk)
            tell(done, total)
        putting.finish()
        connection.check_constraints()
    except IntegrityError:
        raise RuleBroken(
            "Somebody registered with one of these addresses or usernames meanwhile. Check the "
            "file once more."
        ) from None
    source.state, source.counts, source.done_at = ImportState.DONE, dict(counts), now()
    source.save(update_fields=["state", "counts", "done_at"])
    audit.record("people.imported", thing=source, by=by, name=source.file_name, **counts)
    return _told(source, counts)


@transaction.atomic
def forget(source: Import, *, by: Person) -> None:
    """Throw a file away that was not imported. Errors: RuleBroken while a job works on it."""
    source = _idle(source.pk)
    audit.record("people.file_removed", thing=source, by=by, name=source.file_name)
    stored_as = source.stored_as
    source.delete()
    transaction.on_commit(lambda: default_storage.delete(stored_as), robust=True)


def _told(source: Import, counts: Mapping[str, int]) -> str:
    new, changed = counts.get(Outcome.NEW, 0), counts.get(Outcome.CHANGED, 0)
    left = counts.get(Outcome.REFUSED, 0)
    if source.kind == ImportKind.INVITATIONS:
        said = f"{new:,} {'person is' if new == 1 else 'people are'} invited."
    else:
        said = f"{new:,} new, {changed:,} changed."
    return f"{said} {left:,} refused rows were left out." if left else said


def _idle(source_id: UUID) -> Import:
    """A file that no job works on, held: a page does not wait for the end of a long job."""
    free = Import.objects.select_for_update(skip_locked=True).filter(pk=source_id)
    if free.first() is None:
        raise RuleBroken("Somebody works on this file just now. Look again in a moment.")
    return _held(source_id, ImportState.UPLOADED, ImportState.CHECKED)


def _held(source_id: UUID, *states: ImportState) -> Import:
    source = Import.objects.select_for_update().filter(pk=source_id).first()
    if source is None:
        raise RuleBroken("This file is not here any more.")
    if source.state not in states:
        if source.state == ImportState.UPLOADED:
            raise RuleBroken("Check the file first: something was changed since the last time.")
        raise RuleBroken("This file was imported already.")
    return source


def _unchecked(source: Import) -> Import:
    source.state, source.counts = ImportState.UPLOADED, {}
    source.save()
    source.rows.all().delete()
    return source


def _guessed(kind: ImportKind, header: list[str]) -> list[str]:
    mapping = targets.guessed(header, columns())
    if kind == ImportKind.INVITATIONS:
        return [target if target in targets.INVITED else "" for target in mapping]
    return mapping


def _written(source: Import, row: Row, made: "Any" = None) -> ImportRow:
    problems = row.problems if row.problems else ([["", row.note]] if row.note else [])
    if row.outcome == Outcome.ERASED:  # who was erased is not written down anew
        row.email, row.account = "", {}
    return ImportRow(
        source=source,
        number=row.number,
        outcome=row.outcome,
        email=row.email,
        name=row.name[:180],
        problems=problems,
        person_key=made.person_key if made else (row.person.pk if row.person else None),
        before=made.before if made else {},
        after=made.after if made else {},
    )


def one_at_a_time() -> None:
    """One import of an institute after the other, until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext(current_schema() || ':imports'))")


def _hold(addresses: set[str]) -> None:
    """Hold the accounts of these people still, and make way where nobody ever confirmed.

    The order of keys rules out deadlocks with members who save meanwhile.
    """
    people = Person.objects.extra(where=["lower(email) = any(%s)"], params=[list(addresses)])
    list(people.order_by("pk").select_for_update(no_key=True).values_list("pk", flat=True))
    for stranger in accounts.unconfirmed().filter(pk__in=people.values("pk")):
        audit.record("unconfirmed registration removed", thing=stranger)
        stranger.delete()
