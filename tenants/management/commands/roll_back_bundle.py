"""``manage.py roll_back_bundle <slug>``: takes the last applied bundle back."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.backups.kept import institute_called
from tenants.bundles.living import revision_of, revisions_of, roll_back
from tenants.deeds import COMMAND_LINE
from tenants.errors import TenancyError


class Command(BaseCommand):
    """Puts the settings of an institute back as they stood before a bundle was applied."""

    help = "Put the settings of an institute back as they stood before the last bundle."

    def add_arguments(self, parser: CommandParser) -> None:
        """The institute."""
        parser.add_argument("slug", help="the institute's short name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Errors: CommandError with the sentence; then nothing was changed."""
        try:
            institute = institute_called(options["slug"])
            newest = next(iter(revisions_of(institute)), None)
            kept = revision_of(institute, newest.pk) if newest else None
            if kept is None:
                raise CommandError("No bundle was applied to this institute.")
            roll_back(kept, by=COMMAND_LINE)
        except TenancyError as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(f"The settings are as they stood on {kept.at:%d %B %Y, %H:%M} UTC.")
