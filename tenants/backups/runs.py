"""Long work on one institute: its lock, its progress, and what becomes of it when it is killed.

The progress is written beside the transaction of the work, on a connection of its own, which also
holds the lock on the short name.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar
from uuid import UUID

from core.kernel.clock import now
from tenants.context import platform_scope, wrapper
from tenants.deeds import Operator
from tenants.errors import DeedRefused
from tenants.keeping import PlatformRun, RunKind, RunOutcome
from tenants.locks import give_back, take
from tenants.services import reserve_schema_name

Answer = TypeVar("Answer")
Tell = Callable[[str, int, int], None]
INTERRUPTED = "It was interrupted; nothing half done is left."


class Run:
    """One run at work."""

    def __init__(self, pool: ThreadPoolExecutor, row: PlatformRun, tell: Tell | None) -> None:
        self._pool = pool
        self._tell = tell
        self.pk: UUID = row.pk
        self.about: dict[str, Any] = row.about
        self.report: dict[str, Any] = row.report

    def step(self, what: str, done: int, total: int) -> None:
        """Tell what is done now, and how far the whole is."""
        self._write(step=what[:200], done=done, total=max(total, 1))
        if self._tell is not None:
            self._tell(what, done, max(total, 1))

    def note(self, **facts: Any) -> None:
        """Write down what a sweep must know, or what came of it."""
        self.report |= facts
        self._write(report=self.report)

    def reserve_schema(self) -> str:
        """A fresh schema name, entered into the run."""
        name = _in(self._pool, lambda: reserve_schema_name())
        self._write(schema_name=name)
        return name

    def close(self, outcome: RunOutcome, message: str) -> None:
        """Tell how it ended."""
        self._write(outcome=outcome, message=message, ended_at=now())

    def _write(self, **fields: Any) -> None:
        _in(self._pool, lambda: PlatformRun.objects.filter(pk=self.pk).update(**fields))


@contextmanager
def running(
    kind: RunKind,
    slug: str,
    *,
    by: Operator,
    about: dict[str, Any] | None = None,
    run_id: UUID | None = None,
    tell: Tell | None = None,
) -> Iterator[Run]:
    """Take the short name for one run and keep its row; in: the row that was made beforehand.

    Raises DeedRefused when another run has the name. What raises inside the block is written down
    and goes on; the block itself says what came of a good end (`Run.close`).
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="run") as pool:
        try:
            row = _in(pool, lambda: _begun(kind, slug, by, about or {}, run_id))
            run = Run(pool, row, tell)
            try:
                yield run
            except BaseException as problem:
                run.close(RunOutcome.FAILED, str(problem) or type(problem).__name__)
                raise
        finally:
            _in(pool, lambda: _let_go(slug))


def asked(kind: RunKind, slug: str, *, by: Operator, about: dict[str, Any]) -> PlatformRun:
    """A row for a run that a worker will begin. Call it in the platform's scope."""
    return PlatformRun.objects.create(
        kind=kind, slug=slug, about=about, operator_key=by.pk, operator_name=by.full_name
    )


def failed(run_id: UUID, message: str) -> None:
    """Tell of a run that was refused before it began."""
    with platform_scope():
        PlatformRun.objects.filter(pk=run_id, outcome=RunOutcome.WAITING).update(
            outcome=RunOutcome.FAILED, message=message, ended_at=now()
        )


def operator_of(run: PlatformRun) -> Operator:
    """Who asked for a run."""
    return Operator(run.operator_key, run.operator_name)


def _in(pool: ThreadPoolExecutor, work: Callable[[], Answer]) -> Answer:
    def scoped() -> Answer:
        with platform_scope():
            return work()

    return pool.submit(scoped).result()


def _begun(
    kind: RunKind, slug: str, by: Operator, about: dict[str, Any], run_id: UUID | None
) -> PlatformRun:
    mine = PlatformRun.objects.filter(pk__in=[run_id] if run_id else [])
    if not take(slug):
        sentence = f"Something else is being done to {slug!r} at this moment. Try again later."
        mine.update(outcome=RunOutcome.FAILED, message=sentence, ended_at=now())
        raise DeedRefused(sentence)
    if mine.update(outcome=RunOutcome.RUNNING, started_at=now()):
        return mine.get()
    made = asked(kind, slug, by=by, about=about)
    PlatformRun.objects.filter(pk=made.pk).update(outcome=RunOutcome.RUNNING)
    return made


def _let_go(slug: str) -> None:
    give_back(slug)
    wrapper().close()
