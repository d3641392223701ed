"""``manage.py new_bundle <folder> [--name NAME] [--slug SLUG] [--word proposal]``."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants.bundles.newcomer import WORDS, NotWritten, slug_of, write


class Command(BaseCommand):
    """Writes a bundle for a new institute, with every key explained."""

    help = "Write a bundle for a new institute: every key explained, and good as it is."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder and the names; what is missing is asked for at a terminal."""
        parser.add_argument("folder", type=Path, help="a new or empty folder")
        parser.add_argument("--name", help="what the institute is called")
        parser.add_argument("--slug", help="its short name, the first part of its address")
        parser.add_argument(
            "--word", choices=list(WORDS), help="what a mentee sends to a mentor, in your words"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Errors: CommandError with the sentence; nothing half-written is left."""
        folder: Path = options["folder"]
        name = options["name"] or self._asked("What is the institute called?", "")
        if not name:
            raise CommandError(
                "Say what the institute is called: --name “Institute of Beekeeping”."
            )
        slug = options["slug"] or self._asked("Its short name?", slug_of(name))
        word = options["word"] or self._asked(
            f"What does a mentee send to a mentor ({', '.join(WORDS)})?", "request"
        )
        try:
            write(folder, name=name, slug=slug, word=word)
        except NotWritten as problem:
            raise CommandError(str(problem)) from None
        except OSError as problem:
            raise CommandError(f"{folder} cannot be written: {problem.strerror}.") from None
        self.stdout.write(f"The bundle of {name} is in {folder}. Next:")
        self.stdout.write(f"  read and change {folder / 'institute.yaml'}")
        self.stdout.write(f"  manage.py provision {folder}/")

    def _asked(self, question: str, otherwise: str) -> str:
        if not sys.stdin.isatty():
            return otherwise
        given = input(f"{question}{f' [{otherwise}]' if otherwise else ''} ")
        return given.strip() or otherwise
