"""A one-time way in for the programme team while the provider is down."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from core.accounts.models import Person
from core.accounts.queries import person_with_address
from core.bridges.errors import NotLetIn
from core.bridges.models import Rescue
from core.bridges.queries import needs_rescue
from core.bridges.rules import RESCUE_LIVES, RESCUE_PURPOSE
from core.kernel import audit
from core.kernel.clock import now
from core.kernel.ids import new_id
from core.kernel.limits import allow
from core.kernel.links import absolute
from core.kernel.signing import sign
from core.programme.services import write_mail

PER_HOUR = 3
KEPT = timedelta(days=30)


def key_for(email: str) -> UUID:
    """Whose link is to be written: of anybody but the team a key that nobody has, so that neither
    the answer nor its time tells who is on the team."""
    person = person_with_address(email)
    return person.pk if person is not None and _may(person) else new_id()


def write(person_id: UUID | str) -> bool:
    """Write the link to one of the team; False for anybody else, and for the fourth in an hour."""
    with transaction.atomic():
        person = Person.objects.select_for_update().filter(pk=person_id).first()
        if person is None or not _may(person):
            return False
        if not allow(f"rescue of {person.pk}", limit=PER_HOUR, seconds=3600):
            return False
        Rescue.objects.filter(at__lt=now() - KEPT).delete()
        made = Rescue.objects.create(person=person)
        token = sign(RESCUE_PURPOSE, str(made.pk))
        audit.record("bridge.rescue_asked", thing=person)
        write_mail(
            template="mails/rescue",
            to=(person.full_name, person.email),
            kind="rescue",
            about=person,
            context={
                "link": absolute(reverse("bridges:rescue", args=[token])),
                "minutes": int(RESCUE_LIVES.total_seconds() // 60),
            },
        )
    return True


@transaction.atomic
def use(rescue: Rescue) -> Person:
    """Use a link up. Errors: NotLetIn when it was used, or the person left the team since."""
    row = Rescue.objects.select_for_update().get(pk=rescue.pk)
    person = row.person
    if row.used_at is not None or row.at <= now() - RESCUE_LIVES or not _may(person):
        raise NotLetIn("This link was used, or it is too old. Ask for another one.")
    row.used_at = now()
    row.save(update_fields=["used_at"])
    audit.record("bridge.rescue_used", thing=person, by=person)
    return person


def _may(person: Person) -> bool:
    team = person.is_staff or person.is_superuser
    return person.is_active and team and not person.is_operator and needs_rescue()
