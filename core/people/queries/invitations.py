"""Reading invitations: what a link leads to, and the list of staff."""

from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from django.db.models import Q, QuerySet

from core.accounts import queries as accounts
from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.signing import BadToken, unsign
from core.people.models import Invitation, InvitationState

PURPOSE = "invitation"
LONGEST = timedelta(days=365)
"""A link can be sent again for as long as the invitation stands: the row says when it ends."""


class Standing(StrEnum):
    """What somebody who opens a link is told."""

    OPEN = "open"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    USED = "used"
    MEMBER = "member"


STATES = {
    "open": "Open",
    "expired": "Expired",
    "used": "Accepted",
    "withdrawn": "Withdrawn",
}


def by_token(token: str) -> Invitation | None:
    """The invitation that a link of this institute names; None for any other link."""
    try:
        key = UUID(unsign(PURPOSE, token, LONGEST))
    except (BadToken, ValueError):
        return None
    return Invitation.objects.select_related("person", "made_by").filter(pk=key).first()


def standing_of(invitation: Invitation) -> Standing:
    """What can be done with an invitation at this moment."""
    if invitation.state == InvitationState.WITHDRAWN:
        return Standing.WITHDRAWN
    if invitation.state == InvitationState.USED:
        return Standing.USED
    if member_with(invitation.email) is not None and waiting_account(invitation) is None:
        return Standing.MEMBER
    return Standing.EXPIRED if invitation.has_expired else Standing.OPEN


def member_with(email: str) -> Person | None:
    """The person with an address who ever showed that it is theirs."""
    person = accounts.person_with_address(email)
    if person is None or accounts.unconfirmed().filter(pk=person.pk).exists():
        return None
    return person


def waiting_account(invitation: Invitation) -> Person | None:
    """The account that staff made for this address and nobody has opened yet."""
    person = member_with(invitation.email)
    if person is None or not person.is_active or person.is_staff or person.is_superuser:
        return None
    used = person.last_login is not None or person.has_usable_password()
    return None if used else person


def invitations(*, state: str = "", text: str = "") -> QuerySet[Invitation]:
    """The invitations in a state of STATES ("" for all), found by name or address."""
    found = Invitation.objects.select_related("made_by", "source")
    at = now()
    if state == "expired":
        found = found.filter(state=InvitationState.OPEN, expires_at__lte=at)
    elif state == "open":
        found = found.filter(state=InvitationState.OPEN, expires_at__gt=at)
    elif state in InvitationState.values:
        found = found.filter(state=state)
    for word in text.split()[:6]:
        found = found.filter(
            Q(email__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
        )
    return found
