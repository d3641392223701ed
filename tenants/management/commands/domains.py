"""``manage.py domains list|add|check|primary|remove <slug> [HOST]``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants import domains
from tenants.backups.kept import institute_called
from tenants.deeds import COMMAND_LINE
from tenants.errors import DeedRefused, TenancyError
from tenants.models import DnsState, Domain, Institute


class Command(BaseCommand):
    """Cares for the addresses of one institute. Exit code 1 when refused or not proved."""

    help = "List, add, check, make primary or remove the addresses of one institute."

    def add_arguments(self, parser: CommandParser) -> None:
        """One word for what to do, the institute, the address."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        for verb in ("list", "add", "check", "primary", "remove"):
            one = verbs.add_parser(verb)
            one.add_argument("slug", help="the institute's short name")
            if verb != "list":
                one.add_argument("host", help="like mentoring.institute.example")

    def handle(self, *args: Any, **options: Any) -> None:
        """Errors: CommandError with the sentence."""
        try:
            self._do(options["verb"], institute_called(options["slug"]), options.get("host", ""))
        except TenancyError as refusal:
            raise CommandError(str(refusal)) from None

    def _do(self, verb: str, institute: Institute, host: str) -> None:
        if verb == "list":
            for domain in domains.of(institute):
                self.stdout.write(_told(domain))
        elif verb == "add":
            made = domains.add(institute, host, by=COMMAND_LINE)
            self.stdout.write(f"Set a TXT record: {domains.proof_name(made)} {made.proof}")
        elif verb == "check":
            checked = domains.check(_found(institute, host), by=COMMAND_LINE)
            if checked.check_state != DnsState.FOUND:
                raise CommandError(checked.check_says)
            self.stdout.write(
                f"{checked.domain} is proved and served. {checked.check_says}".strip()
            )
        elif verb == "primary":
            domains.make_primary(_found(institute, host), by=COMMAND_LINE)
            self.stdout.write(f"{host} is the primary address now.")
        else:
            domains.remove(_found(institute, host), by=COMMAND_LINE)
            self.stdout.write(f"{host} is removed.")


def _found(institute: Institute, host: str) -> Domain:
    for domain in domains.of(institute):
        if domain.domain == host.strip().lower():
            return domain
    raise DeedRefused(f"{institute.name} has no address {host!r}.")


def _told(domain: Domain) -> str:
    if domain.is_primary:
        return f"{domain.domain}: primary"
    if domain.leads_on_until is not None:
        return f"{domain.domain}: leads to the primary until {domain.leads_on_until:%Y-%m-%d}"
    if domain.proved_at is not None:
        return f"{domain.domain}: served"
    return f"{domain.domain}: not proved; TXT {domains.proof_name(domain)} {domain.proof}"
