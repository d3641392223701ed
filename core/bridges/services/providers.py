"""Staff say through which providers people sign in."""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.utils.text import slugify

from core.accounts.models import Person
from core.bridges.errors import ProviderRefused
from core.bridges.models import Provider
from core.bridges.queries import going
from core.bridges.rules import FIRST_MAPPINGS, TAKEN_KEYS, Kind, Mapping, State
from core.bridges.services.roles import hand_on_roles
from core.kernel import audit
from core.kernel.clock import now

Fill = Callable[[Provider], None]


@transaction.atomic
def add(kind: Kind, name: str, button: str, fill: Fill, *, by: Person, key: str = "") -> Provider:
    """A new provider, switched off. `fill` writes how it is reached.

    In: the key that its addresses were shown with; one that is taken meanwhile makes way.
    """
    provider = Provider(kind=kind.value, name=name, button=button, key=free_key(key or name))
    provider.mapping = FIRST_MAPPINGS[kind].model_dump(mode="json")
    provider.order = Provider.objects.count()
    fill(provider)
    provider.save()
    audit.record("bridge.added", thing=provider, by=by, kind=kind.value)
    return provider


@transaction.atomic
def put_connection(provider: Provider, fill: Fill, *, by: Person) -> Provider:
    """Change how a provider is reached. One that is on is tried again first."""
    provider = _locked(provider)
    before = provider.tie
    fill(provider)
    if provider.tie != before:
        _as_untried(provider)
    return _saved(provider, by, "connection")


@transaction.atomic
def put_settings(provider: Provider, mapping: Mapping, *, by: Person, **values: Any) -> Provider:
    """Change names, rules, and what the claims mean. A button is led to at once for one alone."""
    provider = _locked(provider)
    before = provider.tie
    for name, value in values.items():
        setattr(provider, name, value)
    provider.mapping = mapping.model_dump(mode="json")
    if provider.tie != before:
        _as_untried(provider)
    if provider.auto:
        Provider.objects.filter(auto=True).exclude(pk=provider.pk).update(auto=False)
    return _saved(provider, by, "settings")


@transaction.atomic
def put_state(provider: Provider, state: State, *, by: Person) -> Provider:
    """Open a provider to nobody, to staff who try it, or to everybody.

    Errors: ProviderRefused for one that nobody has tried as it is now.
    """
    provider = _locked(provider)
    if state is State.ON and provider.tried_at is None:
        raise ProviderRefused("Try it first, and look at what comes in.")
    provider.state = state.value
    provider.save(update_fields=["state"])
    audit.record("bridge.switched", thing=provider, by=by, state=state.value)
    return provider


@transaction.atomic
def remove(provider: Provider, *, by: Person) -> None:
    """Take a provider away that is off; its people keep their accounts and their keys of it.

    Whoever has the same keys at another provider signs in there from now on, everybody else is
    found by a confirmed address. Errors: ProviderRefused for one that is not off, and where it
    takes people off the team for anybody but the head.
    """
    provider = _locked(provider)
    if provider.state != State.OFF:
        raise ProviderRefused("Switch it off first.")
    what = going(provider)
    if what.leaves_team and not by.is_superuser:
        raise ProviderRefused("It holds places on the team, so the head alone can remove it.")
    audit.record("bridge.removed", thing=provider, by=by, name=provider.name, people=what.tied)
    hand_on_roles(provider)
    provider.delete()


def _as_untried(provider: Provider) -> None:
    provider.tried_at = None
    if provider.is_open:
        provider.state = State.TEST.value


def _locked(provider: Provider) -> Provider:
    return Provider.objects.select_for_update().get(pk=provider.pk)


def _saved(provider: Provider, by: Person, what: str) -> Provider:
    provider.changed_at = now()
    provider.save()
    audit.record("bridge.changed", thing=provider, by=by, what=what)
    return provider


def free_key(name: str) -> str:
    """Out: what stands in the addresses of a new provider."""
    base = slugify(name)[:32].strip("-") or "provider"
    taken = TAKEN_KEYS | set(Provider.objects.values_list("key", flat=True))
    number = 1
    key = base
    while key in taken:
        number += 1
        key = f"{base}-{number}"
    return key
