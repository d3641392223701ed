"""Reading providers: which doors there are."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX as NO_PASSWORD
from django.urls import reverse
from django.utils.http import urlencode

from core.accounts.models import Person
from core.bridges.models import GivenRole, Provider, Rescue
from core.bridges.rules import RESCUE_LIVES, RESCUE_PURPOSE, State
from core.kernel.clock import now
from core.kernel.signing import BadToken, unsign
from core.membership.models import Tie
from core.profiles.models import Field
from core.programme.queries import current

MOST_NAMES = 50


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
    return Doors(buttons, current().policies.signs_in_here, has_rescue=needs_rescue())


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


@dataclass(frozen=True)
class Going:
    """What goes with a provider, and what the people do who signed in with it.

    tied: whom it knows. heir: another provider that knows them by the same keys. found: of the
    tied, whom any provider finds by a confirmed address. here: of the tied, who can sign in with
    something that is kept here. leaves_team: whose place on the team nothing holds afterwards.
    """

    tied: int
    people: tuple[Person, ...]
    heir: Provider | None
    found: int
    here: int
    leaves_team: tuple[Person, ...]
    last_way: bool

    @property
    def not_found(self) -> int:
        """Who has no confirmed address here."""
        return self.tied - self.found


def going(provider: Provider) -> Going:
    """What removing a provider would mean."""
    people = Person.objects.filter(is_active=True, membership__ties__issuer=provider.tie)
    people = people.order_by("last_name", "first_name", "id")
    others = Provider.objects.exclude(pk=provider.pk)
    local = current().policies.signs_in_here
    given = GivenRole.objects.filter(provider=provider).select_related("person")
    return Going(
        tied=people.count(),
        people=tuple(people[:MOST_NAMES]),
        heir=next((one for one in others if one.tie == provider.tie), None),
        found=people.filter(emailaddress__verified=True).distinct().count(),
        here=people.exclude(password__startswith=NO_PASSWORD).count() if local else 0,
        leaves_team=tuple(one.person for one in given if is_held(one) and heir_of(one) is None),
        last_way=not local and not others.filter(state=State.ON).exists(),
    )


def is_held(given: GivenRole) -> bool:
    """Whether a role on the team still is the one that a group gave, and no head's."""
    person = given.person
    return person.is_staff and person.staff_role == given.role and not person.is_superuser


def heir_of(given: GivenRole) -> Provider | None:
    """Another open provider with groups that knows the same person: it looks after their role."""
    known = providers_of(given.person)
    return next((one for one in known if one.pk != given.provider_id and one.maps.groups), None)


def needs_rescue() -> bool:
    """Whether the team could stand before a closed door that is not ours."""
    return not current().policies.signs_in_here or bool(open_providers())


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
