"""Reading people: who signs in, who is confirmed, where somebody goes next."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.urls import NoReverseMatch, reverse

from core.accounts.models import Block, Person, Role
from core.accounts.rules import RETURN, microseconds
from core.kernel.clock import now
from core.kernel.signing import BadToken, unsign
from core.programme.models import Programme
from core.programme.queries import current, locked, policies

NextStep = Callable[[Person, Role], str | None]
_next_steps: list[tuple[int, NextStep]] = []
_mail_choices: dict[str, Callable[[], str]] = {}


def person_of(login: str) -> Person | None:
    """The person with this username or e-mail address; a username never holds an "@"."""
    login = login.strip().lower()
    if "@" not in login:
        return Person.objects.filter(username=login).first()
    return person_with_address(login)


def person_with_address(email: str) -> Person | None:
    """The person whose own address this is, or was in an account that was merged into theirs.

    Addresses somebody only asked for do not count.
    """
    email = email.strip().lower()
    person = Person.objects.alias(address=Lower("email")).filter(address=email).first()
    if person is not None:
        return person
    further = EmailAddress.objects.filter(email=email, verified=True).select_related("user")
    found = further.first()
    return found.user if found is not None else None


def is_confirmed(person: Person) -> bool:
    """Whether the person has shown that an address is theirs."""
    return bool(EmailAddress.objects.filter(user=person, verified=True).exists())


def unconfirmed() -> QuerySet[Person]:
    """People who registered and never opened the link in the mail; they cannot sign in."""
    return (
        Person.objects.filter(last_login=None, is_staff=False, emailaddress__verified=False)
        .exclude(emailaddress__verified=True)
        .distinct()
    )


def may_register() -> bool:
    """Whether strangers can make an account on this site (product A4)."""
    try:
        open_to_all: bool = current().policies.self_registration
    except Programme.DoesNotExist:
        return False
    return open_to_all


def blocked_between(one: Person, other: Person) -> bool:
    """Whether either of the two blocks the other (product D10)."""
    pair = Q(blocker=one, blocked=other) | Q(blocker=other, blocked=one)
    return Block.objects.filter(pair).exists()


def blocked_ids(person: Person) -> set[UUID]:
    """Everybody whom this person blocks or who blocks them: neither finds the other."""
    pairs = Block.objects.filter(Q(blocker=person) | Q(blocked=person))
    found = {one for pair in pairs.values_list("blocker_id", "blocked_id") for one in pair}
    return found - {person.pk}


def blocked_ids_of_all(people: Collection[Person]) -> dict[UUID, set[UUID]]:
    """`blocked_ids` for many people in one query."""
    found: dict[UUID, set[UUID]] = {person.pk: set() for person in people}
    pairs = Block.objects.filter(Q(blocker__in=found) | Q(blocked__in=found))
    for blocker, blocked in pairs.values_list("blocker_id", "blocked_id"):
        for one, other in ((blocker, blocked), (blocked, blocker)):
            if one in found:
                found[one].add(other)
    return found


def blocked_pairs() -> Iterable[tuple[UUID, UUID]]:
    """Everybody who blocks somebody, with whom: (blocker, blocked)."""
    return Block.objects.values_list("blocker_id", "blocked_id")


def blocks_of(person: Person) -> QuerySet[Block]:
    """The blocks that this person put up, latest first."""
    return Block.objects.filter(blocker=person).select_related("blocked")


def locked_for(person: Person) -> frozenset[str]:
    """What of a person's password, e-mail address and name is changed at the society alone (A6).

    The programme team keeps what it has here, so that it gets in when the society's site is down.
    """
    if person.is_staff or person.is_superuser:
        return frozenset()
    return locked()


def has_another_head(person: Person) -> bool:
    """Whether somebody else runs this site too."""
    heads = Person.objects.filter(is_superuser=True, is_active=True)
    return heads.exclude(pk=person.pk).exists()


def deleted_by(token: str) -> Person | None:
    """The person whose deleted account this link opens again; None when it is not good (A10)."""
    days = timedelta(days=policies().account_return_days)
    try:
        key, stamp = unsign(RETURN, token, days).split("-")
        person = Person.objects.get(
            pk=UUID(key), is_active=False, closed_by_owner=True, closed_at__gt=now() - days
        )
    except (BadToken, ValueError, Person.DoesNotExist):
        return None
    return person if person.closed_at and str(microseconds(person.closed_at)) == stamp else None


@dataclass(frozen=True)
class MailChoice:
    """A kind of mail that people may do without, and what it is for."""

    kind: str
    label: str


def offer_mail_choice(kind: str, label: Callable[[], str]) -> None:
    """Let people choose whether they want mails of this kind (product A13).

    Apps above register theirs when they are ready. Mails that the process needs are not offered.
    """
    _mail_choices[kind] = label


def mail_choices() -> list[MailChoice]:
    """The kinds that can be chosen, in the order in which they were offered."""
    return [MailChoice(kind, label()) for kind, label in _mail_choices.items()]


def offer_next_step(order: int) -> Callable[[NextStep], NextStep]:
    """Register a function that knows where a person should go next: a path, or None to pass on.

    The offer with the lowest order comes first. Apps above register theirs when they are ready.
    """

    def register(step: NextStep) -> NextStep:
        if all(known is not step for _order, known in _next_steps):
            _next_steps.append((order, step))
            _next_steps.sort(key=lambda entry: entry[0])
        return step

    return register


def next_step(person: Person, role: Role | None) -> str:
    """The path of the page where a signed-in person's next step is."""
    if role is None:
        return _first_path(*(["staff:index"] if person.is_staff else []), "accounts:edit")
    for _order, step in _next_steps:
        if path := step(person, role):
            return path
    search = ["matching:search"] if role == "mentee" else []
    return _first_path("mentorships:dashboard", *search, "profiles:edit", "accounts:edit")


def _first_path(*names: str) -> str:
    """The first of the named pages that this site has."""
    for name in names:
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return "/"
