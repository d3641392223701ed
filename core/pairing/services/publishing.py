"""A draft becomes relationships: all of them in one transaction, or none."""

from collections.abc import Callable
from uuid import UUID

from django.db import transaction

from core.accounts.models import Person
from core.accounts.services import lock
from core.kernel import audit, jobs
from core.kernel.clock import now
from core.kernel.models import Job
from core.mentorships.queries import areas_between
from core.mentorships.services import Match, match_all
from core.pairing import errors
from core.pairing.models import PairDraft, Pool
from core.pairing.queries import Check, check, pairs
from core.pairing.services.steps import held
from core.pairing.states import Action, State

PUBLISH = "pairing.publish"
Tell = Callable[[int, int], None]


def order_publication(pool_id: UUID, *, words: str, at_once: bool, seal: str, by: Person) -> Job:
    """Have the draft published as it was seen (`seal` of `queries.check`).

    Errors: those of `held`; Changed when something is different by now.
    """
    with transaction.atomic():
        pool = held(pool_id, Action.PUBLISH, by=by)
        _same(pool, at_once=at_once, seal=seal, by=by)
        return jobs.order(
            kind=PUBLISH,
            title="Publication of a match of the whole pool",
            about={"pool": str(pool.pk), "words": words, "at_once": at_once, "seal": seal},
            by=by,
            done_url=pool.get_absolute_url(),
            back_url=pool.get_absolute_url(),
        )


def publish(
    pool_id: UUID,
    *,
    words: str,
    at_once: bool,
    seal: str,
    by: Person,
    told: Tell = lambda done, total: None,
) -> Pool:
    """Bring all pairs of the draft together and tell everybody, by the door of every match.

    Everything is looked at once more under lock: if anything is different from what staff have
    confirmed, nothing is published. Errors: NotTheirs, NoLongerPossible, Changed.
    """
    with transaction.atomic():
        pool = held(pool_id, Action.PUBLISH, by=by, wait=True)
        lock(*{one for row in pairs(pool) for one in (row.mentor, row.mentee)})
        found = _same(pool, at_once=at_once, seal=seal, by=by)
        areas = areas_between([(row.mentor_id, row.mentee_id) for row in found.good])
        matches = [
            Match(
                row.mentor,
                row.mentee,
                areas[row.mentor_id, row.mentee_id],
                _statement(words, row),
            )
            for row in found.good
        ]
        made = match_all(
            matches, at_once=at_once, by=by, told=lambda done: told(done, len(matches))
        )
        for row, mentorship in zip(found.good, made, strict=True):
            row.mentorship = mentorship
        for row, sentence in found.refused:
            row.refusal = sentence[:300]
        rows = [*found.good, *(row for row, _sentence in found.refused)]
        PairDraft.objects.bulk_update(rows, ["mentorship", "refusal"], batch_size=500)
        pool.state, pool.published_at, pool.published_by = State.PUBLISHED, now(), by
        pool.words, pool.at_once = words, at_once
        pool.save(update_fields=["state", "published_at", "published_by", "words", "at_once"])
        audit.record(
            "pool published", thing=pool, by=by, at_once=at_once,
            made=len(made), refused=len(found.refused),
        )  # fmt: skip
    return pool


def _same(pool: Pool, *, at_once: bool, seal: str, by: Person) -> Check:
    found = check(pool, at_once=at_once, by=by)
    if found.seal != seal:
        raise errors.Changed(
            "Something has changed since you looked at this draft, and nothing was published. "
            "Look at it once more."
        )
    if not found.good:
        raise errors.CannotBePaired("There is no pair in this draft that could be published.")
    return found


def _statement(words: str, row: PairDraft) -> str:
    met = "; ".join(one["text"] for one in row.receipt.get("met", ()))
    return f"{words}\n\nWhat speaks for it: {met}." if met else words
