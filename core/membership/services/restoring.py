"""A file of members is taken back: memberships stand as they stood before it."""

from datetime import datetime
from typing import Any, Final

from django.db import transaction

from core.accounts.models import Person
from core.kernel import audit
from core.kernel.audit import Actor
from core.kernel.events import tell
from core.membership.events import MembershipLapsed, MembershipRenewed
from core.membership.models import Member
from core.membership.rules import Status

DATES: Final = ("lapsed_at", "grace_until", "out_at")


def noted(member: Member | None) -> dict[str, Any]:
    """How a membership stands, in words that JSON holds; {} for none."""
    if member is None:
        return {}
    dates = {name: getattr(member, name) for name in DATES}
    return {
        "number": member.number,
        "status": member.status,
        "source": member.source,
        **{name: at.isoformat() if at else None for name, at in dates.items()},
    }


@transaction.atomic
def put_back(person: Person, *, before: dict[str, Any], after: dict[str, Any], by: Actor) -> bool:
    """Let a membership stand as `before`, where it still stands as `after`; both as `noted`.

    Out: False when the society, or time, has moved it on since. Nobody is written to, and what
    came to an end by the lapse stays ended.
    """
    member = Member.objects.select_for_update().filter(person=person).first()
    if member is None or noted(member) != after:
        return False
    status = member.status
    if not before:
        if member.ties.exists() or member.user_name or member.facts:
            return False
        member.delete()
    else:
        member.number, member.source = before["number"], before["source"]
        member.status = before["status"]
        for name in DATES:
            at = before[name]
            setattr(member, name, datetime.fromisoformat(at) if at else None)
        member.save(update_fields=["number", "source", "status", *DATES])
    audit.record("membership taken back", thing=person, by=by)
    now_current = before.get("status", Status.CURRENT) == Status.CURRENT
    if now_current and status != Status.CURRENT:
        tell(MembershipRenewed(person_id=person.pk))
    elif not now_current and status == Status.CURRENT:
        tell(MembershipLapsed(person_id=person.pk))
    return True
