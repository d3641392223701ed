"""The programme team signs in as a member; an operator of the platform visits (product F4, F6)."""

from datetime import timedelta
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse

from core.accounts.models import Person
from core.accounts.rules import ROLE_IN_SESSION
from core.accounts.services.showing import note_shown
from core.kernel import audit
from core.kernel.audit import Actor
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.kernel.ids import new_id
from core.kernel.links import absolute
from core.kernel.signing import sign
from core.programme.services import write_mail
from core.security import queries
from core.security.models import StandIn
from core.security.permissions import may_be_stood_in_for, may_stand_in
from core.security.rules import (
    IN_SESSION,
    LONGEST_VISIT,
    SHOWN,
    SHOWN_LIVES,
    STAFF_MINUTES,
    VISIT,
    StandInKind,
)

LONGEST_REASON = 500
SHOWN_DEAD = "This link does not work any more. Ask for another one on the operators' site."
LINK_DEAD = "This link does not work any more. Open a new visit on the operators' site."


@transaction.atomic
def begin_standing_in(member: Person, *, by: Person, reason: str) -> StandIn:
    """Let one of the team work as a member for half an hour; the member is told by mail.

    An earlier one of the same person ends. The caller puts the key into the session.
    Errors: RuleBroken without a reason, without the right, or for somebody of the team.
    """
    reason = _reason(reason)
    if not may_stand_in(by) or member.pk == by.pk:
        raise RuleBroken("You cannot sign in as somebody else.")
    if not may_be_stood_in_for(member):
        raise RuleBroken(
            f"Nobody can sign in as {member.full_name}: the account is closed, or they are on the "
            "programme team."
        )
    Person.objects.select_for_update(no_key=True).get(pk=by.pk)
    for earlier in StandIn.objects.filter(by=by, ended_at=None, ends_at__gt=now()):
        end_stand_in(earlier, by=by)
    at = now()
    made = StandIn.objects.create(
        kind=StandInKind.STAFF,
        by=by,
        by_name=by.full_name,
        person=member,
        reason=reason,
        asked_at=at,
        begun_at=at,
        ends_at=at + timedelta(minutes=STAFF_MINUTES),
    )
    audit.record("stand-in begun", thing=member, by=by, reason=reason, minutes=STAFF_MINUTES)
    write_mail(
        template="mails/signed_in_as",
        to=(member.full_name, member.email),
        kind="signed_in_as",
        about=member,
        context={
            "staff_name": by.full_name,
            "reason": reason,
            "minutes": STAFF_MINUTES,
            "link": absolute(reverse("front")),
        },
    )
    return made


@transaction.atomic
def open_support_visit(
    *, operator_key: UUID, operator_name: str, reason: str, minutes: int, may_change: bool
) -> str:
    """Allow an operator of the platform a visit to this site; call it within the institute.

    Out: the path of a link that signs in once, within five minutes, on the institute's own host.
    The visit ends `minutes` after this moment; it reads, or changes as a programme manager does.
    Errors: RuleBroken without a reason, or for less than one minute or more than four hours.
    """
    reason = _reason(reason)
    if not 1 <= minutes <= LONGEST_VISIT:
        raise RuleBroken(f"A visit takes between 1 and {LONGEST_VISIT} minutes.")
    at = now()
    visitor = audit.Behind(operator_key, f"{operator_name} (platform operator)", is_operator=True)
    made = StandIn.objects.create(
        kind=StandInKind.OPERATOR,
        by_name=visitor.full_name[:200],
        operator_key=operator_key,
        reason=reason,
        may_change=may_change,
        asked_at=at,
        ends_at=at + timedelta(minutes=minutes),
    )
    audit.record(
        "support visit opened",
        thing=made,
        by=visitor,
        reason=reason,
        minutes=minutes,
        may_change=may_change,
    )
    return reverse("security:visit", args=[sign(VISIT, made.pk.hex)])


@transaction.atomic
def begin_support_visit(token: str) -> StandIn:
    """Use the one-time link; the caller signs in `person` of what comes back.

    Errors: RuleBroken when the link was used, is too old, was altered or is another site's.
    """
    visit = queries.visit_of(token)
    if visit is None:
        raise RuleBroken(LINK_DEAD)
    person = _support_person(visit)
    begun = StandIn.objects.filter(pk=visit.pk, begun_at=None, ended_at=None)
    if not begun.update(begun_at=now(), person=person):
        raise RuleBroken(LINK_DEAD)
    visit.refresh_from_db()
    audit.record("support visit begun", thing=visit, by=person)
    return visit


def vouch_for_visit(visit_id: UUID, *, operator_key: UUID) -> str:
    """An operator has just shown who they are on their own site; call it within the institute.

    Out: the path of a link that says so in the session of their visit, once, within two minutes.
    Errors: RuleBroken when there is no such visit of theirs in force.
    """
    visit = queries.support_visits().filter(pk=visit_id, operator_key=operator_key).first()
    if visit is None or not visit.is_open:
        raise RuleBroken("This visit is over.")
    return reverse("security:visit_shown", args=[sign(SHOWN, f"{visit.pk}:{new_id().hex}")])


@transaction.atomic
def take_as_shown(token: str, visit: StandIn, session: SessionBase) -> None:
    """Let a visit's dangerous acts go on for some minutes. Errors: RuleBroken for another visit's
    link, and for one that was used or is too old."""
    found = queries.shown_by(token)
    if found is None or visit.person is None or not visit.is_operator or found[0] != visit.pk:
        raise RuleBroken(SHOWN_DEAD)
    if not cache.add(f"visit-shown:{found[1]}", True, 2 * int(SHOWN_LIVES.total_seconds())):
        raise RuleBroken(SHOWN_DEAD)
    note_shown(session, visit.person)
    audit.record("support visit shown", thing=visit, by=visit.person)


@transaction.atomic
def end_stand_in(stand_in: StandIn, *, by: Actor) -> bool:
    """End it now; False when it was over. The next click of whoever stands in is refused."""
    open_still = StandIn.objects.filter(pk=stand_in.pk, ended_at=None, ends_at__gt=now())
    if not open_still.update(ended_at=now(), ended_by_name=by.full_name[:200]):
        return False
    if stand_in.is_operator:
        audit.record("support visit ended", thing=stand_in, by=by)
    else:
        audit.record("stand-in ended", thing=stand_in.person or stand_in, by=by)
    return True


def take_up(session: SessionBase, stand_in: StandIn) -> None:
    """Let this session stand in from the next request on; a role chosen before is forgotten."""
    session.pop(ROLE_IN_SESSION, None)
    session[IN_SESSION] = str(stand_in.pk)


def put_down(session: SessionBase) -> None:
    """Let this session be its owner's own again; the role chosen meanwhile is forgotten."""
    session.pop(IN_SESSION, None)
    session.pop(ROLE_IN_SESSION, None)


def _reason(reason: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise RuleBroken("Say why. The reason stands in the audit trail.")
    if len(reason) > LONGEST_REASON:
        raise RuleBroken(f"Use {LONGEST_REASON} characters or fewer for the reason.")
    return reason


def _support_person(visit: StandIn) -> Person:
    """The row of this institute that stands for the operator: no password, no mail, no role.

    It has no right of its own; a visit in force lends one (`StandsIn`).
    """
    key = visit.operator_key
    if key is None:
        raise ValueError("not a visit of an operator")
    name = visit.by_name[:80]
    person, _ = Person.objects.get_or_create(
        support_key=key,
        defaults={
            "username": f"support-{key.hex}",
            "email": f"{key.hex}@support.invalid",
            "first_name": name,
            "last_name": "",
            "password": "!",
        },
    )
    if person.first_name != name:
        person.first_name = name
        person.save(update_fields=["first_name"])
    return person
