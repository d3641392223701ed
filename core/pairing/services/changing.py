"""A draft changed by hand: each deed counts as a change and is written down."""

from uuid import UUID

from django.db import transaction

from core.accounts.models import Person
from core.kernel import audit
from core.pairing import errors
from core.pairing.models import Exclusion, LeftOut, PairDraft, Pool, Role, Standing
from core.pairing.queries import free_places, ground
from core.pairing.rules import Reason
from core.pairing.services.solving import drafted
from core.pairing.services.steps import held, leave_out, note_change
from core.pairing.states import Action, State


def keep(pool_id: UUID, pair_id: UUID, *, by: Person) -> None:
    """Let solving again leave a pair as it is. Errors: those of `held`, Changed."""
    with transaction.atomic():
        pool = held(pool_id, Action.CHANGE, by=by)
        pair = _pair(pool, pair_id)
        _stand(pair, Standing.PINNED)
        note_change(pool, "pair kept", by=by, **_who(pair))


def let_go(pool_id: UUID, pair_id: UUID, *, by: Person) -> None:
    """Let solving again change a pair that was kept. Errors: those of `held`, Changed."""
    with transaction.atomic():
        pool = held(pool_id, Action.CHANGE, by=by)
        pair = _pair(pool, pair_id)
        _stand(pair, Standing.SOLVED)
        note_change(pool, "pair let go", by=by, **_who(pair))


def take_apart(pool_id: UUID, pair_id: UUID, *, by: Person) -> None:
    """Take a pair out; solving again does not put the two together. Errors: as above."""
    with transaction.atomic():
        pool = held(pool_id, Action.CHANGE, by=by)
        pair = _pair(pool, pair_id)
        _stand(pair, Standing.APART)
        leave_out(pool, pair.mentee, Reason.APART, f"Not with {pair.mentor.full_name}.")
        note_change(pool, "pair taken apart", by=by, **_who(pair))


def pair_by_hand(pool_id: UUID, *, mentee: Person, mentor: Person, by: Person) -> PairDraft:
    """Give a mentee of the pool this mentor, instead of the one in the draft if there is one.

    Errors: those of `held`; CannotBePaired with a sentence. Nothing is changed then.
    """
    with transaction.atomic():
        pool = held(pool_id, Action.CHANGE, by=by)
        found = ground(pool, only=[mentee.pk])
        row, column = found.row.get(mentee.pk), found.column.get(mentor.pk)
        if row is None:
            raise errors.CannotBePaired(f"{mentee.full_name} is not in this pool, or not any more.")
        if column is None or not found.allowed[row, column]:
            raise errors.CannotBePaired(
                f"{mentor.full_name} does not fit {mentee.full_name} by the choices of this run."
            )
        if free_places(found, pool, but=mentee.pk)[mentor.pk] < 1:
            raise errors.CannotBePaired(f"{mentor.full_name} has no place left in this draft.")
        pool.pairs.filter(mentee=mentee).exclude(standing=Standing.APART).delete()
        pool.pairs.filter(mentee=mentee, mentor=mentor).delete()
        pair = drafted(pool, found, row, column, Standing.BY_HAND)
        pair.save()
        pool.left_out.filter(mentee=mentee).delete()
        note_change(pool, "paired by hand", by=by, **_who(pair))
    return pair


def shut_out(pool_id: UUID, *, person: Person, role: Role, by: Person) -> None:
    """Keep somebody out of this run; their pairs go. Errors: those of `held`."""
    with transaction.atomic():
        pool = held(pool_id, Action.CHANGE, by=by)
        Exclusion.objects.get_or_create(pool=pool, person=person, role=role)
        side = {"mentee": person} if role == Role.MENTEE else {"mentor": person}
        pairs = pool.pairs.filter(**side).exclude(standing=Standing.APART)
        if role == Role.MENTEE:
            leave_out(pool, person, Reason.EXCLUDED)
        else:
            detail = f"{person.full_name} was taken out of this run."
            for pair in pairs.select_related("mentee"):
                leave_out(pool, pair.mentee, Reason.WAITING, detail)
        pairs.delete()
        note_change(pool, "person shut out", by=by, person=str(person.pk), role=role)


def let_in(pool_id: UUID, *, person: Person, role: Role, by: Person) -> None:
    """Let somebody into this run again; the next solving finds somebody for them."""
    with transaction.atomic():
        pool = held(pool_id, Action.CHANGE, by=by)
        gone, _ = Exclusion.objects.filter(pool=pool, person=person, role=role).delete()
        if not gone:
            raise errors.Changed("This had been done already.")
        LeftOut.objects.filter(pool=pool, mentee=person, reason=Reason.EXCLUDED).update(
            reason=Reason.WAITING
        )
        note_change(pool, "person let in", by=by, person=str(person.pk), role=role)


def discard(pool_id: UUID, *, by: Person) -> Pool:
    """Throw the draft away; that there was a run stays. Errors: those of `held`."""
    with transaction.atomic():
        pool = held(pool_id, Action.DISCARD, by=by)
        for rows in (pool.pairs, pool.left_out, pool.exclusions):
            rows.all().delete()
        pool.state = State.DISCARDED
        pool.save(update_fields=["state"])
        audit.record("pool discarded", thing=pool, by=by)
    return pool


def _pair(pool: Pool, pair_id: UUID) -> PairDraft:
    rows = pool.pairs.exclude(standing=Standing.APART).select_related("mentor", "mentee")
    pair = rows.filter(pk=pair_id).first()
    if pair is None:
        raise errors.Changed("This pair is no longer in the draft.")
    return pair


def _stand(pair: PairDraft, standing: Standing) -> None:
    pair.standing = standing
    pair.save(update_fields=["standing"])


def _who(pair: PairDraft) -> dict[str, str]:
    return {"mentor": str(pair.mentor_id), "mentee": str(pair.mentee_id)}
