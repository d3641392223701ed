"""Our keys with a provider: they sign what we ask, and open what it has locked for us.

A certificate is renewed in two steps, so that nobody is locked out between them. The next one
stands in our metadata beside the one in use until the provider knows it; then it is signed with,
and the old one opens for a month what is still locked for it.
"""

from datetime import timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from django.db import transaction

from core.bridges.errors import ProviderRefused
from core.bridges.models import Provider
from core.kernel import audit
from core.kernel.audit import Actor
from core.kernel.clock import now

BITS = 3072
YEARS = 10
KEPT = timedelta(days=30)
"""How long the old key opens what comes, beside the one that follows it."""


def give(provider: Provider) -> None:
    """Make our key with a provider when there is none. Changes the row, does not save it."""
    if not (provider.sp_key and provider.sp_certificate):
        provider.sp_key, provider.sp_certificate = _made(provider.key)


def published(provider: Provider) -> list[str]:
    """The certificates by which the provider knows our signatures, as PEM."""
    return [provider.sp_certificate] + [provider.other_certificate] * provider.has_next


def locked_with(provider: Provider) -> str:
    """The certificate with which the provider is to lock its answers from now on."""
    return provider.other_certificate if provider.has_next else provider.sp_certificate


def opening(provider: Provider) -> list[str]:
    """The private keys that may open an answer."""
    has_other = provider.has_next or provider.has_old
    return [provider.sp_key] + [provider.other_key] * has_other


def loaded(pem: str) -> rsa.RSAPrivateKey:
    """A private key of ours to work with. It was made here: it is not tried out each time."""
    key = load_pem_private_key(pem.encode(), password=None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key


@transaction.atomic
def make_next(provider: Provider, *, by: Actor) -> None:
    """Make the certificate that is to follow. Errors: ProviderRefused while another one waits."""
    kept = _locked(provider)
    if kept.has_next:
        raise ProviderRefused("The next certificate is there already.")
    kept.other_key, kept.other_certificate = _made(kept.key)
    kept.other_until = None
    _save(kept, by, "made")


@transaction.atomic
def use_next(provider: Provider, *, by: Actor) -> None:
    """Sign with the next certificate. Errors: ProviderRefused when there is none."""
    kept = _locked(provider)
    if not kept.has_next:
        raise ProviderRefused("There is no next certificate.")
    old = kept.sp_key, kept.sp_certificate
    kept.sp_key, kept.sp_certificate = kept.other_key, kept.other_certificate
    kept.other_key, kept.other_certificate = old
    kept.other_until = now() + KEPT
    _save(kept, by, "used")


@transaction.atomic
def forget_other(provider: Provider, *, by: Actor) -> None:
    """Forget the next or the old certificate at once. Errors: ProviderRefused without one."""
    kept = _locked(provider)
    if not kept.other_certificate:
        raise ProviderRefused("There is no other certificate.")
    _forget(kept)
    _save(kept, by, "forgotten")


def forget_old() -> int:
    """Forget old keys whose month is over; gives how many."""
    over = Provider.objects.filter(other_until__lte=now())
    for provider in over:
        _forget(provider)
        provider.save(update_fields=_FIELDS)
    return len(over)


_FIELDS = (
    "sp_certificate", "sp_key_sealed", "other_certificate", "other_key_sealed", "other_until",
)  # fmt: skip


def _locked(provider: Provider) -> Provider:
    return Provider.objects.select_for_update().get(pk=provider.pk)


def _forget(provider: Provider) -> None:
    provider.other_key, provider.other_certificate, provider.other_until = "", "", None


def _save(provider: Provider, by: Actor, what: str) -> None:
    provider.save(update_fields=_FIELDS)
    audit.record("bridge.certificate", thing=provider, by=by, what=what)


def _made(name: str) -> tuple[str, str]:
    """Out: a private key and its certificate, as PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begins = now() - timedelta(days=1)
    made = (
        x509.CertificateBuilder()
        .subject_name(named)
        .issuer_name(named)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=365 * YEARS))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return private.decode("ascii"), made.public_bytes(Encoding.PEM).decode("ascii")
