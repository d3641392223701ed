"""The progress of a run at the command line."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from tenants.backups.runs import Tell


@contextmanager
def shown() -> Iterator[Tell]:
    """A bar on the error output; out: what to tell it."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task("Beginning", total=1)

        def tell(step: str, done: int, total: int) -> None:
            progress.update(bar, description=step, completed=done, total=total)

        yield tell
        progress.update(bar, description="Done", completed=1, total=1)
