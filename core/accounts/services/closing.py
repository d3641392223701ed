"""Accounts are closed and opened again: by their owners, or by the programme team."""

from collections.abc import Collection

from django.db import transaction
from django.urls import reverse

from core.accounts import queries
from core.accounts.events import AccountClosing, PersonDeactivated, PersonReactivated
from core.accounts.models import Person
from core.accounts.rules import RETURN, microseconds
from core.kernel import audit
from core.kernel.audit import Actor
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.kernel.events import tell
from core.kernel.links import absolute
from core.kernel.signing import sign
from core.programme.queries import policies
from core.programme.services import write_mail


@transaction.atomic
def set_active(person: Person, active: bool, *, by: Actor, reason: str = "") -> Person:
    """Let a person sign in or not; open sessions of a deactivated person end at once.

    Errors: RuleBroken for one's own account, or one that was merged into another.
    """
    if by.pk == person.pk:
        raise RuleBroken("You cannot change this for your own account.")
    if active and person.erased_at is not None:
        raise RuleBroken("Everything about this person was erased. The account stays closed.")
    if active and (person.merged_into_id or person.is_operator):
        raise RuleBroken(f"{person.username} was merged into another account and stays closed.")
    changed = _opened(person) if active else _closed(person)
    person.is_active = active
    if not changed:
        return person
    verb = "person reactivated" if active else "person deactivated"
    audit.record(verb, thing=person, by=by, reason=reason)
    tell((PersonReactivated if active else PersonDeactivated)(person_id=person.pk))
    return person


@transaction.atomic
def deactivate(people: Collection[Person], *, reason: str, leave: bool, by: Person) -> list[Person]:
    """Close accounts for a reason, all of them or none (product F4); out: those it changed.

    leave: their open relationships end, and partners are told as when somebody leaves; otherwise
    everything waits until they are let in again. Errors: RuleBroken without a reason, for one's
    own account, and for somebody of the team unless the head does it.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise RuleBroken("Say why. The reason stands in the audit trail.")
    closed = []
    for person in sorted(people, key=lambda one: one.pk):
        if (person.is_staff or person.is_superuser) and not by.is_superuser:
            raise RuleBroken(
                f"{person.full_name} is on the programme team: only its head closes that account."
            )
        if person.is_superuser and not queries.has_another_head(person):
            raise RuleBroken(f"{person.full_name} is the only one who runs this site.")
        if not Person.objects.filter(pk=person.pk, is_active=True).exists():
            continue
        if leave and by.pk != person.pk:
            # The step is the person's, as partners see it; the trail names who took it for them.
            with audit.stood_in_by(audit.Behind(by.pk, by.full_name, by.is_operator)):
                tell(AccountClosing(person_id=person.pk, by_team=True))
        closed.append(set_active(person, False, by=by, reason=reason))
    return closed


@transaction.atomic
def close_account(person: Person) -> Person:
    """Delete one's own account (product A10): out of everything, signed out, with a way back.

    What the person is part of ends first, then the account; safe to repeat.
    Errors: RuleBroken when the programme would be left without a head.
    """
    if person.is_superuser and not queries.has_another_head(person):
        raise RuleBroken("You are the only one who runs this site. Name somebody else first.")
    if not Person.objects.filter(pk=person.pk, is_active=True).exists():
        return person
    tell(AccountClosing(person_id=person.pk))
    if not _closed(person, by_owner=True) or person.closed_at is None:
        return person
    audit.record("account deleted", thing=person, by=person)
    tell(PersonDeactivated(person_id=person.pk))
    token = sign(RETURN, f"{person.pk.hex}-{microseconds(person.closed_at)}")
    write_mail(
        template="mails/account_deleted",
        to=person,
        context={
            "link": absolute(reverse("accounts:return", args=[token])),
            "days": policies().account_return_days,
        },
        kind="account_deleted",
        about=person,
    )
    return person


@transaction.atomic
def return_to_account(token: str) -> Person:
    """Open a deleted account again by the link that was mailed; relationships stay ended.

    Errors: RuleBroken when the link is not good, or no longer.
    """
    person = queries.deleted_by(token)
    if person is None or not _opened(person):
        raise RuleBroken(
            "This link does not work any more. If you would like to come back, write to us."
        )
    audit.record("account reopened", thing=person, by=person)
    tell(PersonReactivated(person_id=person.pk))
    return person


def _closed(person: Person, *, by_owner: bool = False) -> bool:
    """Close the account now; False for one that is closed already, whose date stays."""
    at = now()
    rows = Person.objects.filter(pk=person.pk, is_active=True)
    if not rows.update(is_active=False, closed_at=at, last_closed_at=at, closed_by_owner=by_owner):
        return False
    person.is_active, person.closed_by_owner = False, by_owner
    person.closed_at = person.last_closed_at = at
    return True


def _opened(person: Person) -> bool:
    """Open the account; False for one that is open already."""
    rows = Person.objects.filter(pk=person.pk, is_active=False)
    if not rows.update(is_active=True, closed_at=None, closed_by_owner=False):
        return False
    person.is_active, person.closed_at, person.closed_by_owner = True, None, False
    return True
