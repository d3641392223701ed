"""A copy of everything that is stored about somebody: data.json, a PDF, and their files (A12)."""

import json
from contextlib import suppress
from datetime import timedelta
from tempfile import TemporaryFile
from typing import IO, Any
from uuid import UUID
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.urls import reverse

from core.accounts.models import Person
from core.kernel import audit, jobs, limits, pdf
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.kernel.jobs import Tell
from core.kernel.links import absolute
from core.kernel.models import Job
from core.kernel.personal import Kind
from core.privacy.models import Export
from core.privacy.models.exports import KEPT
from core.privacy.queries import copying, stored
from core.privacy.queries.erasing import accounts_of
from core.privacy.queries.retention import periods
from core.privacy.services.booklet import Booklet
from core.programme.queries import current
from core.programme.services import write_mail

SCHEMA = "ithaca-personal-data"
VERSION = 1
A_DAY = 86_400
AT_MOST = 5
CHUNK = 262_144
README = """This is a copy of what {programme} stores about you, made on {at:%d %B %Y}.

my-data.pdf   everything to read
data.json     the same for machines: {schema}, version {version}
files/        the files that you sent or had made

In data.json each of the "tables" says what it is, what for and who sees it, then names its "rows".
Times are in UTC. A key of another row leads to the row with this "id". People are named where you
know them; "you" is yourself. "with", "beside" and "asked" say with whom a row is, what it belongs
to, and which questions its answers answer. "withheld" says which fields are left out and why,
"hidden" how many rows are. Passwords, keys and other secrets are never in it.
"""


@transaction.atomic
def order(person: Person, *, by: Person, asked_how: str = "") -> Job:
    """Order a copy. One that is under way for the same person is not ordered again.

    In: `by` is the person, or a member of the team for somebody who asked otherwise (`asked_how`).
    Errors: RuleBroken for an account that nobody can sign in to, and after too many in a day.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if not person.is_active or person.is_operator:
        raise RuleBroken(
            "Nobody can sign in to this account, so nobody could fetch the copy. Open it first."
        )
    if (job := copying.under_way(person)) is not None:
        return job
    if not limits.allow(f"copy:{person.pk}", limit=AT_MOST, seconds=A_DAY):
        raise RuleBroken("There were several copies today already. Try again tomorrow.")
    own = by.pk == person.pk
    audit.record(
        "data copy ordered", thing=person, by=by, **({"how": asked_how} if not own else {})
    )
    page = reverse("privacy:copy") if own else reverse("staff:data_copy", args=[person.pk])
    return jobs.order(
        kind=copying.KIND,
        title="A copy of what is stored about you" if own else "A copy of what is stored",
        by=by,
        about={"person": str(person.pk)},
        done_url=page,
        back_url=page,
    )


def make(job: Job, tell: Tell) -> str:
    """Write the copy that a job is about, and tell the person. Within the job's transaction."""
    person = Person.objects.filter(pk=UUID(job.about["person"]), is_active=True).first()
    if person is None:
        raise RuleBroken("This account is closed.")
    at = now()
    with TemporaryFile() as file:
        rows = _write(file, person, tell)
        size = file.tell()
        file.seek(0)
        stored_as = default_storage.save(f"copies/{job.pk}.zip", File(file))
    try:
        remove(list(Export.objects.select_for_update().filter(person=person)))
        Export.objects.create(
            person=person,
            by_id=job.owner_id,
            job=job,
            stored_as=stored_as,
            size=size,
            rows=rows,
            made_at=at,
            expires_at=at + KEPT,
        )
        write_mail(
            template="mails/data_copy_ready",
            to=person,
            context={
                "asked_for_by_team": job.owner_id != person.pk,
                "page": absolute(reverse("privacy:copy")),
                "until": f"{at + KEPT - timedelta(hours=12):%d %B %Y}".lstrip("0"),
            },
            kind="data_copy_ready",
        )
        audit.record("data copy made", thing=person)
    except BaseException:
        default_storage.delete(stored_as)
        raise
    return "The copy is ready. Only the person whom it is about can fetch it."


@transaction.atomic
def fetched(export: Export, *, by: Person) -> None:
    """Write down that the copy went out."""
    export.fetched_at = now()
    export.save(update_fields=["fetched_at"])
    audit.record("data copy fetched", thing=export.person, by=by)


@transaction.atomic
def sweep() -> int:
    """Remove copies whose time is over. Out: how many."""
    old = list(Export.objects.filter(expires_at__lte=now()).select_for_update(skip_locked=True))
    remove(old)
    return len(old)


def remove(exports: list[Export]) -> None:
    """Take copies away, with their files once the transaction is through."""
    names = [export.stored_as for export in exports]
    Export.objects.filter(pk__in=[export.pk for export in exports]).delete()

    def delete() -> None:
        for name in names:
            default_storage.delete(name)

    transaction.on_commit(delete, robust=True)


def _write(file: IO[bytes], person: Person, tell: Tell) -> int:
    """The zip; out: how many rows are in it."""
    booklet = Booklet(person)
    files: dict[str, str] = {}
    entries = stored.about_people()
    steps = len(entries) + 4
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        about = {"programme": current().programme_name, "at": now()}
        archive.writestr(
            _dated("README.txt"), README.format(schema=SCHEMA, version=VERSION, **about)
        )
        with archive.open(_dated("data.json"), "w", force_zip64=True) as out:
            rows = _write_json(out, person, booklet, files, lambda done: tell(done, steps))
        with suppress(pdf.NotTypeset):
            archive.writestr(_dated("my-data.pdf"), pdf.typeset("stored", booklet.data()))
        tell(steps - 2, steps)
        for inside, stored_as in files.items():
            _add(archive, inside, stored_as)
    tell(steps, steps)
    return rows


def _write_json(
    out: IO[bytes], person: Person, booklet: Booklet, files: dict[str, str], tell: Any
) -> int:
    people = accounts_of(person)
    nouns, counts, days = stored.placeholders(), stored.counted(*people), periods()
    names = copying.Names(people)
    head = {
        "schema": SCHEMA,
        "version": VERSION,
        "made_at": now(),
        "programme": current().programme_name,
        "organisation": current().organisation_name,
    }
    out.write(_json(head)[:-1] + b',\n"tables": [')
    total, first = 0, True
    for done, kept in enumerate(stored.about_people(), 1):
        tell(done)
        if kept.label not in counts:
            continue
        line = stored.line_of(kept, counts[kept.label], days, nouns)
        table = {
            "table": kept.label,
            "title": line.title,
            "purpose": line.purpose,
            "seen_by": line.seen_by,
            "how_long": line.how_long,
            "fields": {c.name: c.kind or "key" for c in copying.columns_of(kept)},
            "withheld": {
                **{name: stored.said(why, nouns) for name, why in kept.withheld.items()},
                **dict.fromkeys(kept.of_kind(Kind.SECRET), "A secret is never handed out."),
            },
            "hidden": {"rows": line.hidden, "why": line.hidden_because},
        }
        out.write((b"" if first else b",") + b"\n" + _json(table)[:-1] + b', "rows": [')
        first = False
        booklet.begin(kept, line)
        for place, row in enumerate(copying.given(kept, names)):
            for name in kept.of_kind(Kind.FILE):
                if row.get(name):
                    inside = copying.file_of(kept, row, row[name])
                    files[inside], row[name] = row[name], inside
            out.write((b"," if place else b"") + b"\n" + _json(row))
            booklet.add(row)
            total += 1
        out.write(b"]}")
    out.write(b"]}\n")
    return total


def _add(archive: ZipFile, inside: str, stored_as: str) -> None:
    """A file of the storage into the zip; what the storage has lost is left out."""
    with suppress(FileNotFoundError):
        source = default_storage.open(stored_as)
        with source, archive.open(_dated(inside), "w", force_zip64=True) as out:
            while chunk := source.read(CHUNK):
                out.write(chunk)


def _dated(name: str) -> ZipInfo:
    """An entry of the zip that says when it was made."""
    entry = ZipInfo(name, now().timetuple()[:6])
    entry.compress_type = ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    return entry


def _json(value: Any) -> bytes:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False).encode()
