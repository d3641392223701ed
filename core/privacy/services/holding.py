"""What is stored about a person may not go, until somebody ends the hold."""

from django.db import transaction

from core.accounts.models import Person
from core.kernel import audit
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.privacy.models import LegalHold


@transaction.atomic
def hold(person: Person, *, reason: str, by: Person) -> LegalHold:
    """Stop erasing and retention for a person. Errors: RuleBroken without a reason, or held."""
    reason = reason.strip()
    if not reason:
        raise RuleBroken("Say why. Only the programme team reads it.")
    Person.objects.select_for_update().get(pk=person.pk)
    if LegalHold.objects.filter(person=person, ended_at=None).exists():
        raise RuleBroken(f"There is a hold on what is stored about {person.full_name} already.")
    made = LegalHold.objects.create(person=person, reason=reason, by=by)
    audit.record("hold begun", thing=person, by=by)
    return made


@transaction.atomic
def release(held: LegalHold, *, by: Person) -> None:
    """End a hold. Safe to repeat."""
    if LegalHold.objects.filter(pk=held.pk, ended_at=None).update(ended_at=now(), ended_by=by):
        audit.record("hold ended", thing=held.person, by=by)
