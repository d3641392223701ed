"""A member comes from the society's site with a signed ticket."""

import hashlib

from django.db import IntegrityError, transaction

from core.kernel.clock import now
from core.kernel.ports import current_site
from core.kernel.sealing import unseal
from core.membership.models import Key, UsedTicket
from core.membership.rules import tickets
from core.membership.rules.tickets import Ticket, TicketRefused
from core.membership.services.keys import PURPOSE, mark_used


def read_ticket(token: str) -> tuple[Ticket, Key]:
    """What a ticket says, if it is good here and now. Errors: TicketRefused."""
    key = Key.objects.filter(kid=tickets.kid_of(token)).first()
    if key is None or not key.is_good:
        raise TicketRefused("The key of the ticket (kid) is not known here.")
    secret = unseal(PURPOSE, key.sealed)
    return tickets.read(token, secret=secret, audience=current_site().base_url, at=now()), key


def use_ticket(ticket: Ticket, key: Key) -> None:
    """Let a ticket be good no more. Errors: TicketRefused when it was used before."""
    digest = hashlib.sha256(f"{key.kid}:{ticket.jti}".encode()).hexdigest()
    try:
        with transaction.atomic():
            UsedTicket.objects.create(digest=digest, ends_at=ticket.ends_at)
    except IntegrityError:
        raise TicketRefused("The ticket was used before (jti).") from None
    mark_used(key)


def forget_tickets() -> int:
    """Forget used tickets that have ended by themselves; how many."""
    gone, _ = UsedTicket.objects.filter(ends_at__lt=now()).delete()
    return gone
