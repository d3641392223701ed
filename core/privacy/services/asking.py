"""A member asks to be erased, takes it back, and is told what came of it (product A11).

The month of the law begins when the member has confirmed by mail that it was them.
"""

from uuid import UUID

from django.db import transaction
from django.urls import reverse

from core.accounts.models import Person
from core.accounts.queries import has_another_head
from core.kernel import audit
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.kernel.links import absolute
from core.kernel.signing import BadToken, sign, unsign
from core.privacy import rules
from core.privacy.models import OPEN, AskState, ErasureRequest
from core.privacy.queries.erasing import open_request, waiting
from core.programme.queries import current
from core.programme.services import write_mail

CONFIRM = "privacy.confirm-erasure"


@transaction.atomic
def ask(person: Person) -> ErasureRequest:
    """Write down that a member wants to be erased, and ask by mail whether it was them.

    Asked again, the mail goes out again. Errors: RuleBroken for one that waits for the team, and
    for whoever alone runs the site.
    """
    if person.is_superuser and not has_another_head(person):
        raise RuleBroken("You are the only one who runs this site. Name somebody else first.")
    asked = open_request(person)
    if asked is not None and asked.is_waiting:
        raise RuleBroken("You have asked for this already. The team will tell you by mail.")
    if asked is None:
        asked = ErasureRequest.objects.create(person=person)
        audit.record("erasure asked for", thing=asked, by=person)
    token = sign(CONFIRM, asked.pk.hex)
    write_mail(
        template="mails/erasure_confirm",
        to=person,
        kind="erasure_confirm",
        context={
            "days": rules.CONFIRM_WITHIN.days,
            "link": absolute(reverse("privacy:erase_confirm", args=[token])),
        },
        about=asked,
    )
    return asked


def asked_by(token: str) -> ErasureRequest | None:
    """The request that a link from a mail confirms; None when the link is not good."""
    try:
        key = UUID(unsign(CONFIRM, token, rules.CONFIRM_WITHIN))
    except (BadToken, ValueError):
        return None
    open_ones = ErasureRequest.objects.filter(state__in=OPEN).select_related("person")
    return open_ones.filter(pk=key).first()


@transaction.atomic
def confirm(asked: ErasureRequest) -> ErasureRequest:
    """It was them: the month begins, and the team is told. Safe to repeat."""
    asked = ErasureRequest.objects.select_for_update().get(pk=asked.pk)
    if asked.state != AskState.UNCONFIRMED:
        return asked
    _receive(asked, by=asked.person)
    return asked


@transaction.atomic
def enter(person: Person, *, by: Person) -> ErasureRequest:
    """The team writes down a request that came another way; the month begins at once."""
    asked = open_request(person) or ErasureRequest(person=person)
    if not asked.is_waiting:
        asked.entered_by = by
        _receive(asked, by=by)
    return asked


@transaction.atomic
def take_back(asked: ErasureRequest, *, by: Person) -> bool:
    """The member wants to stay; False when it was settled already."""
    open_ones = ErasureRequest.objects.filter(pk=asked.pk, state__in=OPEN)
    if not open_ones.update(state=AskState.WITHDRAWN, settled_at=now()):
        return False
    audit.record("erasure taken back", thing=asked, by=by)
    return True


@transaction.atomic
def refuse(asked: ErasureRequest, *, reason: str, by: Person) -> None:
    """Say no, and why; the member is told by mail. Errors: RuleBroken."""
    reason = reason.strip()
    if not reason:
        raise RuleBroken("Say why. The member is told.")
    waiting_ones = ErasureRequest.objects.filter(pk=asked.pk, state=AskState.WAITING)
    if not waiting_ones.update(
        state=AskState.REFUSED, settled_at=now(), settled_by=by, reason=reason
    ):
        raise RuleBroken("This was settled already.")
    audit.record("erasure refused", thing=asked, by=by)
    write_mail(
        template="mails/erasure_refused",
        to=asked.person,
        kind="erasure_refused",
        context={"reason": reason, "page": absolute(reverse("help:contact"))},
        about=asked,
    )


@transaction.atomic
def remind() -> int:
    """One mail to the team about requests whose month runs out; out: how many these are.

    A request is named ten days before, when the month is over, and each week after.
    """
    at = now()
    due = [one for one in waiting().select_for_update(of=("self",)) if _wants_reminder(one)]
    if not due:
        return 0
    ErasureRequest.objects.filter(pk__in=[one.pk for one in due]).update(reminded_at=at)
    overdue = sum(one.is_overdue for one in due)
    _tell_team("erasures_waiting", {"count": len(due), "overdue": overdue})
    return len(due)


def _receive(asked: ErasureRequest, *, by: Person) -> None:
    asked.state, asked.received_at = AskState.WAITING, now()
    asked.save()
    audit.record("erasure confirmed", thing=asked, by=by)
    due = asked.due_at or asked.received_at
    _tell_team("erasure_asked", {"due_on": f"{due.day} {due:%B %Y}"})


def _tell_team(name: str, context: dict[str, object]) -> None:
    programme = current()
    write_mail(
        template=f"mails/{name}",
        to=(programme.contact_name, programme.contact_email),
        kind=name,
        context={**context, "page": absolute(reverse("staff:erasures"))},
    )


def _wants_reminder(one: ErasureRequest) -> bool:
    at, due = now(), one.due_at
    if due is None or at < due - rules.REMIND_BEFORE:
        return False
    if one.reminded_at is None:
        return True
    if one.reminded_at < due:
        return at >= due
    return at >= one.reminded_at + rules.REMIND_AGAIN
