"""Taking a provider's metadata in, and asking for them again."""

from typing import Any

from django.db import transaction

from core.bridges.models import Provider
from core.bridges.rules import Kind, State
from core.bridges.services.saml import metadata, own_keys
from core.bridges.services.saml.documents import Unreadable
from core.kernel import audit
from core.kernel.clock import now


def put_metadata(
    provider: Provider, source: bytes, party: metadata.Party, *, address: str = ""
) -> None:
    """Write what a provider says of itself into its row; the caller saves it.

    In: the document as it came and as it was read, and the address that it came from. Our own key
    with the provider is made the first time.
    """
    provider.metadata = source.decode("utf-8-sig")
    provider.issuer = party.entity
    provider.address = address
    provider.metadata_read_at = now()
    own_keys.give(provider)


def refresh(provider: Provider, *, by: Any = None) -> metadata.Party:
    """Ask the provider's address for its metadata again: its keys may have changed.

    Errors: ``Unreadable`` with a sentence for people; what is known stays as it is. The entity must
    be the same one: another one is handed in by staff, who look at it.
    """
    source, party = metadata.fetch(provider.address, provider.issuer)
    with transaction.atomic():
        kept = Provider.objects.select_for_update().get(pk=provider.pk)
        if kept.address != provider.address or kept.issuer != provider.issuer:
            raise Unreadable("Somebody has changed the provider at the same time.")
        before = _fingerprints(kept)
        put_metadata(kept, source, party, address=kept.address)
        kept.save(update_fields=["metadata", "metadata_read_at"])
        after = {one.fingerprint for one in party.certificates}
        if before != after:
            audit.record(
                "bridge.keys_changed",
                thing=kept,
                by=by,
                new=sorted(one[:23] for one in after - before),
                gone=sorted(one[:23] for one in before - after),
            )
    return party


def due() -> list[Provider]:
    """Providers whose metadata have an address."""
    rows = Provider.objects.filter(kind=Kind.SAML).exclude(address="")
    return list(rows.exclude(state=State.OFF))


def _fingerprints(provider: Provider) -> set[str]:
    try:
        party = metadata.read(provider.metadata.encode(), provider.issuer)
    except Unreadable:
        return set()
    return {one.fingerprint for one in party.certificates}
