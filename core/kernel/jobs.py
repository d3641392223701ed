"""Long work that staff order and watch: an import, a match of a whole pool.

    # <app>/tasks.py
    @jobs.runs("people.import", page="people_import")
    def _import(job, tell):              # in one transaction: all of it or nothing
        for number, row in enumerate(rows): ...; tell(number, len(rows))
        return "312 people imported."

    # the page
    return redirect(jobs.order(kind="people.import", title="Import of members.csv", by=person,
                               about={"upload": str(pk)}, done_url=..., back_url=...))

A worker that is killed leaves nothing behind: its transaction is rolled back, its lock on the row
goes, and the sweep has the work begun again. A handler may therefore be called more than once.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol
from uuid import UUID

from django.core.cache import cache
from django.db import OperationalError, transaction
from redis.exceptions import RedisError

from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.kernel.models import Job, JobState

log = logging.getLogger(__name__)

ATTEMPTS = 3
KEPT = timedelta(days=30)
RUNG_AGAIN = timedelta(seconds=45)
REMEMBERED = 3600  # seconds
OPEN = (JobState.WAITING, JobState.RUNNING)

Tell = Callable[[int, int], None]
Handler = Callable[[Job, Tell], str]


class Owner(Protocol):
    """Whoever orders work."""

    @property
    def pk(self) -> Any: ...


@dataclass(frozen=True)
class Work:
    """A kind of long work. `page` names the staff page whose right to read opens its jobs."""

    handler: Handler
    page: str


_kinds: dict[str, Work] = {}


def runs(kind: str, *, page: str = "") -> Callable[[Handler], Handler]:
    """Register who does the jobs of a kind.

    The handler gets the job and `tell(done, total)`; it is called inside a transaction and returns
    the sentence in which the page says what came of it. RuleBroken with a sentence undoes it.
    """

    def register(handler: Handler) -> Handler:
        _kinds[kind] = Work(handler, page)
        return handler

    return register


def page_of(kind: str) -> str:
    """The staff page that jobs of a kind belong to; "" when they belong to their owner alone."""
    work = _kinds.get(kind)
    return work.page if work else ""


@transaction.atomic
def order(
    *, kind: str, title: str, by: Owner, about: dict[str, Any], done_url: str, back_url: str
) -> Job:
    """Order a job; one that is open for the same thing and owner is not ordered again.

    In: both addresses are paths of this site; `done_url` is where the page leads when it is done.
    Raises KeyError for a kind that nobody registered.
    """
    _kinds[kind]
    under_way = Job.objects.filter(kind=kind, about=about, owner_id=by.pk, state__in=OPEN).first()
    if under_way is not None:
        return under_way
    job = Job.objects.create(
        kind=kind,
        title=title[:200],
        about=about,
        owner_id=by.pk,
        done_url=done_url,
        back_url=back_url,
    )
    _ring(job)
    return job


def run(job_id: UUID) -> bool:
    """Do a job unless it is done or under way. False when nothing came of it."""
    if not _begun(job_id):
        return False
    try:
        return _worked(job_id)
    except RuleBroken as refusal:
        return _failed(job_id, str(refusal))
    except OperationalError:
        raise  # the database went away: begun again by the sweep
    except Exception:
        log.exception("the job %s failed", job_id)
        return _failed(
            job_id, "Something went wrong on our side, and nothing was changed. We have noted it."
        )


def progress(job: Job) -> tuple[int, int]:
    """How many of how many steps are done; (0, 0) while nobody knows."""
    try:
        done, total = cache.get(_key(job.pk)) or (0, 0)
    except (RedisError, OSError):
        return 0, 0
    return int(done), int(total)


def sweep() -> int:
    """Ring for jobs that wait or were interrupted, forget those of a month ago.

    Out: how many were rung for.
    """
    at = now()
    Job.objects.exclude(state__in=OPEN).filter(created_at__lt=at - KEPT).delete()
    with transaction.atomic():
        idle = Job.objects.filter(state__in=OPEN, created_at__lt=at - RUNG_AGAIN)
        found = list(idle.order_by("created_at").select_for_update(skip_locked=True)[:50])
        for job in found:
            if job.attempts < ATTEMPTS:
                _ring(job)
                continue
            job.state, job.ended_at = JobState.FAILED, at
            job.message = (
                f"It was interrupted {ATTEMPTS} times, and nothing was changed. Try again later."
            )
            job.save(update_fields=["state", "ended_at", "message"])
    return len(found)


@transaction.atomic
def _begun(job_id: UUID) -> bool:
    job = Job.objects.filter(pk=job_id, state__in=OPEN).select_for_update(skip_locked=True).first()
    if job is None or job.attempts >= ATTEMPTS:
        return False
    job.state, job.begun_at, job.attempts = JobState.RUNNING, now(), job.attempts + 1
    job.save(update_fields=["state", "begun_at", "attempts"])
    return True


@transaction.atomic
def _worked(job_id: UUID) -> bool:
    running = Job.objects.filter(pk=job_id, state=JobState.RUNNING)
    job = running.select_for_update(skip_locked=True).first()
    if job is None:
        return False
    job.message = _kinds[job.kind].handler(job, _teller(job.pk))
    job.state, job.ended_at = JobState.DONE, now()
    job.save(update_fields=["state", "ended_at", "message"])
    return True


def _failed(job_id: UUID, sentence: str) -> bool:
    Job.objects.filter(pk=job_id).update(state=JobState.FAILED, ended_at=now(), message=sentence)
    return False


def _teller(job_id: UUID) -> Tell:
    told = [-1]

    def tell(done: int, total: int) -> None:
        percent = 100 * done // max(total, 1)
        if percent == told[0]:
            return
        told[0] = percent
        try:
            cache.set(_key(job_id), (done, total), REMEMBERED)
        except (RedisError, OSError):
            log.warning("the progress of the job %s cannot be told: no cache", job_id)

    return tell


def _key(job_id: UUID) -> str:
    return f"job:{job_id}"


def _ring(job: Job) -> None:
    from core.kernel.tasks import run_job  # the task calls this module

    transaction.on_commit(lambda: run_job.delay(str(job.pk)), robust=True)
