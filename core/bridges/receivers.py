"""What the bridges hear: somebody signs out, or is asked once more who they are."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from allauth.account import signals
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest

from core.accounts.adapters import Way, offer_way
from core.accounts.models import Person
from core.bridges import queries
from core.bridges.models import Provider
from core.bridges.rules import Kind
from core.bridges.services import oidc
from core.bridges.services.hearing import note_session
from core.bridges.services.leaving import IN_SESSION, say_farewell
from core.bridges.services.saml import leaving, metadata
from core.bridges.services.saml.documents import Unreadable


@receiver([signals.user_logged_in, signals.password_changed, signals.password_set])
def note_bridge(request: HttpRequest, user: Person, **kwargs: Any) -> None:
    """Keep with which session of a provider this one began, under each new key that it gets."""
    note_session(request, user)


@receiver(user_logged_out)
def lead_on(request: HttpRequest, **kwargs: Any) -> None:
    """Whoever came through a provider and signs out here is signed out there too."""
    kept = request.session.get(IN_SESSION) if hasattr(request, "session") else None
    if not isinstance(kept, dict):
        return
    try:
        provider = Provider.objects.filter(pk=UUID(str(kept.get("provider")))).first()
    except ValueError:
        return
    if provider is None or not provider.ends_sessions:
        return
    url = _farewell(provider, kept)
    if url:
        say_farewell(request, url, provider.name)


def _farewell(provider: Provider, kept: dict[str, str]) -> str | None:
    if provider.kind == Kind.OIDC:
        return oidc.farewell_url(provider, kept.get("id_token", ""))
    try:
        party = metadata.read(provider.metadata.encode(), provider.issuer)
    except Unreadable:
        return None
    return leaving.farewell(provider, party, kept) or None


def ways_of(person: Person) -> Iterator[Way]:
    """A fresh trip to a provider that knows the person shows who they are."""
    for provider in queries.providers_of(person):
        yield Way(
            key=f"provider-{provider.key}",
            label=f"Sign in with {provider.name} again",
            url=queries.start_url(provider, afresh="1"),
        )


offer_way(ways_of)
