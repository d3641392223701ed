"""The institute's scheme, and records that were issued under it."""

from uuid import UUID

from core.accounts.models import Person
from core.cpd.models import Issued
from core.cpd.rules import KEY, KIND, Scheme
from core.programme.queries import edition


def scheme() -> Scheme | None:
    """The institute's scheme; None where it has none: then there is no record either."""
    found = edition(KIND, KEY)
    return Scheme.model_validate(found.document) if found else None


def issued_of(person: Person) -> list[Issued]:
    """The records that this person was issued, latest first, without their lines."""
    return list(Issued.objects.filter(member=person).defer("lines")[:100])


def record_of(person: Person, record_id: UUID) -> Issued | None:
    """One record of this person; None for everything else."""
    return Issued.objects.filter(member=person, pk=record_id).first() if person.is_active else None


def record_with(code: str) -> Issued | None:
    """The record with this code, without its lines: those are shown to nobody else."""
    return Issued.objects.filter(code=code).defer("lines").first() if code else None
