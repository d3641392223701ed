"""``manage.py provision_operators --username NAME --email ADDRESS``."""

import getpass
import sys
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.errors import TenancyError
from tenants.operators import add_operator, provision_operators
from tenants.site import base_url


class Command(BaseCommand):
    """Makes the operators' site and an operator; harmless when they are there."""

    help = "Make the operators' site and an operator who can sign in to it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who the operator is."""
        parser.add_argument("--username", required=True)
        parser.add_argument("--email", required=True)
        parser.add_argument("--first-name", default="")
        parser.add_argument("--last-name", default="")

    def handle(self, *args: Any, **options: Any) -> None:
        """In: the password, typed or from standard input. Errors: CommandError."""
        password = (
            getpass.getpass("Password: ")
            if sys.stdin.isatty()
            else sys.stdin.readline().rstrip("\n")
        )
        try:
            validate_password(password)
            site, site_is_new = provision_operators()
            _, person_is_new = add_operator(
                username=options["username"],
                email=options["email"],
                password=password,
                first_name=options["first_name"],
                last_name=options["last_name"],
            )
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from None
        except TenancyError as problem:
            raise CommandError(str(problem)) from None
        self.stdout.write(f"The operators' site {_state(site_is_new)}: {base_url(site)}")
        self.stdout.write(f"The operator {options['username']} {_state(person_is_new)}.")


def _state(is_new: bool) -> str:
    return "is ready" if is_new else "was there already"
