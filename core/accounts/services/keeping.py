"""What happens to accounts. Registration, passwords and addresses go through django-allauth,
which calls back into these functions."""

import hashlib
from collections.abc import Collection
from datetime import timedelta
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from core.accounts import queries
from core.accounts.events import (
    AccountEdited,
    AddressConfirmed,
    PersonBlocked,
    PersonRegistered,
)
from core.accounts.models import Block, Person
from core.accounts.queries.agreements import Agreed
from core.accounts.rules import ROLE_KEYS
from core.kernel import audit
from core.kernel.audit import Actor
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.kernel.events import tell
from core.kernel.links import absolute
from core.kernel.rights import StaffRole
from core.programme.services import write_mail

NOTHING = Agreed()
EDITABLE = ("first_name", "last_name", "job_title", "organisation", "phone", "time_zone")
# As long as each other: a username must not come free earlier for want of an account.
KEPT_UNCONFIRMED = timedelta(days=7)
RESERVED_FOR = int(KEPT_UNCONFIRMED.total_seconds())


@transaction.atomic
def create_person(
    *,
    username: str,
    email: str,
    password: str | None = None,
    by: Actor | None = None,
    **fields: Any,
) -> Person:
    """Make a person whose address is known to be right (bundles, imports, commands).

    Errors: IntegrityError when the username or the address is taken.
    """
    person = Person.objects.create_user(username, email, password, **fields)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    audit.record("person added", thing=person, by=by)
    return person


@transaction.atomic
def ensure_address(person: Person) -> None:
    """Take the address as right for a person whom a command or staff made without one.

    Whoever registered has a row from the first moment on, so nobody slips in here unconfirmed.
    """
    Person.objects.select_for_update().only("pk").get(pk=person.pk)
    if not EmailAddress.objects.filter(user=person).exists():
        EmailAddress.objects.create(
            user=person, email=person.email.lower(), verified=True, primary=True
        )


@transaction.atomic
def complete_registration(
    person: Person, *, roles: Collection[str], time_zone: str, agreed: Agreed = NOTHING
) -> Person:
    """Give a newcomer the roles they asked for (product A3); in: `agreed`, what they ticked."""
    person.is_mentor = "mentor" in roles
    person.is_mentee = "mentee" in roles
    person.time_zone = time_zone
    person.save(update_fields=["is_mentor", "is_mentee", "time_zone"])
    audit.record("person registered", thing=person, by=person, roles=person.roles)
    tell(PersonRegistered(person_id=person.pk, agreed=agreed.pages, wishes=agreed.wishes))
    return person


@transaction.atomic
def edit_account(person: Person, *, roles: Collection[str], by: Person, **changes: str) -> Person:
    """Change what a person says about themselves, and their roles (product A7).

    In: values of `EDITABLE`; `roles` is the whole set that shall hold from now on.
    Errors: RuleBroken when a member would be left without a role, or from a receiver.
    """
    unknown = set(changes) - set(EDITABLE) | set(roles) - set(ROLE_KEYS)
    if unknown:
        raise ValueError(f"not editable: {', '.join(sorted(unknown))}")
    person = Person.objects.select_for_update().get(pk=person.pk)
    kept = queries.locked_for(person)
    if "name" in kept and any(
        name in ("first_name", "last_name") and value != getattr(person, name)
        for name, value in changes.items()
    ):
        raise RuleBroken("The name is changed at the society, not here.")
    before = set(person.roles)
    after = set(roles)
    if not after and not person.is_staff:
        raise RuleBroken("Choose at least one: mentor or mentee.")
    changed = [name for name, value in changes.items() if getattr(person, name) != value]
    for name in changed:
        setattr(person, name, changes[name])
    person.is_mentor = "mentor" in after
    person.is_mentee = "mentee" in after
    if not changed and before == after:
        return person
    person.save(update_fields=[*changed, "is_mentor", "is_mentee"])
    audit.record("account edited", thing=person, by=by, fields=sorted(changed), roles=person.roles)
    tell(
        AccountEdited(
            person_id=person.pk,
            roles_added=frozenset(after - before),
            roles_dropped=frozenset(before - after),
        )
    )
    return person


@transaction.atomic
def set_staff(person: Person, staff: bool, *, by: Person) -> Person:
    """Take a person into the programme team or out of it."""
    if by.pk == person.pk:
        raise RuleBroken("You cannot change this for your own account.")
    person.is_staff = staff
    person.save(update_fields=["is_staff"])
    audit.record("joined the team" if staff else "left the team", thing=person, by=by)
    return person


@transaction.atomic
def set_staff_role(person: Person, role: str, *, by: Person) -> Person:
    """Give a member of the programme team another role; their next click follows it."""
    person.staff_role = StaffRole(role).value
    person.save(update_fields=["staff_role"])
    audit.record("role on the team changed", thing=person, by=by, role=person.staff_role)
    return person


@transaction.atomic
def set_address(person: Person, email: str, *, by: Actor | None) -> Person:
    """Give a person another address, known to staff or society to be right; the old one is told."""
    old = person.email
    email = email.strip().lower()
    release_address(email, keep=person)
    EmailAddress.objects.filter(user=person).delete()
    EmailAddress.objects.create(user=person, email=email, verified=True, primary=True)
    person.email = email
    person.save(update_fields=["email"])
    audit.record("address changed", thing=person, by=by)
    if old and old.lower() != email:
        write_mail(
            template="mails/address_changed",
            to=(person.full_name, old),
            context={"new_address": email, "link": absolute(reverse("front"))},
            kind="address_changed",
            about=person,
        )
    return person


@transaction.atomic
def confirm_address(person: Person) -> None:
    """Note that a person has opened a link which was sent to their own address."""
    address = EmailAddress.objects.filter(user=person, email=person.email.lower()).first()
    if address is None:
        address = EmailAddress(user=person, email=person.email.lower())
    if not address.verified:
        release_address(address.email, keep=person)
        EmailAddress.objects.filter(user=person, primary=True).exclude(pk=address.pk).update(
            primary=False
        )
        address.verified = address.primary = True
        address.save()
        note_confirmation(person)


@transaction.atomic
def note_confirmation(person: Person) -> None:
    """Write down that an address was confirmed, and tell."""
    audit.record("address confirmed", thing=person, by=person)
    tell(AddressConfirmed(person_id=person.pk))


@transaction.atomic
def block(person: Person, *, by: Person) -> Block:
    """Put a person out of sight and reach of `by`, both ways (product D10); nobody is told.

    Safe to repeat. Errors: RuleBroken for oneself, or from a receiver.
    """
    if person.pk == by.pk:
        raise RuleBroken("You cannot block yourself.")
    lock(person, by)
    made, created = Block.objects.get_or_create(blocker=by, blocked=person)
    if created:
        audit.record("person blocked", thing=person, by=by)
        tell(PersonBlocked(blocker_id=by.pk, blocked_id=person.pk))
    return made


@transaction.atomic
def unblock(person: Person, *, by: Person) -> bool:
    """Take one's own block of a person away; False when there was none."""
    lock(person, by)
    gone, _ = Block.objects.filter(blocker=by, blocked=person).delete()
    if gone:
        audit.record("person unblocked", thing=person, by=by)
    return bool(gone)


def lock(*people: Person) -> None:
    """Let what concerns these people happen one at a time, until the transaction ends.

    Whoever asks, accepts or blocks takes this lock first; the order of keys rules out deadlocks.
    """
    keys = [person.pk for person in people]
    list(
        Person.objects.select_for_update(no_key=True)
        .filter(pk__in=keys).order_by("pk").values_list("pk", flat=True)
    )  # fmt: skip


@transaction.atomic
def choose_mails(person: Person, *, wanted: Collection[str], by: Person) -> Person:
    """Keep which of the mails that can be done without the person wants (product A13)."""
    person = Person.objects.select_for_update().get(pk=person.pk)
    muted = sorted({choice.kind for choice in queries.mail_choices()} - set(wanted))
    if muted != person.muted_mails:
        person.muted_mails = muted
        person.save(update_fields=["muted_mails"])
        audit.record("mails chosen", thing=person, by=by, muted=muted)
    return person


def release_address(email: str, *, keep: Person) -> None:
    """Take an address from registrations that were never confirmed.

    Nobody could use them, so nothing is lost; otherwise a stranger could keep an address from
    its owner by registering with it. Call it once the owner has shown that the address is theirs.
    """
    for person in queries.unconfirmed().filter(email__iexact=email).exclude(pk=keep.pk):
        audit.record("unconfirmed registration removed", thing=person)
        person.delete()


@transaction.atomic
def forget_unconfirmed() -> int:
    """Remove registrations that nobody confirmed within a week; returns how many."""
    old = list(queries.unconfirmed().filter(joined_at__lt=now() - KEPT_UNCONFIRMED))
    for person in old:
        audit.record("unconfirmed registration removed", thing=person)
        person.delete()
    return len(old)


@transaction.atomic
def resend_confirmation(person: Person) -> bool:
    """Send a newcomer the confirmation link again; False when there is nothing to confirm."""
    address = EmailAddress.objects.filter(user=person, verified=False).order_by("pk").last()
    if address is None or queries.is_confirmed(person):
        return False
    confirmation = EmailConfirmation.create(address)
    address_mail(
        "mails/confirm_address",
        email=address.email,
        kind="confirm_address",
        path=reverse("account_confirm_email", args=[confirmation.key]),
    )
    confirmation.sent = confirmation.created
    confirmation.save(update_fields=["sent"])
    return True


def address_mail(template: str, *, email: str, kind: str, path: str, **context: Any) -> None:
    """Write a mail with one link of this site to an address, without using anybody's name.

    The address may not belong to the one who typed it, so no text of theirs goes into it.
    """
    with transaction.atomic():
        write_mail(
            template=template,
            to=("", email),
            context={"link": absolute(path), **context},
            kind=kind,
        )


def reserve_username(username: str) -> None:
    """Keep a username that somebody asked for, whether or not an account came of it.

    Without this, asking for the same username twice would tell whether an address was known.
    """
    cache.set(_username_key(username), True, RESERVED_FOR)


def is_reserved(username: str) -> bool:
    """Whether somebody asked for this username in the last week."""
    return bool(cache.get(_username_key(username)))


def _username_key(username: str) -> str:
    return "username-asked:" + hashlib.sha256(username.lower().encode()).hexdigest()
