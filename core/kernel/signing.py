"""One way to sign: the salt holds the purpose and the site, so no token works elsewhere."""

from datetime import timedelta

from django.core import signing as django_signing

from core.kernel.ports import current_site

BadToken = django_signing.BadSignature


def _salt(purpose: str) -> str:
    return f"{current_site().key}:{purpose}"


def sign(purpose: str, value: str) -> str:
    """A URL-safe token over `value`, good for this purpose on this site only."""
    return django_signing.TimestampSigner(salt=_salt(purpose)).sign(value)


def unsign(purpose: str, token: str, max_age: timedelta) -> str:
    """The value in a token. Raises BadToken when altered, foreign or too old."""
    return django_signing.TimestampSigner(salt=_salt(purpose)).unsign(token, max_age=max_age)
