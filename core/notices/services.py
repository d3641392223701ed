"""What happens with notices: one function a thing."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.db import transaction
from django.urls import reverse

from core.accounts.models import Person
from core.kernel import audit
from core.kernel.clock import now, today
from core.kernel.errors import Conflict
from core.kernel.links import absolute
from core.notices import queries, rules
from core.notices.models import Notice, NoticeRead, NoticeState
from core.programme.queries import placeholders
from core.programme.rules import expand
from core.programme.services import Letter, write_mails

_AT_ONCE = 200


def mark_read(person: Person, notices: Iterable[Notice]) -> None:
    """Somebody has read these, or put them away; a second time changes nothing."""
    marks = [NoticeRead(person=person, notice=notice) for notice in notices]
    if marks:
        NoticeRead.objects.bulk_create(marks, ignore_conflicts=True)


@transaction.atomic
def publish(notice: Notice, *, by: Person) -> None:
    """Let members read it from its first day on. Raises Conflict when it is published already."""
    _step(notice, {NoticeState.DRAFT, NoticeState.WITHDRAWN}, NoticeState.PUBLISHED)
    audit.record("notice.published", thing=notice, by=by, audience=notice.audience)


@transaction.atomic
def withdraw(notice: Notice, *, by: Person) -> None:
    """Show it to nobody any more. Raises Conflict when it is not published."""
    _step(notice, {NoticeState.PUBLISHED}, NoticeState.WITHDRAWN)
    audit.record("notice.withdrawn", thing=notice, by=by)


def _step(notice: Notice, before: set[NoticeState], after: NoticeState) -> None:
    row = Notice.objects.select_for_update().get(pk=notice.pk)
    if row.state not in before:
        raise Conflict("Somebody was quicker: look at how the notice stands now.")
    notice.state = row.state = after
    row.save(update_fields=["state"])


def mail(notice_id: UUID, tell: Callable[[int, int], None], *, by: Person | None) -> str:
    """Send a published notice to all whom it is for and who want such mails, once.

    Call it in a transaction: all of the mails are written or none. Out: a sentence.
    Raises Conflict when it is not in force, or was mailed before.
    """
    notice = Notice.objects.select_for_update().filter(pk=notice_id).first()
    if notice is None or notice.state != NoticeState.PUBLISHED or not _has_begun(notice):
        raise Conflict("The notice is not in force, so it was not mailed.")
    if notice.mailed_at:
        raise Conflict("It was mailed before: nobody gets it twice.")
    names = placeholders()
    context = {
        "title": expand(notice.title, names),
        "text": rules.plain(expand(notice.body, names)),
        "label": notice.link_label or "Open What’s new",
        "address": _address(notice),
    }
    people = [
        one
        for one in queries.readers(notice).order_by("pk").iterator(chunk_size=2000)
        if rules.MAIL not in one.muted_mails
    ]
    for first in range(0, len(people), _AT_ONCE):
        write_mails(
            Letter("mails/news", one, context, rules.MAIL, about=notice)
            for one in people[first : first + _AT_ONCE]
        )
        tell(min(first + _AT_ONCE, len(people)), len(people))
    notice.mailed_at = now()
    notice.save(update_fields=["mailed_at"])
    audit.record("notice.mailed", thing=notice, by=by, mails=len(people))
    return "One mail is on its way." if len(people) == 1 else f"{len(people):,} mails on their way."


def _has_begun(notice: Notice) -> bool:
    day = today()
    return notice.first_day <= day and (notice.last_day is None or notice.last_day >= day)


def _address(notice: Notice) -> str:
    if notice.link_url.startswith("https://"):
        return notice.link_url
    return absolute(notice.link_url or reverse("notices:list"))
