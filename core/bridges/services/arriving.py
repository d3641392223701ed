"""Somebody comes back from a provider that has proved who they are (product A6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from core.accounts.models import Person
from core.accounts.services.showing import forget_shown
from core.bridges.errors import NotLetIn
from core.bridges.models import Provider
from core.bridges.permissions import may_manage
from core.bridges.rules import Arrival, State, is_name, read
from core.bridges.services.leaving import IN_SESSION, forget_farewell
from core.bridges.services.roles import follow_groups
from core.kernel import audit
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.membership.errors import MembershipEnded
from core.membership.rules import Record
from core.membership.services import take


def arrive(
    request: HttpRequest,
    provider: Provider,
    claims: Mapping[str, Any],
    subject: str,
    *,
    next_url: str | None = None,
    trial: bool = False,
    afresh: bool = False,
    facts: Mapping[str, str] | None = None,
) -> HttpResponse:
    """Sign somebody in of whom the provider vouches: the claims are proved by the caller.

    In: `next_url` a path of this site that the caller kept; `trial` shows one of the team what
    came in and what would happen, and changes nothing; `afresh`: the provider has just asked them
    who they are, so dangerous acts need not ask again; `facts` are kept in the session for the
    log-out at the provider. Out: the way on, a page that says why not, or the page of the trial.
    """
    try:
        arrival = _arrival(provider, claims, subject)
        if trial:
            return _shown(request, provider, claims, arrival)
        own = request.user if isinstance(request.user, Person) else None
        if not provider.is_open:
            raise NotLetIn(f"Nobody can sign in with {provider.name} at present.")
        person = let_in(provider, arrival, own)
    except RuleBroken as refused:
        ended = isinstance(refused, MembershipEnded)
        return refuse(request, provider, refused.message, offers_rescue=not ended)
    if request.user.is_authenticated:
        get_adapter(request).logout(request)
        forget_farewell(request)
    record_authentication(
        request, person, "socialaccount", provider=provider.key, uid=str(provider.pk)
    )
    request.session[IN_SESSION] = {
        **(facts or {}),
        "provider": str(provider.pk),
        "tie": provider.tie,
        "subject": arrival.subject,
        "person": str(person.pk),
    }
    answer = cast(HttpResponse, perform_login(request, person, redirect_url=next_url))
    if not afresh:  # a provider that knew them lets in whoever sits at their desk
        forget_shown(request.session)
    return answer


def let_in(provider: Provider, arrival: Arrival, own: Person | None = None) -> Person:
    """The account of somebody who came, in line with what the provider said.

    Errors: those of `core.membership.errors`. What the society said of a membership is kept even
    so.
    """
    taken = take(
        _record(provider, arrival), source=provider.kind, make=provider.makes_accounts, own=own
    )
    if provider.maps.groups:
        with transaction.atomic():
            follow_groups(taken.person, provider, arrival.role)
    return taken.person


def refuse(
    request: HttpRequest, provider: Provider, message: str, *, offers_rescue: bool = True
) -> HttpResponse:
    """The page that tells somebody why they are not signed in; the log-in page is no help then.

    In: `offers_rescue`, whether it may be one of the team whom the provider keeps out.
    """
    tries = provider.state == State.TEST and may_manage(request)
    context = {
        "provider": provider, "message": message, "tries": tries, "offers_rescue": offers_rescue,
    }  # fmt: skip
    return render(request, "bridges/refused.html", context, status=NotLetIn.status)


@dataclass(frozen=True)
class Foreseen:
    """What would happen to somebody; refused is why nothing would."""

    name: str = ""
    made: bool = False
    changed: tuple[str, ...] = ()
    is_staff: bool = False
    refused: str = ""


class _Undone(Exception):
    """Takes the rehearsal back."""


def foresee(provider: Provider, arrival: Arrival, own: Person | None = None) -> Foreseen:
    """Do all that a sign-in would do, look at it, and take every bit of it back."""
    seen = Foreseen()
    try:
        with transaction.atomic():
            taken = take(
                _record(provider, arrival),
                source=provider.kind,
                make=provider.makes_accounts,
                own=own,
            )
            if provider.maps.groups:
                follow_groups(taken.person, provider, arrival.role)
            seen = Foreseen(
                taken.person.full_name, taken.made, taken.changed, taken.person.is_staff
            )
            raise _Undone
    except _Undone:
        return seen
    except RuleBroken as refused:
        return Foreseen(refused=refused.message)


def _arrival(provider: Provider, claims: Mapping[str, Any], subject: str) -> Arrival:
    if not is_name(subject):
        raise NotLetIn(f"{provider.name} did not say who you are.")
    return read(provider.maps, claims, subject, trusts=provider.trusts_addresses)


def _record(provider: Provider, arrival: Arrival) -> Record:
    return Record(
        subject=arrival.subject,
        issuer=provider.tie,
        email=arrival.email,
        email_verified=arrival.email_verified,
        first_name=arrival.first_name or None,
        last_name=arrival.last_name or None,
        number=arrival.number or None,
        status=arrival.status or None,
        answers=arrival.answers,
    )


def _in_words(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return str(value)


def _shown(
    request: HttpRequest, provider: Provider, claims: Mapping[str, Any], arrival: Arrival
) -> HttpResponse:
    if provider.state == State.OFF:
        raise NotLetIn(f"{provider.name} is switched off.")
    member = cast(Person, request.user)
    foreseen = foresee(provider, arrival, member)
    Provider.objects.filter(pk=provider.pk).update(tried_at=now())
    audit.record("bridge.tried", thing=provider, by=member)
    return render(
        request,
        "bridges/trial.html",
        {
            "provider": provider,
            "claims": sorted((name, _in_words(value)[:300]) for name, value in claims.items()),
            "arrival": arrival,
            "foreseen": foreseen,
        },
    )
