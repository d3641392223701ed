"""``manage.py delete_institute <slug> --name SLUG --reason TEXT [--no-backup] [--cancel]``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.backups.deleting import ask, cancel, waiting_for
from tenants.backups.kept import institute_called
from tenants.deeds import COMMAND_LINE
from tenants.errors import TenancyError


class Command(BaseCommand):
    """Asks for the deletion of an institute, or takes it back. The clock carries it out."""

    help = "Ask for the deletion of an institute, or take that back."

    def add_arguments(self, parser: CommandParser) -> None:
        """The institute, and why."""
        parser.add_argument("slug", help="the institute's short name")
        parser.add_argument("--name", default="", help="the short name once more, to be sure")
        parser.add_argument("--reason", default="", help="why")
        parser.add_argument("--no-backup", action="store_true", help="keep no final backup")
        parser.add_argument("--cancel", action="store_true", help="take the request back")

    def handle(self, *args: Any, **options: Any) -> None:
        """Errors: CommandError with the sentence."""
        try:
            institute = institute_called(options["slug"])
            if options["cancel"]:
                asked = waiting_for(institute)
                if asked is None:
                    raise CommandError(f"Nobody asked to delete {institute.slug!r}.")
                cancel(asked, by=COMMAND_LINE)
                self.stdout.write(f"{institute.name} stays, and is as it was before.")
                return
            asked = ask(
                institute, by=COMMAND_LINE, reason=options["reason"],
                typed_name=options["name"], keeps_backup=not options["no_backup"],
            )  # fmt: skip
        except TenancyError as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(
            f"{institute.name} is suspended, and will be deleted on {asked.due_at:%d %B %Y, %H:%M} "
            "UTC. Until then --cancel takes it back."
        )
