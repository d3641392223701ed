"""Reading providers: which doors there are."""

from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode

from core.accounts.models import Person
from core.bridges.models import Provider, Rescue
from core.bridges.rules import RESCUE_LIVES, RESCUE_PURPOSE, State
from core.kernel.clock import now
from core.kernel.signing import BadToken, unsign
from core.membership.models import Tie
from core.profiles.models import Field
from core.programme.queries import current


@dataclass(frozen=True)
class Door:
    """A button of the sign-in page."""

    words: str
    url: str


@dataclass(frozen=True)
class Doors:
    """What a stranger is shown: buttons of providers, and whether names and passwords are asked."""

    buttons: tuple[Door, ...]
    local: bool
    has_rescue: bool


def open_providers() -> list[Provider]:
    """Those that members may use, in the order of their buttons."""
    return list(Provider.objects.filter(state=State.ON))


def doors(next_url: str = "") -> Doors:
    """The ways in that are open now."""
    found = open_providers()
    buttons = tuple(Door(one.button or one.name, start_url(one, next_url)) for one in found)
    return Doors(buttons, current().policies.signs_in_here, has_rescue=bool(found))


def start_url(provider: Provider, next_url: str = "", **asked: str) -> str:
    """Where a trip to the provider begins."""
    query = {**({"next": next_url} if next_url else {}), **asked}
    address = reverse("bridges:start", args=[provider.key])
    return f"{address}?{urlencode(query)}" if query else address


def leading_away() -> Provider | None:
    """The provider to which strangers are led without a page of ours."""
    return Provider.objects.filter(state=State.ON, auto=True).first()


def providers_of(person: Person) -> list[Provider]:
    """Open providers that know this person."""
    known = set(Tie.objects.filter(member__person=person).values_list("issuer", flat=True))
    return [one for one in open_providers() if one.tie in known] if known else []


def rescue_of(token: str) -> Rescue | None:
    """The one-time way in that a link opens; None when it is not good, or no longer."""
    try:
        key = UUID(unsign(RESCUE_PURPOSE, token, RESCUE_LIVES))
    except (BadToken, ValueError):
        return None
    found = Rescue.objects.filter(pk=key, used_at=None, at__gt=now() - RESCUE_LIVES)
    return found.select_related("person").first()


def profile_fields() -> list[tuple[str, str]]:
    """The keys and labels of profile fields that a provider can fill, in their order."""
    rows = Field.objects.filter(active=True).order_by("section__order", "order")
    return list(rows.values_list("key", "label"))
