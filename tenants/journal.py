"""The progress of provisioning, written beside its transaction on a connection of its own.

The journal also holds the lock on a short name: the lock lives as long as the connection, so a
run that was killed lets it go at once, and what it had written was never committed.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar
from uuid import UUID

from core.kernel.clock import now
from tenants.context import platform_scope, wrapper
from tenants.errors import NameTaken
from tenants.locks import give_back, take
from tenants.models import Institute, Outcome, ProvisionRun, Step
from tenants.services import reserve_schema_name
from tenants.storage import forget_files

Answer = TypeVar("Answer")
_STEPS = {step: number for number, step in enumerate(Step)}


class Journal:
    """Writes one run's row from a thread of its own, each time committed at once."""

    def __init__(self, pool: ThreadPoolExecutor, run_id: UUID) -> None:
        self._pool = pool
        self.run_id = run_id

    def step(self, step: Step) -> None:
        """Tell which step begins now."""
        self._write(step=step, done=_STEPS[step])

    def reserve_schema(self, *, operators: bool) -> str:
        """A fresh schema name, entered into the run."""
        name = _in(self._pool, lambda: reserve_schema_name(operators=operators))
        self._write(schema_name=name)
        return name

    def close(self, outcome: Outcome, message: str = "") -> None:
        """Tell how it ended."""
        fields: dict[str, object] = {"outcome": outcome, "message": message, "ended_at": now()}
        if outcome == Outcome.DONE:
            fields |= {"step": Step.DONE, "done": len(_STEPS)}
        self._write(**fields)

    def _write(self, **fields: object) -> None:
        _in(self._pool, lambda: ProvisionRun.objects.filter(pk=self.run_id).update(**fields))


def _in(pool: ThreadPoolExecutor, work: Callable[[], Answer]) -> Answer:
    def scoped() -> Answer:
        with platform_scope():
            return work()

    return pool.submit(scoped).result()


@contextmanager
def journal(slug: str, bundle: str, run_id: UUID | None = None) -> Iterator[Journal]:
    """Take the short name for one run and keep its row; in: the row that was made beforehand.

    Raises NameTaken when another run has the name. A run of the name that was killed is marked as
    interrupted, and files that it stored are removed: its rows were never committed. What raises
    inside the block is written down and goes on.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="journal") as pool:
        try:
            run = _in(pool, lambda: _begun(slug, bundle, run_id))
            kept = Journal(pool, run.pk)
            try:
                yield kept
            except BaseException as problem:
                kept.close(Outcome.FAILED, str(problem) or type(problem).__name__)
                raise
        finally:
            _in(pool, lambda: _let_go(slug))


def _begun(slug: str, bundle: str, run_id: UUID | None) -> ProvisionRun:
    mine = ProvisionRun.objects.filter(pk__in=[run_id] if run_id else [])
    if not take(slug):
        sentence = f"{slug!r} is being provisioned by somebody else at this moment."
        mine.update(outcome=Outcome.FAILED, message=sentence, ended_at=now())
        raise NameTaken(sentence)
    interrupted = ProvisionRun.objects.filter(slug=slug, outcome=Outcome.RUNNING)
    for run in interrupted:
        if run.schema_name and not Institute.objects.filter(schema_name=run.schema_name).exists():
            forget_files(run.schema_name)
    interrupted.update(
        outcome=Outcome.FAILED, message="It was interrupted; nothing of it is left.", ended_at=now()
    )
    if mine.update(outcome=Outcome.RUNNING, started_at=now()):
        return mine.get()
    return ProvisionRun.objects.create(slug=slug, bundle=bundle, outcome=Outcome.RUNNING)


def _let_go(slug: str) -> None:
    give_back(slug)
    wrapper().close()
