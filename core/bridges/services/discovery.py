"""What an OpenID Connect provider publishes of itself, read by its address."""

import json
from typing import Any

from django.core.cache import cache

from core.bridges.errors import ProviderBusy, ProviderDown, ProviderRefused
from core.bridges.models import Provider
from core.kernel import outgoing
from core.kernel.limits import allow

WELL_KNOWN = "/.well-known/openid-configuration"
KEPT_SECONDS = 300
DOWN_SECONDS = 15
"""So long nobody waits for a provider that did not answer: each wait holds one of our threads."""
KEYS_SECONDS = 60
MOST_A_MINUTE = 10
_NEEDED = ("issuer", "authorization_endpoint", "token_endpoint", "jwks_uri")
_ENDPOINTS = (
    "authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint",
    "end_session_endpoint",
)  # fmt: skip


def discover(address: str) -> dict[str, Any]:
    """What the provider at an address says of itself; its "issuer" is the address itself.

    Errors: ProviderRefused, beside the field "address".
    """
    base = address.strip().removesuffix(WELL_KNOWN)
    try:
        answer = outgoing.fetch(base.rstrip("/") + WELL_KNOWN)
    except outgoing.Busy as busy:
        raise ProviderBusy(str(busy), "address") from None
    except (outgoing.Refused, outgoing.OutgoingFailed) as problem:
        raise ProviderRefused(str(problem), "address") from None
    if answer.status != 200:
        raise ProviderRefused(
            f"There is no description of a provider at {base} (the answer was {answer.status}). "
            "Enter the issuer’s address as its settings show it.",
            "address",
        )
    found = _document(answer.body)
    for name in _NEEDED:
        if not isinstance(found.get(name), str):
            raise ProviderRefused(
                f"The description at {base} does not say “{name}”, so it is not one of OpenID "
                "Connect.",
                "address",
            )
    if found["issuer"].rstrip("/") != base.rstrip("/"):
        raise ProviderRefused(
            f"The provider at {base} calls itself {found['issuer']}. Enter that address.",
            "address",
        )
    for name in _ENDPOINTS:
        _look_at(name, found.get(name))
    return found


def configuration(provider: Provider) -> dict[str, Any]:
    """What a provider in use says of itself, asked again after a few minutes.

    Errors: ProviderDown, also when it now calls itself by another name than when it was set up.
    """
    key = f"bridges:configuration:{provider.pk}:{provider.tie}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        if cache.get(f"{key}:down"):
            raise ProviderDown(provider.name)
        try:
            found = discover(provider.issuer)
        except ProviderRefused as refused:
            if not isinstance(refused, ProviderBusy):
                cache.set(f"{key}:down", True, DOWN_SECONDS)
            raise ProviderDown(provider.name) from refused
        if found["issuer"] != provider.issuer:
            raise ProviderDown(provider.name)
        cache.set(key, found, KEPT_SECONDS)
    return found


def keys_of(provider: Provider) -> list[dict[str, Any]]:
    """The keys with which the provider signs, as they are at this moment. Errors: ProviderDown."""
    try:
        answer = outgoing.fetch(configuration(provider)["jwks_uri"])
        keys = _document(answer.body).get("keys")
    except (outgoing.Refused, outgoing.OutgoingFailed, ProviderRefused) as problem:
        raise ProviderDown(provider.name) from problem
    if answer.status != 200 or not isinstance(keys, list):
        raise ProviderDown(provider.name)
    return [key for key in keys if isinstance(key, dict)]


def keys_at_hand(provider: Provider, kid: Any) -> list[dict[str, Any]]:
    """The keys as they were a minute ago at most, or as they are now when one is not among them.

    For what strangers can send: they cannot make us ask the provider as often as they like.
    Errors: ProviderDown.
    """
    name = f"bridges:keys:{provider.pk}:{provider.tie}"
    kept: list[dict[str, Any]] | None = cache.get(name)
    if kept is not None and (kid is None or any(key.get("kid") == kid for key in kept)):
        return kept
    if not allow(name, limit=MOST_A_MINUTE, seconds=60):
        if kept is None:
            raise ProviderDown(provider.name)
        return kept
    found = keys_of(provider)
    cache.set(name, found, KEYS_SECONDS)
    return found


def _document(body: bytes) -> dict[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ProviderRefused("What is at this address cannot be read as JSON.", "address")
    return found


def _look_at(name: str, url: Any) -> None:
    if url is None:
        return
    try:
        outgoing.check(str(url))
    except outgoing.Refused as refused:
        raise ProviderRefused(
            f"The provider’s description names an address for “{name}” that we do not use: "
            f"{refused}",
            "address",
        ) from None
