"""``manage.py check_sender <slug>``: SPF, DKIM and DMARC of an institute's sender address."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants import sender
from tenants.backups.kept import institute_called
from tenants.errors import TenancyError
from tenants.standing import SenderState


class Command(BaseCommand):
    """Looks the records up now and says which to set. Exit code 1 unless all are right."""

    help = "Look up SPF, DKIM and DMARC of an institute's sender address."

    def add_arguments(self, parser: CommandParser) -> None:
        """The institute."""
        parser.add_argument("slug", help="the institute's short name")

    def handle(self, *args: Any, **options: Any) -> None:
        """Errors: CommandError when records are to be set, or DNS is away."""
        try:
            checked = sender.check(institute_called(options["slug"]))
        except TenancyError as refusal:
            raise CommandError(str(refusal)) from None
        if checked is None:
            raise CommandError("The institute has no sender address in its settings.")
        self.stdout.write(checked.address)
        for finding in checked.findings:
            self.stdout.write(f"{finding['kind']}: {finding['says']}")
            if finding["wanted"]:
                self.stdout.write(f"  TXT {finding['name']} {finding['wanted']}")
        if checked.state != SenderState.GOOD:
            raise CommandError(f"{checked.get_state_display()}.")
