"""``manage.py enter <slug> --operator NAME --reason TEXT [--minutes 30] [--change]``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from console.permissions import may_operate
from console.services import enter
from core.accounts.models import Person
from core.kernel.errors import RuleBroken
from tenants.backups.kept import institute_called
from tenants.context import platform_scope, tenant_context
from tenants.errors import TenancyError
from tenants.models import Institute, Kind


class Command(BaseCommand):
    """Prints a link that lets an operator in once; the institute sees who came, and why."""

    help = "Print a link that lets an operator into an institute once, for a while."

    def add_arguments(self, parser: CommandParser) -> None:
        """Who, where, why, how long, how far."""
        parser.add_argument("slug", help="the institute's short name")
        parser.add_argument("--operator", required=True, help="username on the operators' site")
        parser.add_argument("--reason", required=True)
        parser.add_argument("--minutes", type=int, choices=(15, 30, 60), default=30)
        parser.add_argument("--change", action="store_true", help="to change something")

    def handle(self, *args: Any, **options: Any) -> None:
        """Errors: CommandError with the sentence."""
        try:
            link, visit = enter(
                institute_called(options["slug"]),
                reason=options["reason"],
                minutes=options["minutes"],
                may_change=options["change"],
                by=_operator(options["operator"]),
            )
        except (TenancyError, RuleBroken) as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(link)
        self.stderr.write(f"It works once, within five minutes. The visit ends {visit.ends_at}.")


def _operator(username: str) -> Person:
    with platform_scope():
        site = Institute.objects.filter(kind=Kind.OPERATORS).first()
    if site is not None:
        with tenant_context(site):
            found = Person.objects.filter(username=username.lower()).first()
        if found is not None and may_operate(found):
            return found
    raise CommandError(f"There is no operator {username!r}.")
