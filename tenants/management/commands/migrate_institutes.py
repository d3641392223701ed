"""``manage.py migrate_institutes``: upgrade the shared schema and every institute."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from tenants.errors import UpgradeRefused
from tenants.models import Institute
from tenants.upgrade import WORKERS, Report, migrate_all


class Command(BaseCommand):
    """Each institute is upgraded wholly or not at all; failing ones are named, the rest goes on."""

    help = "Upgrade the shared schema and every institute; run it again to take up what failed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which institutes, and how many at once."""
        parser.add_argument("--only", action="append", default=[], help="an institute's short name")
        parser.add_argument("--workers", type=int, default=WORKERS)

    def handle(self, *args: Any, **options: Any) -> None:
        """Errors: CommandError naming the institutes that kept their version."""
        try:
            report = self._run(options)
        except UpgradeRefused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"{len(report.upgraded)} upgraded, {len(report.current)} were up to date, "
            f"{len(report.failed)} failed."
        )
        if report.failed:
            raise CommandError(
                "These institutes are whole at their old version; run the command again when the "
                "cause is gone.\n"
                + "\n".join(f"{slug}: {reason}" for slug, reason in sorted(report.failed.items()))
            )

    def _run(self, options: dict[str, Any]) -> Report:
        columns = (TextColumn("Institutes"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, console=Console(stderr=True)) as shown:
            bar = shown.add_task("upgrade", total=None)

            def tell(institute: Institute, problem: str | None) -> None:
                if problem is not None:
                    shown.console.print(f"{institute.slug} failed: {problem}")
                shown.advance(bar)

            return migrate_all(
                only=options["only"],
                workers=options["workers"],
                begin=lambda total: shown.update(bar, total=total),
                progress=tell,
            )
