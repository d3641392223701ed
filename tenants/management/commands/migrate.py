"""The stock command would look for one schema where there are many: it only tells the way."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.migrations.autodetector import MigrationAutodetector


class Command(BaseCommand):
    """Refuses, and names the command that upgrades all schemas."""

    help = "Not used here: run migrate_institutes instead."
    requires_system_checks = []
    autodetector = MigrationAutodetector  # a check of Django's compares it with makemigrations'

    def add_arguments(self, parser: Any) -> None:
        """Take whatever the stock command takes, so that the answer is always the sentence."""
        parser.add_argument("words", nargs="*")
        parser.add_argument("--database")

    def handle(self, *args: Any, **options: Any) -> None:
        """Errors: CommandError, always."""
        raise CommandError(
            "This command is switched off, because every institute has a schema of its own: run "
            "'manage.py migrate_institutes', which upgrades the shared schema and each institute "
            "in one transaction of its own."
        )

    def run_from_argv(self, argv: list[str]) -> None:
        """Answer with the sentence whatever options follow."""
        super().run_from_argv(argv[:2])
