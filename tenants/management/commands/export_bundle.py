"""``manage.py export_bundle <slug> <path>``: a folder, or a zip when the path ends in .zip."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.backups.kept import institute_called
from tenants.bundles.living import export
from tenants.bundles.writing import as_zip, problems_in, write_folder
from tenants.errors import TenancyError


class Command(BaseCommand):
    """Writes the settings of an institute as a bundle."""

    help = "Write the settings of an institute as a bundle: a folder, or a zip."

    def add_arguments(self, parser: CommandParser) -> None:
        """The institute and where to."""
        parser.add_argument("slug", help="the institute's short name")
        parser.add_argument("path", type=Path, help="an empty folder, or a file ending in .zip")

    def handle(self, *args: Any, **options: Any) -> None:
        """Errors: CommandError with the sentence; nothing that is there is overwritten."""
        path: Path = options["path"]
        try:
            files, left_out = export(institute_called(options["slug"]))
            if path.suffix == ".zip":
                with path.open("xb") as out:
                    out.write(as_zip(files, options["slug"]))
            else:
                write_folder(files, path)
        except (TenancyError, OSError) as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(f"{len(files)} files are written to {path}.")
        for sentence in left_out:
            self.stderr.write(sentence)
        for found in problems_in(files):
            self.stderr.write(f"To be put right before it can be applied: {found}")
