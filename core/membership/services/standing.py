"""Memberships lapse, end and begin again."""

from datetime import datetime
from zoneinfo import ZoneInfo

from allauth.usersessions.models import UserSession
from django.db import transaction
from django.urls import reverse

from core.accounts.events import AccountClosing
from core.kernel import audit
from core.kernel.audit import Actor
from core.kernel.clock import now
from core.kernel.events import tell
from core.kernel.links import absolute
from core.membership.events import MembershipEnded, MembershipLapsed, MembershipRenewed
from core.membership.models import Member
from core.membership.queries import standing
from core.membership.rules import Status, grace
from core.programme.queries import current, policies
from core.programme.services import write_mail


@transaction.atomic
def put_status(member: Member, status: Status | str, *, by: Actor | None = None) -> Member:
    """Keep what the society says of a membership; the same once more changes nothing.

    A membership that is "lapsed" or "ended" at the society begins its days of grace here; with
    none of them it ends at once.
    """
    member = Member.objects.select_for_update().get(pk=member.pk)
    if status == Status.CURRENT:
        return _renew(member, by)
    if member.status == Status.CURRENT:
        at = now()
        member.status, member.lapsed_at = Status.LAPSED, at
        member.grace_until = at + grace(policies().membership_grace_days)
        member.save(update_fields=["status", "lapsed_at", "grace_until"])
        audit.record("membership lapsed", thing=member.person, by=by)
        tell(MembershipLapsed(person_id=member.person_id))
        if member.grace_until > at:
            _write(member, "membership_lapsed", member.grace_until)
    if member.status == Status.LAPSED and member.grace_until and member.grace_until <= now():
        return end(member)
    return member


def end(member: Member) -> Member:
    """Let the policy hold: the days of grace are over."""
    member.status = Status.ENDED
    member.save(update_fields=["status"])
    audit.record("membership ended", thing=member.person)
    tell(MembershipEnded(person_id=member.person_id))
    _write(member, "membership_ended")
    carry_out(member)
    return member


def carry_out(member: Member) -> bool:
    """Withdraw whoever may not sign in from everything, once, and end their visits.

    False for those who may, or who are out already.
    """
    person = member.person
    if member.out_at is not None or standing(person).may_sign_in:
        return False
    member.out_at = now()
    member.save(update_fields=["out_at"])
    tell(AccountClosing(person_id=person.pk, by_team=True))
    for session in UserSession.objects.filter(user=person):
        session.end()
    return True


def end_due() -> int:
    """End memberships whose days of grace are over; how many. Safe to run at any time."""
    due = Member.objects.filter(status=Status.LAPSED, grace_until__lte=now())
    ended = 0
    for key in list(due.order_by("grace_until").values_list("pk", flat=True)):
        with transaction.atomic():
            member = due.select_for_update(skip_locked=True, of=("self",)).filter(pk=key).first()
            if member is not None:
                end(member)
                ended += 1
    return ended


def put_out_due() -> int:
    """Carry "out at once" out for those who had ended under a milder policy; how many."""
    if policies().lapsed_members != "out":
        return 0
    due = Member.objects.filter(status=Status.ENDED, out_at=None)
    out = 0
    for key in list(due.values_list("pk", flat=True)):
        with transaction.atomic():
            member = due.select_for_update(skip_locked=True, of=("self",)).filter(pk=key).first()
            out += member is not None and carry_out(member)
    return out


def _renew(member: Member, by: Actor | None) -> Member:
    if member.status == Status.CURRENT:
        return member
    member.status, member.lapsed_at, member.grace_until = Status.CURRENT, None, None
    member.out_at = None
    member.save(update_fields=["status", "lapsed_at", "grace_until", "out_at"])
    audit.record("membership renewed", thing=member.person, by=by)
    tell(MembershipRenewed(person_id=member.person_id))
    return member


def _day(at: datetime) -> str:
    local = at.astimezone(ZoneInfo(current().time_zone))
    return f"{local.day} {local:%B %Y}"


def _write(member: Member, kind: str, until: datetime | None = None) -> None:
    """Tell the member what the lapse means for them."""
    person = member.person
    if not person.is_active:
        return
    write_mail(
        template=f"mails/{kind}",
        to=person,
        context={
            "rule": policies().lapsed_members,
            "until": _day(until) if until else "",
            "society_link": policies().membership_link or absolute(reverse("front")),
        },
        kind=kind,
        about=person,
    )
