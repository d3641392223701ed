"""What other rooms change and the index of mentors has to follow.

Rows are watched rather than events: staff pages, bundles and imports save them too.
"""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from core.accounts.events import PersonDeactivated, PersonReactivated
from core.accounts.models import Person
from core.kernel.events import receives
from core.matching import services, tasks
from core.matching.models import Criterion
from core.membership.events import MembershipEnded, MembershipRenewed
from core.profiles.models import Field, Profile
from core.profiles.rules import Audience
from core.programme.models import Programme

DECIDES = frozenset({"is_active", "is_mentor"})


@receiver(post_save, sender=Profile)
@receiver(post_delete, sender=Profile)
def follow_profile(instance: Profile, **kwargs: Any) -> None:
    """A mentor's answers, capacity or availability changed."""
    if instance.role == Audience.MENTOR:
        services.relist(instance.person)


@receiver(post_save, sender=Person)
def follow_person(
    instance: Person, created: bool, update_fields: frozenset[str] | None, **kwargs: Any
) -> None:
    """Somebody was deactivated, came back, took or gave up the mentor's role."""
    if not created and (update_fields is None or DECIDES & update_fields):
        services.relist(instance)


@receives(PersonDeactivated)
def follow_deactivation(event: PersonDeactivated) -> None:
    """Accounts are closed by compare-and-swap, which sends no signal of a saved row."""
    services.relist(Person.objects.get(pk=event.person_id))


@receives(PersonReactivated)
def follow_return(event: PersonReactivated) -> None:
    """The same the other way round."""
    services.relist(Person.objects.get(pk=event.person_id))


@receives(MembershipEnded)
def follow_end_of_membership(event: MembershipEnded) -> None:
    """Whoever begins nothing new is not found."""
    services.relist(Person.objects.get(pk=event.person_id))


@receives(MembershipRenewed)
def follow_renewal(event: MembershipRenewed) -> None:
    """The same the other way round."""
    services.relist(Person.objects.get(pk=event.person_id))


@receiver(post_save, sender=Criterion)
@receiver(post_delete, sender=Criterion)
def follow_criterion(**kwargs: Any) -> None:
    """Other fields make the words of the index; what is asked is read afresh by each search."""
    _rebuild()


@receiver(post_save, sender=Field)
def follow_field(instance: Field, created: bool, **kwargs: Any) -> None:
    """A field that is a criterion may have another key now."""
    if not created and Criterion.objects.filter(mentor_field=instance).exists():
        _rebuild()


@receiver(post_save, sender=Programme)
def follow_programme(created: bool, **kwargs: Any) -> None:
    """The usual number of mentees is part of what mentors without one of their own have left."""
    if not created:
        _rebuild()


def _rebuild() -> None:
    """After commit, so that the task finds what was saved; the nightly round catches up."""
    transaction.on_commit(lambda: tasks.rebuild_listings.delay(), robust=True)
