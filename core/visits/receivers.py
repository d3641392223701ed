"""A stay gets its name at sign-in."""

import secrets
from typing import Any

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from core.visits.rules import IN_SESSION


@receiver(user_logged_in, dispatch_uid="visits.name_the_stay")
def name_the_stay(sender: type, request: HttpRequest, **kwargs: Any) -> None:
    """Put a random name into the session: it outlives the session keys that passwords change."""
    request.session[IN_SESSION] = secrets.token_urlsafe(12)
