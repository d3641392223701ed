"""Asking people to join: one by one or many, and what they do with the link (product F4)."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.urls import reverse

from core.accounts import queries as accounts
from core.accounts import services as account_services
from core.accounts.events import InvitationAccepted
from core.accounts.models import Person
from core.accounts.queries.agreements import Agreed
from core.kernel import audit
from core.kernel.audit import Actor
from core.kernel.clock import now
from core.kernel.errors import Conflict, NotAllowed, RuleBroken
from core.kernel.events import tell
from core.kernel.links import absolute
from core.kernel.ports import was_erased
from core.kernel.signing import sign
from core.people import queries
from core.people.models import Invitation, InvitationState
from core.people.queries.invitations import PURPOSE
from core.people.rules.invitations import GOOD_FOR, HEAD, REMINDED
from core.programme.queries import current, policies, words
from core.programme.services import Letter, write_mail, write_mails

AT_ONCE = 200
NOTHING = Agreed()
ERASED = (
    "Everything about the owner of this address was erased here. Invite them only if they have "
    "asked you to."
)


@dataclass
class Invited:
    """Whoever a mail of ours goes to; they have no account in which to say what they want."""

    full_name: str
    email: str
    muted_mails: list[str] = field(default_factory=list)


@transaction.atomic
def invite(
    *,
    email: str,
    first_name: str = "",
    last_name: str = "",
    roles: Collection[str] = (),
    staff_role: str = "",
    line: str = "",
    asked_back: bool = False,
    by: Actor,
) -> Invitation:
    """Invite somebody by mail.

    In: `staff_role` as in `rules.invitations.STAFF_ROLES`, by a head of the team or by an operator
    of the platform (an actor who is no person of this site) alone; `asked_back` says that somebody
    who was erased here has asked for it.
    Errors: RuleBroken for members, for those who are invited already, without any role.
    NotAllowed for a place on the team from somebody who may not give it.
    """
    email = email.strip().lower()
    member = by if isinstance(by, Person) else None
    if staff_role and member is not None and not _is_head(member):
        raise NotAllowed("Only the head of the team brings people onto it.")
    if not roles and not staff_role:
        raise RuleBroken("Choose what they are invited as.")
    if queries.member_with(email) is not None:
        raise RuleBroken("Somebody with this address is a member already.")
    if was_erased(email) and not asked_back:
        raise RuleBroken(ERASED)
    at = now()
    _end_expired(email, at)
    try:
        with transaction.atomic():
            made = Invitation.objects.create(
                email=email,
                first_name=first_name,
                last_name=last_name,
                is_mentor="mentor" in roles,
                is_mentee="mentee" in roles,
                staff_role=staff_role,
                line=line,
                made_at=at,
                made_by=member,
                made_by_name=by.full_name,
                by_operator=member is None,
                expires_at=at + GOOD_FOR,
                sent_at=at,
            )
    except IntegrityError:
        raise RuleBroken("Somebody with this address is invited already.") from None
    audit.record("person invited", thing=made, by=by, staff_role=staff_role, roles=sorted(roles),
                 **({"asked_back": True} if asked_back else {}))  # fmt: skip
    _send(made)
    return made


@transaction.atomic
def resend(invitation: Invitation, *, by: Person) -> Invitation:
    """Write the mail again and let the time run anew; the former link works as well.

    Errors: Conflict when it was accepted or withdrawn; NotAllowed as in `invite`.
    """
    invitation = _open(invitation)
    if invitation.staff_role and not _is_head(by):
        raise NotAllowed("Only the head of the team brings people onto it.")
    at = now()
    invitation.expires_at, invitation.sent_at, invitation.reminded_at = at + GOOD_FOR, at, None
    invitation.made_by, invitation.made_by_name, invitation.by_operator = by, by.full_name, False
    invitation.save()
    audit.record("invitation sent again", thing=invitation, by=by)
    _send(invitation)
    return invitation


@transaction.atomic
def withdraw(invitation: Invitation, *, by: Person) -> Invitation:
    """Take an invitation back: its link works no more. Nobody is told.

    Errors: Conflict when it was accepted or withdrawn.
    """
    invitation = _open(invitation)
    invitation.state, invitation.settled_at = InvitationState.WITHDRAWN, now()
    invitation.save(update_fields=["state", "settled_at"])
    audit.record("invitation withdrawn", thing=invitation, by=by)
    return invitation


@transaction.atomic
def accept(
    invitation: Invitation,
    *,
    username: str,
    password: str | None,
    first_name: str,
    last_name: str,
    agreed: Agreed = NOTHING,
) -> Person:
    """Make the account, or open the one that waits; the address is known to be right.

    In: `agreed`, what they ticked on the page of the invitation.

    Errors: Conflict when the invitation is not open any more, or the username is just taken.
    """
    invitation = _open(invitation)
    if invitation.has_expired:
        raise Conflict("This invitation has expired.")
    if queries.standing_of(invitation) != queries.Standing.OPEN:
        raise Conflict("This invitation cannot be used any more.")
    try:
        with transaction.atomic():
            person = _opened(invitation, username, password, first_name, last_name)
    except IntegrityError:
        raise Conflict("This username has just been taken. Go back and choose another.") from None
    _bring_onto_team(person, invitation)
    invitation.state, invitation.settled_at = InvitationState.USED, now()
    invitation.person = person
    invitation.save(update_fields=["state", "settled_at", "person"])
    audit.record("invitation accepted", thing=invitation, by=person)
    tell(InvitationAccepted(person_id=person.pk, agreed=agreed.pages, wishes=agreed.wishes))
    return person


def send_due() -> int:
    """Write the mails of invitations that have none yet; returns how many.

    In small transactions, each with its rows locked: however often it runs, each mail is written
    once.
    """
    written = 0
    while True:
        with transaction.atomic():
            due = Invitation.objects.filter(state=InvitationState.OPEN, sent_at=None)
            found = list(_locked(due))
            if not found:
                return written
            write_mails(_letter(one, "invitation") for one in found)
            keys = [one.pk for one in found]
            Invitation.objects.filter(pk__in=keys).update(sent_at=now())
            written += len(found)


def remind_due() -> int:
    """Remind once, a few days before the end; returns how many."""
    written = 0
    at = now()
    while True:
        with transaction.atomic():
            due = Invitation.objects.filter(
                state=InvitationState.OPEN, sent_at__isnull=False, reminded_at=None,
                expires_at__gt=at, expires_at__lte=at + REMINDED,
            )  # fmt: skip
            found = list(_locked(due))
            if not found:
                return written
            still = [one for one in found if queries.standing_of(one) == queries.Standing.OPEN]
            write_mails(_letter(one, "invitation_reminder") for one in still)
            keys = [one.pk for one in found]
            Invitation.objects.filter(pk__in=keys).update(reminded_at=at)
            written += len(still)


def link_of(invitation: Invitation) -> str:
    """The path that the mail leads to; good at this institute alone."""
    return reverse("people:invitation", args=[sign(PURPOSE, invitation.pk.hex)])


def _letter(invitation: Invitation, kind: str) -> Letter:
    until = invitation.expires_at.astimezone(ZoneInfo(current().time_zone))
    context: dict[str, Any] = {
        "sender_name": invitation.made_by_name or current().contact_name,
        "place": place(invitation),
        "line": invitation.line,
        "until": f"{until.day} {until:%B %Y}",
        "prepared": invitation.person_id is not None,
        "membership": policies().sign_in == "membership",
        "page": absolute(link_of(invitation)),
    }
    to = Invited(invitation.full_name, invitation.email)
    return Letter(f"mails/{kind}", to, context, kind, invitation)


def place(invitation: Invitation) -> str:
    """ "a mentor", "a mentor and a mentee", "a member of the programme team"."""
    spoken = words()
    places = []
    if invitation.is_mentor:
        places.append(spoken["mentor"].form("article"))
    if invitation.is_mentee:
        places.append(spoken["mentee"].form("article"))
    if invitation.staff_role:
        places.append(f"a member of the {spoken['programme_team'].singular}")
    return " and ".join(places)


def _opened(
    invitation: Invitation, username: str, password: str | None, first_name: str, last_name: str
) -> Person:
    waiting = queries.waiting_account(invitation)
    if waiting is not None:
        return _open_waiting(waiting, username, password, first_name, last_name)
    for stranger in accounts.unconfirmed().filter(email__iexact=invitation.email):
        audit.record("unconfirmed registration removed", thing=stranger)
        stranger.delete()
    roles = [role for role in ("mentor", "mentee") if getattr(invitation, f"is_{role}")]
    person = account_services.create_person(
        username=username,
        email=invitation.email,
        password=password,
        first_name=first_name,
        last_name=last_name,
    )
    return account_services.complete_registration(
        person, roles=roles, time_zone=current().time_zone
    )


def _open_waiting(
    person: Person, username: str, password: str | None, first_name: str, last_name: str
) -> Person:
    person = Person.objects.select_for_update().get(pk=person.pk)
    person.username, person.first_name, person.last_name = username, first_name, last_name
    person.set_password(password)
    person.save(update_fields=["username", "first_name", "last_name", "password"])
    account_services.ensure_address(person)
    return person


def _bring_onto_team(person: Person, invitation: Invitation) -> None:
    """Give the place on the team, if whoever gave it away may still do so."""
    if not invitation.staff_role:
        return
    giver = invitation.made_by
    if not invitation.by_operator and (giver is None or not _is_head(giver)):
        raise Conflict("Whoever invited you is not on the team any more. Ask them once more.")
    person.is_staff = True
    if invitation.staff_role == HEAD:
        person.is_superuser = True
    else:
        person.staff_role = invitation.staff_role
    person.save(update_fields=["is_staff", "is_superuser", "staff_role"])
    audit.record("joined the team", thing=person, by=giver, role=invitation.staff_role,
                 invited_by=invitation.made_by_name)  # fmt: skip


def _is_head(person: Person) -> bool:
    return person.is_active and person.is_superuser


def _open(invitation: Invitation) -> Invitation:
    held = Invitation.objects.select_for_update().filter(pk=invitation.pk).first()
    if held is None or held.state != InvitationState.OPEN:
        raise Conflict("This invitation was accepted or withdrawn meanwhile.")
    return held


def _end_expired(email: str, at: datetime) -> None:
    """An expired invitation makes way for a fresh one."""
    Invitation.objects.filter(
        email__iexact=email, state=InvitationState.OPEN, expires_at__lte=at
    ).update(state=InvitationState.WITHDRAWN, settled_at=at)


def _locked(due: Any) -> Any:
    return due.order_by("made_at", "pk").select_for_update(skip_locked=True, of=("self",))[:AT_ONCE]


def _send(invitation: Invitation) -> None:
    letter = _letter(invitation, "invitation")
    write_mail(
        template=letter.template,
        to=(invitation.full_name, invitation.email),
        context=letter.context,
        kind=letter.kind,
        about=invitation,
    )
