"""``manage.py institutes list|show|refresh|suspend|reopen|rename|move|clone``."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from tenants import cloning, domains, health, lifecycle
from tenants.backups.kept import institute_called
from tenants.context import platform_scope
from tenants.deeds import COMMAND_LINE
from tenants.errors import TenancyError
from tenants.models import Institute, State
from tenants.site import base_url
from tenants.standing import Fault, Snapshot


class Command(BaseCommand):
    """Shows how institutes stand, and cares for them. Exit code 1 when something was refused."""

    help = "Show how institutes stand; suspend, reopen, rename, move or copy one."

    def add_arguments(self, parser: CommandParser) -> None:
        """One word for what to do, then what it needs."""
        verbs = parser.add_subparsers(dest="verb", required=True)
        listed = verbs.add_parser("list", help="all institutes with their kept figures")
        listed.add_argument("--trouble", action="store_true", help="only those with a trouble")
        verbs.add_parser("refresh", help="gather the figures of all institutes now")
        for verb, says in (
            ("show", "one institute with fresh figures"),
            ("suspend", "close one: its members see a calm page"),
            ("reopen", "open a suspended one"),
            ("rename", "call one something else in the console"),
            ("move", "give one another short name and address"),
            ("clone", "make a new one with the settings of this one, without people"),
        ):
            one = verbs.add_parser(verb, help=says)
            one.add_argument("slug", help="the institute's short name")
            if verb == "suspend":
                one.add_argument("--reason", required=True, help="for operators and its trail")
            if verb in {"rename", "clone"}:
                one.add_argument("--name", required=True)
            if verb in {"move", "clone"}:
                one.add_argument("--to", required=True, help="the new short name")
            if verb == "move":
                one.add_argument("--keep-old", action="store_true", help="serve the old one too")

    def handle(self, *args: Any, **options: Any) -> None:
        """Errors: CommandError with the sentence."""
        try:
            self._do(options)
        except TenancyError as refusal:
            raise CommandError(str(refusal)) from None

    def _do(self, options: dict[str, Any]) -> None:
        verb = options["verb"]
        if verb == "refresh":
            self.stdout.write(
                f"Figures of {health.take_snapshots(files=True)} institutes gathered."
            )
            return
        if verb == "list":
            self._list(only_trouble=options["trouble"])
            return
        institute = institute_called(options["slug"])
        if verb == "show":
            self._show(institute)
        elif verb == "suspend":
            lifecycle.suspend(institute, reason=options["reason"], by=COMMAND_LINE)
            self.stdout.write(f"{institute.name} is suspended.")
        elif verb == "reopen":
            lifecycle.reopen(institute, by=COMMAND_LINE)
            self.stdout.write(f"{institute.name} is open again.")
        elif verb == "rename":
            renamed = lifecycle.rename(institute, name=options["name"], by=COMMAND_LINE)
            self.stdout.write(f"It is called {renamed.name} now.")
        elif verb == "move":
            moved = lifecycle.move(
                institute, slug=options["to"], keep_old=options["keep_old"], by=COMMAND_LINE
            )
            self.stdout.write(f"{moved.name} answers at {base_url(moved)} now.")
        else:
            made = cloning.clone(
                institute, slug=options["to"], name=options["name"], by=COMMAND_LINE
            )
            self.stdout.write(f"{made.name} is ready at {base_url(made)}")

    def _list(self, *, only_trouble: bool) -> None:
        with platform_scope():
            rows = list(Institute.objects.exclude(state=State.DELETED).select_related("snapshot"))
        for row in rows:
            snapshot: Snapshot | None = getattr(row, "snapshot", None)
            trouble = troubles(snapshot)
            if only_trouble and not trouble:
                continue
            figures = "no figures yet"
            if snapshot is not None:
                figures = f"{snapshot.members} members, {snapshot.visits} visits in 30 days"
            state = row.get_state_display().lower()
            self.stdout.write("; ".join([f"{row.slug}: {state}", figures, *trouble]))

    def _show(self, institute: Institute) -> None:
        health.take_snapshots([institute], files=True)
        with platform_scope():
            row = Institute.objects.select_related("snapshot").get(pk=institute.pk)
            faults = list(Fault.objects.filter(institute=row))
            addresses = domains.of(row)
        snapshot = row.snapshot
        reason = f" ({row.suspended_for})" if row.suspended_for else ""
        self.stdout.write(f"{row.name} ({row.slug}): {row.get_state_display().lower()}{reason}")
        self.stdout.write(
            f"{snapshot.members} members; {snapshot.visits} visits in 30 days, "
            f"{snapshot.visits_before} in the 30 before; {snapshot.schema_bytes:,} bytes in the "
            f"database, {snapshot.files_bytes or 0:,} in {snapshot.files_count} files; "
            f"{snapshot.mails_queued} mails waiting, {snapshot.mails_failed} given up"
        )
        for domain in addresses:
            proved = (
                "primary" if domain.is_primary else "proved" if domain.proved_at else "not proved"
            )
            self.stdout.write(f"{domain.domain}: {proved}")
        for sentence in troubles(snapshot):
            self.stdout.write(sentence)
        for fault in faults:
            self.stdout.write(f"{fault.get_kind_display()}: {fault.what} {fault.where} {fault.at}")


def troubles(snapshot: Snapshot | None) -> list[str]:
    """What is not well, in words."""
    if snapshot is None:
        return []
    found = []
    if not snapshot.has_schema:
        found.append("NO SCHEMA")
    if snapshot.behind:
        found.append(f"behind by {', '.join(snapshot.behind)}")
    if snapshot.mails_failed:
        found.append(f"{snapshot.mails_failed} mails given up")
    if snapshot.problem:
        found.append(f"figures could not be read: {snapshot.problem}")
    return found
