"""``manage.py apply_bundle <slug> <folder or zip> [--exactly] [--dry-run]``."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.backups.kept import institute_called
from tenants.bundles.living import apply_to, opened, rehearse
from tenants.bundles.problems import BundleInvalid
from tenants.deeds import COMMAND_LINE
from tenants.errors import TenancyError


class Command(BaseCommand):
    """Applies a changed bundle to a living institute, or tells what that would do."""

    help = "Apply a changed bundle to an institute, or tell what that would do."

    def add_arguments(self, parser: CommandParser) -> None:
        """The institute, the bundle, and how."""
        parser.add_argument("slug", help="the institute's short name")
        parser.add_argument("path", type=Path, help="a bundle's folder, or a zip of one")
        parser.add_argument(
            "--exactly", action="store_true", help="override what staff changed and added"
        )
        parser.add_argument("--dry-run", action="store_true", help="tell, and change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Errors: CommandError with every problem; then nothing was changed."""
        try:
            institute = institute_called(options["slug"])
            with opened(options["path"]) as bundle:
                outlook, _ = rehearse(institute, bundle, exactly=options["exactly"])
                for change in outlook.changes:
                    self.stdout.write(str(change))
                for change in outlook.kept:
                    self.stdout.write(f"Stays, because staff changed it: {change}")
                if not outlook.changes:
                    self.stdout.write("Nothing to change.")
                if options["dry_run"] or not outlook.changes:
                    return
                kept = apply_to(
                    institute, bundle, by=COMMAND_LINE, exactly=options["exactly"],
                    source=options["path"].name,
                )  # fmt: skip
        except BundleInvalid as problem:
            raise CommandError(f"The bundle cannot be used.\n{problem}") from None
        except (TenancyError, OSError) as problem:
            raise CommandError(str(problem)) from None
        if kept is not None:
            self.stdout.write(f"Applied. To take it back: roll_back_bundle {institute.slug}")
