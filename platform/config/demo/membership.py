"""What the platform and the demo's society agree on: who signs in where, and who may tell whom."""

import secrets
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.urls import reverse

from config import env
from config.demo import people
from config.demo.society import place, register
from core.accounts.models import Person
from core.bridges.models import Provider
from core.bridges.queries import start_url
from core.bridges.rules import Kind, Mapping, State
from core.bridges.services.oidc import callback_url
from core.kernel.links import absolute
from core.kernel.rights import StaffRole
from core.membership.models import Member, Tie
from core.membership.rules import Record, Source, Status
from core.membership.services import take
from core.membership.services.keys import make_token, token_of
from core.programme.models import Programme
from tenants.context import tenant_context
from tenants.models import Institute
from tenants.site import base_url

BUNDLE = "connect"
KEY = "society"
LABEL = "Membership office"
SIGN_INS = (*people.KNOWN, "newcomer", "lapsed", "secretary")
TEAM = "connect team"
CHAPTERS = (
    "Society of broking",
    "Society of claims",
    "Society of underwriting",
    "Society for personal finance",
    "New generation group",
)
MAPPING = Mapping(
    number="membership_number",
    status="membership_status",
    current_words=("current",),
    lapsed_words=("lapsed",),
    groups="groups",
    roles={TEAM: StaffRole.MANAGER},
)


def agree(institute: Institute) -> None:
    """Make the society master of the sign-in of an institute, and its people members of it.

    Safe to do at each start: what was agreed on stays, addresses follow the port. Before it, and
    wherever no society is served, the institute stands as its bundle says.
    """
    with tenant_context(institute), transaction.atomic():
        standing = place.chosen()
        provider = Provider.objects.filter(key=KEY).first()
        secret = standing.client_secret or secrets.token_urlsafe(32)
        moved = provider is None or provider.issuer != place.address()
        provider = _provider(provider, secret)
        if moved:
            _follow_society(first=Member.objects.count() == 0)
            _enrol(provider)
        chosen = place.Settings(
            client_secret=secret,
            back=(callback_url(provider),),
            out=(absolute("/"),),
            site=base_url(institute),
            start=absolute(start_url(provider)),
            reached=_web_server(),
            scim=absolute(reverse("scim:users")),
            token=_token(standing.token),
            password=people.PASSWORD,
        )
    place.write(chosen)


def _token(standing: str) -> str:
    """What the society shows when it tells of changes; the one it has, if that is still good."""
    if standing and token_of(standing) is not None:
        return standing
    _made, text = make_token(LABEL, by=Person.objects.get(username="staff"))
    return text


def _provider(provider: Provider | None, secret: str) -> Provider:
    if provider is None:
        provider = Provider(
            key=KEY,
            kind=Kind.OIDC,
            name="Membership of the societies",
            button="Sign in with your membership",
            state=State.ON,
            client_id=place.CLIENT,
            scopes="openid profile email membership",
            mapping=MAPPING.model_dump(mode="json"),
        )
    provider.issuer = provider.address = place.address()
    provider.secret = secret
    provider.save()
    return provider


def _follow_society(*, first: bool) -> None:
    """The rules of a programme whose society is there: its bundle says that it is not, yet."""
    programme = Programme.objects.get()
    fresh: dict[str, Any] = {"membership_link": f"{place.address()}/membership"}
    if first:
        fresh |= {"demo_sign_in_notice": False, "membership_grace_days": 0}
    programme.policies_data = {**programme.policies_data, **fresh}
    programme.save(update_fields=["policies_data", "updated_at"])


def _enrol(provider: Provider) -> None:
    """Put everybody of the programme into the register, and a few who are in it alone."""
    rows = Person.objects.filter(support_key=None).order_by("joined_at", "id")
    others = iter(rows.filter(is_mentee=True, is_mentor=False).exclude(username__in=people.KNOWN))
    lapsed = next(others, None)
    for number, person in enumerate(rows):
        known = person.username if person.username in people.KNOWN else None
        if lapsed is not None and person.pk == lapsed.pk:
            known = "lapsed"
        _link(provider, person, number, known)
    for name, office in (("newcomer", ""), ("secretary", "secretary")):
        _only_there(name, office)


def _link(provider: Provider, person: Person, number: int, known: str | None) -> None:
    """One person's row in the register, and the society's key of them in ours."""
    there = register.called(person.email)
    if there is None:
        member = Member.objects.filter(person=person).first()
        tie = Tie.objects.filter(member=member).first()
        held = member.number if member and member.number else f"CS-{20411 + 7 * number}"
        there = register.enrol(
            register.Member(
                subject=tie.subject if tie else _subject(held),
                number=held,
                username=known,
                first_name=person.first_name,
                last_name=person.last_name,
                email=person.email,
                chapter=CHAPTERS[number % len(CHAPTERS)],
                since=person.joined_at.year - number % 11,
                status="lapsed" if known == "lapsed" else "current",
                office=TEAM if person.is_staff else "",
            )
        )
    record = Record(
        subject=there.subject,
        issuer=provider.tie,
        email=person.email,
        email_verified=True,
        number=there.number,
        status=Status.CURRENT if there.is_current else Status.LAPSED,
    )
    take(record, source=Source.OIDC, make=False, let_in=False, own=person)


def _only_there(name: str, office: str) -> None:
    first, last = ("Nerys", "Newcombe") if name == "newcomer" else ("Sorrel", "Secretan")
    number = f"CS-{20411 - len(name)}"
    register.enrol(
        register.Member(
            subject=_subject(number),
            number=number,
            username=name,
            first_name=first,
            last_name=last,
            email=f"{first}.{last}@{BUNDLE}.example".lower(),
            chapter=CHAPTERS[0],
            since=2016,
            office=office,
        )
    )


def _subject(number: str) -> str:
    return sha256(f"society {number}".encode()).hexdigest()[:32]


def _web_server() -> str:
    """Where the platform's web server listens; names under localhost are not known everywhere."""
    chosen = env.current()
    bind = "127.0.0.1" if chosen.bind == "0.0.0.0" else chosen.bind  # noqa: S104 - a comparison
    return f"{bind}:{chosen.port}"
