"""Secrets that rest in the database: sealed with a key that only the processes know.

Somebody who reads a backup reads no secret. The key is made of the installation's secret key, so
a value that is restored under another name can still be opened; earlier secret keys
(`SECRET_KEY_FALLBACKS`) still open what they sealed.
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(purpose: str, secret: str) -> str:
    """The secret as text that says nothing. What is sealed for one purpose opens for no other."""
    return _box(purpose).encrypt(secret.encode()).decode("ascii")


def unseal(purpose: str, sealed: str) -> str:
    """The secret again. Raises ValueError for anything that was not sealed for this purpose."""
    try:
        return _box(purpose).decrypt(sealed.encode()).decode()
    except (InvalidToken, UnicodeError):
        raise ValueError("this was not sealed here") from None


def _box(purpose: str) -> MultiFernet:
    keys = [str(one) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)]
    return MultiFernet([Fernet(_key(purpose, one)) for one in keys])


def _key(purpose: str, secret_key: str) -> bytes:
    made = HKDF(SHA256(), length=32, salt=None, info=f"sealing:{purpose}".encode())
    return urlsafe_b64encode(made.derive(secret_key.encode()))
