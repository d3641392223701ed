"""Tasks of accounts."""

from celery import shared_task

from core.accounts import services
from core.accounts.models import Person


@shared_task(name="accounts.resend_confirmation")
def resend_confirmation(person_id: str) -> bool:
    """Send the confirmation link again to somebody who tried to sign in without having used it."""
    person = Person.objects.filter(pk=person_id, is_active=True).first()
    return person is not None and services.resend_confirmation(person)


@shared_task(name="accounts.forget_unconfirmed")
def forget_unconfirmed() -> int:
    """Remove registrations that nobody confirmed in time."""
    return services.forget_unconfirmed()
