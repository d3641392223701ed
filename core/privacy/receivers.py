"""Agreements that are given with another step: registering, accepting an invitation."""

from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from core.accounts.events import InvitationAccepted, PersonRegistered
from core.accounts.models import Person
from core.kernel.events import receives
from core.privacy.models import How
from core.privacy.queries import consenting as queries
from core.privacy.services import consenting as services


@receives(PersonRegistered)
def agreed_by_registering(event: PersonRegistered) -> None:
    """Keep what was ticked on the page of registration."""
    _keep(event, How.REGISTRATION)


@receives(InvitationAccepted)
def agreed_by_accepting(event: InvitationAccepted) -> None:
    """Keep what was ticked on the page of an invitation."""
    _keep(event, How.INVITATION)


def _keep(event: PersonRegistered | InvitationAccepted, how: How) -> None:
    person = Person.objects.get(pk=event.person_id)
    services.agree(person, queries.documents_as(event.agreed), how=how)
    if event.wishes:
        services.choose(person, event.wishes, how=how)


@receiver(user_logged_in)
def look_at_newcomer(request: HttpRequest, user: Person, **kwargs: Any) -> None:
    """Who comes through the society saw no such page here: they are asked before they go on."""
    if queries.is_newcomer(user):
        request.session[services.FIRST_SIGN_IN] = True
