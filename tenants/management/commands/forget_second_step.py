"""``manage.py forget_second_step USERNAME``: for an operator whose phone is lost."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.models import Institute
from tenants.operators import forget_second_step


class Command(BaseCommand):
    """Lets an operator set up a new second step; every session of theirs ends."""

    help = "Let an operator set up a new second step at the next sign-in."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who it is."""
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        """Errors: CommandError when there is no such operator."""
        try:
            known = forget_second_step(options["username"])
        except Institute.DoesNotExist:
            known = False
        if not known:
            raise CommandError(f"There is no operator {options['username']}.")
        self.stdout.write(f"{options['username']} sets up a new second step at the next sign-in.")
