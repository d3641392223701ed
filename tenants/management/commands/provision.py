"""``manage.py provision <bundle> [--slug NAME] [--domain HOST ...]``."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import ProgrammingError
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from tenants.bundles.problems import BundleInvalid
from tenants.domains import proof_name
from tenants.errors import TenancyError
from tenants.models import Step
from tenants.provision import Provisioned, provision
from tenants.site import base_url
from tenants.unpacking import LARGEST_ZIP, unpacked


class Command(BaseCommand):
    """Makes an institute from a bundle, or applies its changed bundle again."""

    help = "Make an institute from a bundle, or apply its changed bundle again."

    def add_arguments(self, parser: CommandParser) -> None:
        """The bundle and the names."""
        parser.add_argument("bundle", help="a shipped bundle's name, a folder or a zip")
        parser.add_argument("--slug", help="short name; the bundle's own unless given")
        parser.add_argument(
            "--domain", action="append", default=[], dest="domains", help="a further host name"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Errors: CommandError with the sentence; nothing half-made is left."""
        try:
            done = self._run(options)
        except BundleInvalid as problem:
            raise CommandError(f"The bundle cannot be used.\n{problem}") from None
        except TenancyError as problem:
            raise CommandError(str(problem)) from None
        except ProgrammingError as problem:
            raise CommandError(
                "The shared schema is not up to date: run 'manage.py migrate_institutes' first. "
                f"({str(problem).splitlines()[0]})"
            ) from None
        self._tell(done)

    def _run(self, options: dict[str, Any]) -> Provisioned:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed}/{task.total}"),
            TimeElapsedColumn(),
        )
        steps = list(Step)
        with Progress(*columns, console=Console(stderr=True)) as shown:
            bar = shown.add_task("Reading the bundle", total=len(steps))

            def tell(step: Step) -> None:
                done = len(steps) if step == Step.DONE else steps.index(step)
                shown.update(bar, description=str(step.label), completed=done)

            with _opened(options["bundle"]) as source:
                return provision(
                    source, slug=options["slug"], domains=options["domains"], tell=tell
                )

    def _tell(self, done: Provisioned) -> None:
        verb = "is ready" if done.is_new else "is up to date"
        self.stdout.write(f"{done.institute.name} {verb} at {base_url(done.institute)}")
        self.stdout.write(str(done.changes))
        for domain in done.unproved:
            self.stdout.write(
                f"{domain.domain} is not served yet: set a TXT record "
                f"{proof_name(domain)} {domain.proof}"
            )


@contextmanager
def _opened(source: str) -> Iterator[str | Path]:
    """What `provision` takes: a zip is unpacked for as long as it is needed."""
    path = Path(source)
    if path.suffix.lower() != ".zip" or not path.is_file():
        yield source
        return
    with path.open("rb") as file:
        content = file.read(LARGEST_ZIP + 1)
    with unpacked(content, path.name) as folder:
        yield folder
