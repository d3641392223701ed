"""``manage.py demo``: five institutes with generated people, on this machine."""

import signal
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DatabaseError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from config import env
from config.demo import house, membership, people
from config.demo.children import ChildFailed, Family
from config.demo.society import place as society
from config.local import places
from config.local.problems import ServerUnavailable, full
from tenants.errors import TenancyError
from tenants.models import Institute
from tenants.site import base_url

GUNICORN = "deploy/gunicorn.conf.py"


class Command(BaseCommand):
    """Runs in the foreground until Ctrl-C."""

    help = "Run five institutes with generated people on this machine, until Ctrl-C."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to keep what an earlier run made."""
        parser.add_argument("--afresh", action="store_true", help="throw earlier data away first")
        parser.add_argument("--few", action="store_true", help="a handful of people in each")
        parser.add_argument("--prepare", action="store_true", help="make the data, serve nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Errors: one sentence and exit code 1; 130 never: Ctrl-C is the ordinary end."""
        console = Console()
        signal.signal(signal.SIGTERM, _as_interrupt)
        try:
            self._run(console, options)
        except (ServerUnavailable, ChildFailed) as problem:
            console.print(f"[bold]The demo cannot run.[/] {problem}", soft_wrap=True)
            raise SystemExit(1) from None
        except (OSError, DatabaseError, TenancyError) as problem:
            if not house.is_disk_full(problem):
                raise
            sentence = full(places.state_folder())
            console.print(f"[bold]The demo cannot run.[/] {sentence}", soft_wrap=True)
            raise SystemExit(1) from None
        except KeyboardInterrupt:
            console.print("Ended before it was ready; the next start goes on from here.")

    def _run(self, console: Console, options: dict[str, Any]) -> None:
        house.check_room()
        if options["afresh"]:
            house.forget()
        family = Family(places.state_folder() / "demo", house.child_environment())
        try:
            size = people.FEW if options["few"] else people.FULL
            institutes = _furnished(console, size)
            if options["prepare"]:
                return
            with console.status("Starting web server, worker, clock and society ..."):
                for institute in institutes:
                    if institute.bundle == membership.BUNDLE:
                        membership.agree(institute)
                _start(family)
            _show(console, institutes)
            family.watch()
        finally:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            with console.status("Ending; everything is being written to disk ..."):
                family.end()
                house.stop_servers()
        console.print("The demo has ended. Its data is kept for the next start.")


def _furnished(console: Console, size: people.Size) -> list[Institute]:
    columns = (
        TextColumn("{task.description:<12}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True) as shown:
        bars: dict[str, Any] = {}

        def tell(what: str, done: int, total: int) -> None:
            if what not in bars:
                bars[what] = shown.add_task(what, total=total)
            shown.update(bars[what], completed=done, total=total)

        tell("Servers", 0, 1)
        house.start_servers()
        tell("Servers", 1, 1)
        return house.furnish(tell, size)


def _start(family: Family) -> None:
    chosen = env.current()
    schedule = str(family.folder / "clock")
    # Loaded once for both of its processes: here nobody changes the code beneath them.
    web = ("config.wsgi", "--preload", "--config", str(places.ROOT / GUNICORN))
    family.add("web", "gunicorn", *web)
    family.add("worker", "celery", "-A", "config", "worker", "--concurrency", "2")
    family.add("clock", "celery", "-A", "config", "beat", "--schedule", schedule)
    family.add("society", "gunicorn", *_society(chosen.bind))
    reached = f"http://{_reached(chosen.bind)}"
    family.wait_for_answer("web server", f"{reached}:{chosen.port}/healthz")
    family.wait_for_answer("society", f"{reached}:{society.port()}/healthz")


def _society(bind: str) -> tuple[str, ...]:
    return (
        "config.demo.society.wsgi",
        *("--env", "DJANGO_SETTINGS_MODULE=config.demo.society.settings"),
        *("--bind", f"{bind}:{society.port()}"),
        *("--worker-class", "gthread", "--threads", "4"),
        "--no-control-socket",
    )


def _reached(bind: str) -> str:
    return "127.0.0.1" if bind == "0.0.0.0" else bind  # noqa: S104 - a comparison


def _show(console: Console, institutes: list[Institute]) -> None:
    chosen = env.current()
    table = Table()
    table.add_column("Site")
    table.add_column("Address", no_wrap=True)
    table.add_column("People sign in")
    addresses = {}
    for institute in institutes:
        addresses[institute.bundle] = base_url(institute)
        there = institute.bundle == membership.BUNDLE
        way = "at their society" if there else "there"
        table.add_row(institute.name, base_url(institute), way)
    table.add_section()
    table.add_row("Society of Connect", society.address(), "there")
    operators = f"{chosen.scheme}://operators.{chosen.base_host}:{chosen.port}"
    table.add_row("Operators", operators, f"there, as {house.OPERATOR}")
    console.print(table)
    further = ", ".join(name for name in membership.SIGN_INS if name not in people.KNOWN)
    console.print(f"Sign in as [bold]{', '.join(people.KNOWN)}[/]; at the society also {further}.")
    console.print(f"Everybody's password: [bold]{people.PASSWORD}[/]")
    for line in _walk(addresses):
        console.print(line, soft_wrap=True, highlight=False)
    mails = "are kept and can be read on the operators' site"
    if chosen.email is not None and chosen.email.kind == "smtp":
        mails = f"go to {chosen.email.host}:{chosen.email.port}"
    console.print(f"Mails {mails}.")
    console.print(f"Logs are in {places.state_folder() / 'demo' / 'logs'}.", soft_wrap=True)
    console.print("All people here are generated. Press Ctrl-C to end.")


def _walk(addresses: dict[str, str]) -> list[str]:
    """What somebody who has a minute looks at first; the rest stands in docs/operating/demo.md."""
    first = next(iter(addresses.values()))
    lines = [
        "",
        f"Begin with {first}: find a mentor as [bold]mentee[/], answer as [bold]mentor[/],",
        f"and look at {first}/staff/ as [bold]staff[/].",
    ]
    if membership.BUNDLE in addresses:
        lines += [
            f"Membership: come in at {addresses[membership.BUNDLE]} as [bold]newcomer[/], then be",
            f"[bold]secretary[/] at {society.address()} and let a member lapse.",
        ]
    return [*lines, "More to try: docs/operating/demo.md", ""]


def _as_interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
