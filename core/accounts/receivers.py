"""What allauth tells us, written into the audit trail."""

from typing import Any

from allauth.account import signals
from django.db import transaction
from django.dispatch import receiver

from core.accounts import services
from core.accounts.models import Person
from core.kernel import audit


@receiver(signals.password_changed)
def note_changed_password(user: Person, **kwargs: Any) -> None:
    """Write down that a password was changed."""
    audit.record("password changed", thing=user, by=user)


@receiver(signals.password_reset)
def note_reset_password(user: Person, **kwargs: Any) -> None:
    """Write down a forgotten password's end; the mailed link also proves the address."""
    with transaction.atomic():
        audit.record("password reset", thing=user, by=user)
        services.confirm_address(user)


@receiver(signals.email_changed)
def note_changed_address(user: Person, **kwargs: Any) -> None:
    """Write down that an address was changed."""
    audit.record("address changed", thing=user, by=user)
