"""What allauth tells us: into the audit trail, and when somebody showed who they are."""

from typing import Any

from allauth.account import signals
from django.contrib.auth.signals import user_logged_in
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from core.accounts import services
from core.accounts.models import Person
from core.accounts.services.showing import note_shown
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


@receiver(user_logged_in)
def note_sign_in(request: HttpRequest, user: Person, **kwargs: Any) -> None:
    """Keep when this session signed in, by whichever way: dangerous acts look at it."""
    note_shown(request.session, user)


@receiver(signals.authentication_step_completed)
def note_asked_again(
    request: HttpRequest, user: Person, reauthenticated: bool = False, **kwargs: Any
) -> None:
    """Keep when password, passkey or code was given once more."""
    if reauthenticated:
        note_shown(request.session, user)
