"""Where a member with an unfinished profile goes next."""

from django.urls import reverse

from core.accounts.models import Person, Role
from core.accounts.queries import offer_next_step
from core.profiles.queries import is_complete


@offer_next_step(order=10)
def finish_profile(person: Person, role: Role) -> str | None:
    """To the profile, as long as it is not complete."""
    return None if is_complete(person, role) else reverse("profiles:edit")
