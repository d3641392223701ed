"""``manage.py backup_institute <slug> [--to FILE] [--reason TEXT]``."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.backups.kept import institute_called
from tenants.backups.making import back_up
from tenants.backups.progress import shown
from tenants.deeds import COMMAND_LINE
from tenants.errors import TenancyError


class Command(BaseCommand):
    """Backs up one institute: its schema and its files in one archive."""

    help = "Back up one institute: its schema and its files in one archive."

    def add_arguments(self, parser: CommandParser) -> None:
        """The institute, and where a copy goes."""
        parser.add_argument("slug", help="the institute's short name")
        parser.add_argument("--to", type=Path, help="write a copy of the archive into this file")
        parser.add_argument("--reason", default="", help="why, for whoever finds it later")

    def handle(self, *args: Any, **options: Any) -> None:
        """Errors: CommandError with the sentence; nothing half made is left."""
        try:
            with shown() as tell:
                made = back_up(
                    institute_called(options["slug"]), by=COMMAND_LINE, tell=tell,
                    reason=options["reason"][:200], to=options["to"],
                )  # fmt: skip
        except (TenancyError, OSError) as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(f"{made.rows:,} rows and {made.files:,} files in {made.size:,} bytes.")
        self.stdout.write(f"Backup {made.pk}, SHA-256 {made.sha256}")
