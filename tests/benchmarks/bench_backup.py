"""Backing up and restoring an institute, against dumpdata and loaddata on a tenth of its rows."""

import tracemalloc
from datetime import timedelta
from io import BytesIO, StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import call_command
from django.test import override_settings

from core.kernel.clock import now
from core.kernel.ids import new_id
from core.kernel.models import AuditEntry
from tenants.backups.files import open_archive
from tenants.backups.making import back_up, fingerprint_of
from tenants.backups.restoring import Restored, restore
from tenants.context import tenant_context
from tenants.deeds import COMMAND_LINE
from tenants.keeping import Backup
from tenants.models import Institute
from tenants.services import create_institute
from tests.benchmarks.ground import fresh_database
from tests.benchmarks.report import Comparison, Limit, Section, seconds

ROWS, TENTH = 100_000, 10
TABLE = "kernel_auditentry"
MEGABYTES = 1_000_000


def measure() -> Section:
    """Fill an institute, back it up and restore it as another; dump and load a tenth of it."""
    with (
        TemporaryDirectory() as folder,
        override_settings(MEDIA_ROOT=folder, HOST_MEMORY_SECONDS=0),
        fresh_database("bench_backup"),
    ):
        guild, tenth = (create_institute(slug=name, name=name) for name in ("guild", "tenth"))
        _fill(guild, ROWS)
        _fill(tenth, ROWS // TENTH)
        made: list[Backup] = []
        done: list[Restored] = []
        out = seconds(lambda: made.append(back_up(guild, by=COMMAND_LINE)))
        with open_archive(made[0].stored_as) as file:
            back = seconds(
                lambda: done.append(restore(file, by=COMMAND_LINE, slug="guild-two", opens=True))
            )
        differ = _differing(guild, done[0].institute)
        few = seconds(lambda: back_up(tenth, by=COMMAND_LINE))
        dumped = Path(folder) / "tenth.json"
        dump = _in(tenth, lambda: call_command("dumpdata", "kernel.auditentry", output=str(dumped)))
        other = create_institute(slug="other", name="other")
        load = _in(other, lambda: call_command("loaddata", str(dumped), stdout=StringIO()))
        memory = _memory_of(guild) / max(_memory_of(tenth), 1)
    return Section(
        name="backup",
        title="Backing up and restoring an institute",
        before="dumpdata and loaddata, ten times",
        after="Ithaca",
        comparisons=[
            Comparison(f"Backing up {ROWS:,} rows", TENTH * dump, out, target=5),
            Comparison(f"Restoring {ROWS:,} rows as another", TENTH * load, back, target=5),
        ],
        limits=[
            Limit("Tables that differ after the restore", len(differ), 0, "tables"),
            Limit("Backing up a tenth", few, 10, "s"),
            Limit("Memory for ten times the rows", memory, 1.5, "times"),
        ],
        notes=[
            f"The institute has {made[0].rows:,} rows in {len(done[0].found.tables)} tables; the "
            f"archive is {made[0].size / MEGABYTES:.1f} MB. Both of our times hold everything: all "
            "tables, the snapshot, sums of every table, the seal, and for restoring the making of "
            "the schema and the comparison of every table with the archive.",
            "dumpdata and loaddata were given the one large table of a tenth of the rows, and "
            "their time was taken ten times: they hold no files and no snapshot, and compare "
            "nothing.",
            "Differences that are meant do not count: the audit trail tells of the restore.",
        ],
    )  # fmt: skip


def _fill(institute: Institute, number: int) -> None:
    with tenant_context(institute):
        AuditEntry.objects.bulk_create(
            (
                AuditEntry(
                    at=now() - timedelta(seconds=each), verb=f"bench.{each % 50}",
                    actor_id=new_id(), actor_name=f"Person {each}", thing_type="accounts.Person",
                    thing_id=str(new_id()), facts={"number": each, "text": "a line of text " * 4},
                )
                for each in range(number)
            ),
            batch_size=2000,
        )  # fmt: skip


def _in(institute: Institute, work: object) -> float:
    with tenant_context(institute):
        return seconds(work)  # type: ignore[arg-type]


def _differing(one: Institute, two: Institute) -> set[str]:
    before = fingerprint_of(one.schema_name)["tables"]
    after = fingerprint_of(two.schema_name)["tables"]
    return {name for name in before if name != TABLE and before[name] != after[name]}


def _memory_of(institute: Institute) -> int:
    """The most that Python held while it wrote the archive."""
    from tenants.backups.making import written

    class Nowhere(BytesIO):
        def write(self, data: object) -> int:
            return len(data)  # type: ignore[arg-type]

    tracemalloc.start()
    try:
        written(institute, Nowhere(), lambda *_: None)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
