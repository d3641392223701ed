"""What the sign-in library tells us: into the audit trail, and by mail where it matters."""

from typing import Any

from allauth.account.signals import user_logged_in
from allauth.mfa import signals
from allauth.mfa.models import Authenticator
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from core.accounts.models import Person
from core.kernel import audit
from core.security import services


@receiver(user_logged_in)
def look_at_browser(request: HttpRequest, user: Person, **kwargs: Any) -> None:
    """A sign-in from a browser that was not seen before is told by mail."""
    services.note_sign_in(user, request.headers.get("User-Agent", "")[:1000])


@receiver(signals.authenticator_added)
def note_added(user: Person, authenticator: Authenticator, **kwargs: Any) -> None:
    """Write down that a second step was added."""
    audit.record("second step added", thing=user, by=user, step=str(authenticator.type))


@receiver(signals.authenticator_removed)
def note_removed(user: Person, authenticator: Authenticator, **kwargs: Any) -> None:
    """Write down that a second step was removed."""
    audit.record("second step removed", thing=user, by=user, step=str(authenticator.type))


@receiver(signals.authenticator_reset)
def note_reset(user: Person, authenticator: Authenticator, **kwargs: Any) -> None:
    """Write down that recovery codes were made anew."""
    audit.record("recovery codes made", thing=user, by=user)


@receiver(user_logged_out)
def end_with_session(request: HttpRequest, **kwargs: Any) -> None:
    """Whoever signs out while they stand in for somebody has stopped with it."""
    stand_in = getattr(request, "stand_in", None)
    if stand_in is not None:
        services.end_stand_in(stand_in, by=request.really)  # type: ignore[attr-defined]
