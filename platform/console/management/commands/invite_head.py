"""``manage.py invite_head <slug> --email ADDRESS --first-name NAME --last-name NAME``."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from console.services import invite_head
from tenants.backups.kept import institute_called
from tenants.errors import TenancyError


class Command(BaseCommand):
    """Makes a programme manager, who chooses a password by a link in a mail."""

    help = "Invite a head of an institute's programme team by e-mail."

    def add_arguments(self, parser: CommandParser) -> None:
        """The institute and the person."""
        parser.add_argument("slug", help="the institute's short name")
        parser.add_argument("--email", required=True)
        parser.add_argument("--first-name", required=True)
        parser.add_argument("--last-name", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Errors: CommandError with the sentence."""
        try:
            validate_email(options["email"])
            head = invite_head(
                institute_called(options["slug"]),
                email=options["email"],
                first_name=options["first_name"],
                last_name=options["last_name"],
                by=None,
            )
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from None
        except TenancyError as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(f"The invitation to {head.email} is on its way: {head.username}")
