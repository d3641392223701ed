"""``manage.py restore_institute <file or backup> [--as SLUG] [--name NAME] [--open]``."""

from contextlib import closing
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.backups.kept import opened
from tenants.backups.progress import shown
from tenants.backups.restoring import restore
from tenants.backups.retiring import drop_retired
from tenants.deeds import COMMAND_LINE
from tenants.errors import TenancyError
from tenants.site import base_url


class Command(BaseCommand):
    """Restores one institute from an archive, in its place or under another name."""

    help = "Restore one institute from an archive, in its place or under another name."

    def add_arguments(self, parser: CommandParser) -> None:
        """The archive and the names."""
        parser.add_argument("archive", help="an archive's file, or the key of a kept backup")
        parser.add_argument("--as", dest="slug", help="short name; the archive's own unless given")
        parser.add_argument("--name", help="the name of a new institute")
        parser.add_argument(
            "--open", action="store_true",
            help="open a new institute at once, so that its clock writes to its members",
        )  # fmt: skip
        parser.add_argument(
            "--sealed-elsewhere", action="store_true",
            help="accept an archive that a platform with another secret key has sealed",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        """Errors: CommandError with the sentence; nothing half made is left."""
        try:
            with closing(self._archive(options["archive"])) as file, shown() as tell:
                done = restore(
                    file, by=COMMAND_LINE, slug=options["slug"], name=options["name"],
                    opens=options["open"], sealed_elsewhere=options["sealed_elsewhere"], tell=tell,
                )  # fmt: skip
        except (TenancyError, OSError) as problem:
            raise CommandError(str(problem)) from None
        drop_retired()
        self.stdout.write(str(done))
        for name, body in done.found.tables.items():
            self.stdout.write(f"  {name}: {body.rows:,} rows, SHA-256 {body.sha256[:16]}, equal")
        state = done.institute.get_state_display().lower()
        self.stdout.write(f"{done.institute.name} is {state} at {base_url(done.institute)}")

    def _archive(self, given: str) -> BinaryIO:
        if Path(given).is_file():
            return Path(given).open("rb")
        try:
            return opened(UUID(given))
        except ValueError:
            raise CommandError(f"There is no file {given!r} and no such backup.") from None
