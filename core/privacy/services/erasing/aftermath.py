"""What is done once an erasure is through, and again until it is: files, and late rows.

A worker may be killed between the transaction and the removal of files, and somebody may have
been writing or signing in while they were erased: their row waits for the transaction, and what
they wrote is there when it ends.
"""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.core.files.storage import default_storage
from django.db import transaction

from core.accounts.models import Person
from core.kernel import personal
from core.kernel.clock import now
from core.kernel.personal import Remove
from core.privacy.models import Erasure
from core.privacy.queries.stored import counted
from core.privacy.services.erasing.rows import OWN, Counts, keys_of, strip

LOOKED_AT = timedelta(days=1)


def forget_files(erasure: Erasure, names: Iterable[str]) -> None:
    """Write down which files go, and remove them once the transaction is through."""
    erasure.doomed = sorted({name for name in names if name})
    erasure.save(update_fields=["doomed"])
    if erasure.doomed:
        transaction.on_commit(lambda: _remove(erasure.pk), robust=True)


def tidy_files() -> int:
    """Remove files of erasures that were interrupted; out: how many. Safe to repeat."""
    waiting = Erasure.objects.exclude(doomed=[]).values_list("pk", flat=True)
    return sum(_remove(key) for key in list(waiting))


def look_again() -> int:
    """Remove rows about people erased within a day that came while it happened; out: how many."""
    done = 0
    for person in Person.objects.filter(erased_at__gt=now() - LOOKED_AT):
        with transaction.atomic():
            done += _strip_again(person)
    return done


def _strip_again(person: Person) -> int:
    Person.objects.filter(pk=person.pk).exclude(last_login=None).update(last_login=None)
    late = {
        label
        for label in counted(person)
        if label not in OWN and isinstance(personal.kept_as(label).on_erase, Remove)
    }
    if not late:
        return 0
    counts = Counts()
    keys = {label: found if label in late else [] for label, found in keys_of([person]).items()}
    strip(keys, counts)
    erasure = Erasure.objects.filter(at=person.erased_at or now()).first()
    if erasure is not None and counts.files:
        forget_files(erasure, {*erasure.doomed, *counts.files})
    return sum(counts.values())


@transaction.atomic
def _remove(erasure_id: UUID) -> int:
    erasure = Erasure.objects.select_for_update(skip_locked=True).filter(pk=erasure_id).first()
    if erasure is None:
        return 0
    for name in erasure.doomed:
        default_storage.delete(name)
    gone, erasure.doomed = len(erasure.doomed), []
    erasure.save(update_fields=["doomed"])
    return gone
