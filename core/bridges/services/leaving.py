"""Signing out here signs out at the provider too, where it can (single log-out)."""

from dataclasses import dataclass

from django.http import HttpRequest

IN_SESSION = "bridge"
_ON_REQUEST = "farewell"


@dataclass(frozen=True)
class Farewell:
    """Where somebody who signed out here has to go to be signed out there."""

    url: str
    name: str


def say_farewell(request: HttpRequest, url: str, name: str) -> None:
    """Lead whoever signs out with this request on to the provider."""
    setattr(request, _ON_REQUEST, Farewell(url, name))


def farewell_of(request: HttpRequest) -> Farewell | None:
    """Where this request leads on to, if anywhere."""
    found = getattr(request, _ON_REQUEST, None)
    return found if isinstance(found, Farewell) else None


def forget_farewell(request: HttpRequest) -> None:
    """Somebody else signs in at once: nobody is led away."""
    setattr(request, _ON_REQUEST, None)
