"""Who was erased, so that a restored backup does not bring them back (product A11).

The lines stand in the shared schema, where no backup of an institute overwrites them. They are
digests alone: whoever has the row of an account can tell whether it was erased, and nobody can
tell from a line who it was. Keys of accounts are random, so a digest without a secret is enough,
and it outlives every change of secrets.
"""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from core.accounts.models import Person
from core.kernel.events import receives
from core.kernel.models import MailState, OutboxMail
from core.privacy.events import PersonErased
from core.privacy.models import Way
from core.privacy.services.erasing import erase
from tenants.context import current_institute, platform_scope
from tenants.errors import OutsideTenancy
from tenants.keeping import ErasedPerson


@receives(PersonErased)
def remember(event: PersonErased) -> None:
    """Write the line, in the transaction of the erasure. Raises OutsideTenancy."""
    institute = current_institute()
    if institute is None:
        raise OutsideTenancy("Nobody can be erased where no institute is in force.")
    line = digest(institute.pk, event.person_id)
    with platform_scope():
        ErasedPerson.objects.get_or_create(institute_key=institute.pk, digest=line)


def erase_again(institutes: Iterable[UUID], *, note: str) -> int:
    """Erase whoever an older copy brought back to the institute in force; out: how many.

    institutes: keys of the present one and of the one that the copy is of. Nobody is written to:
    mails that come of it stay unsent, with `note`.
    """
    keys = list(dict.fromkeys(institutes))
    with platform_scope():
        lines = set(
            ErasedPerson.objects.filter(institute_key__in=keys).values_list("digest", flat=True)
        )
    if not lines:
        return 0
    done = 0
    for person in Person.objects.filter(erased_at=None).order_by("pk").iterator():
        if any(digest(key, person.pk) in lines for key in keys):
            again = Person.objects.get(pk=person.pk)
            if again.erased_at is None:  # not with another account, just now
                erase(again, way=Way.RESTORED)
                done += 1
    if done:
        waiting = OutboxMail.objects.filter(state__in=(MailState.QUEUED, MailState.SENDING))
        waiting.update(state=MailState.FAILED, last_error=note)
    return done


def digest(institute: UUID, person: UUID) -> str:
    """What stands in the ledger for an account."""
    return hashlib.sha256(f"{institute}:{person}".encode()).hexdigest()
