"""Everything about a person goes, once and for good (product A11).

The account is closed first, so that partners are told; then every row is dealt with as the data
map says; then every text of the institute is swept for what is left of the name. What stays is a
row without a name, to which the partner's side points, and a receipt.
"""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from core.accounts.events import AccountClosing
from core.accounts.models import Person
from core.accounts.services import deactivate
from core.kernel import audit
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.kernel.events import tell
from core.kernel.jobs import Tell
from core.privacy.events import PersonErased
from core.privacy.models import OPEN, AskState, Erasure, ErasureRequest, Way
from core.privacy.queries.erasing import accounts_of, why_not
from core.privacy.services.erasing.aftermath import forget_files, look_again, tidy_files
from core.privacy.services.erasing.identity import (
    Identity,
    address_digest,
    identity_of,
    person_digest,
)
from core.privacy.services.erasing.mails import GO, partners_of, strip_mails, tidy_mails
from core.privacy.services.erasing.receipt import send_receipt
from core.privacy.services.erasing.remembered import forget_in_cache, strip_sessions
from core.privacy.services.erasing.rows import (
    Counts,
    keys_of,
    strip,
    strip_names,
    throw_fleeting_files_away,
)
from core.privacy.services.erasing.sweeping import named_in_settings, sweep

__all__ = ["carry_out", "erase", "tidy"]

STEPS = 5
REASON = "Erasure"


@transaction.atomic
def erase(
    person: Person,
    *,
    way: Way,
    by: Person | None = None,
    asked_at: datetime | None = None,
    progress: Tell = lambda done, total: None,
) -> Erasure:
    """Erase a person and the accounts that were merged into theirs; out: the receipt.

    In: `by` carries it out; None for the clock. After a restore nobody is written to.
    Errors: RuleBroken when it may not be (see `why_not`), or the programme is reached by the
    person's own address.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if way is not Way.RESTORED and (refusal := why_not(person)):
        raise RuleBroken(refusal)
    people = accounts_of(person)
    who = identity_of(people)
    if way is not Way.RESTORED and named_in_settings(who):
        raise RuleBroken(
            "The programme's own names and addresses name this person. Enter somebody else under "
            "“Names and addresses” first."
        )
    addressee = (person.full_name, person.email)
    _close(person, by)
    progress(1, STEPS)
    erasure = Erasure(
        person_digest=person_digest(person.pk),
        address_digests=[address_digest(one) for one in who.addresses],
        at=now(), asked_at=asked_at, way=way, by=by,
    )  # fmt: skip
    counts = _clear(people, who, erasure)
    progress(4, STEPS)
    erasure.counts = {label: count for label, count in sorted(counts.items()) if count}
    erasure.files = len(counts.files)
    erasure.save(force_insert=True)
    if way is not Way.RESTORED and (mail := send_receipt(erasure, to=addressee)):
        erasure.mails = {**erasure.mails, str(mail.pk): GO}
        erasure.save(update_fields=["mails"])
    forget_files(erasure, counts.files)
    forget_in_cache(who)
    audit.record("person erased", thing=erasure, by=by, way=way.value, number=erasure.number)
    for one in people:
        tell(PersonErased(person_id=one.pk))
    return erasure


@transaction.atomic
def carry_out(
    asked: ErasureRequest, *, by: Person, progress: Tell = lambda done, total: None
) -> Erasure:
    """Do what a member asked for, as its job; out: the receipt. Errors: those of `erase`."""
    receipt = erase(
        asked.person, way=Way.ASKED, by=by, asked_at=asked.received_at, progress=progress
    )
    ErasureRequest.objects.filter(pk=asked.pk).update(
        state=AskState.DONE, settled_at=receipt.at, settled_by=by
    )
    return receipt


def tidy() -> int:
    """What is left to do after erasures: mails on their way, files, rows that came late.

    Out: how many things it dealt with. Safe to repeat.
    """
    return tidy_mails() + tidy_files() + look_again()


def _clear(people: Sequence[Person], who: Identity, erasure: Erasure) -> Counts:
    counts = Counts()
    keys = [one.pk for one in people]
    partners = partners_of(keys)
    rows = keys_of(people)
    erasure.mails = strip_mails(who, partners, counts)
    throw_fleeting_files_away(counts)
    for one in people:
        strip_names(one, counts)
    strip(rows, counts)
    Person.objects.filter(pk__in=keys).update(erased_at=erasure.at)
    Person.objects.filter(pk__in=keys, closed_at=None).update(closed_at=erasure.at)
    requests = ErasureRequest.objects.filter(person__in=keys)
    requests.update(reason="")
    requests.filter(state__in=OPEN).update(state=AskState.DONE, settled_at=erasure.at)
    counts["sessions.Session"] += strip_sessions(who, keys)
    for table, count in sweep(who).items():
        counts[table] += count
    return counts


def _close(person: Person, by: Person | None) -> None:
    """Out of every relationship; partners are told as when somebody leaves."""
    if person.is_active and by is not None:
        deactivate([person], reason=REASON, leave=True, by=by)
    else:
        tell(AccountClosing(person_id=person.pk, by_team=True))
    person.refresh_from_db()
