"""What goes by age and concerns several rooms: closed accounts, and messages of past pairs."""

from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.mentorships.models import Mentorship
from core.mentorships.states import OPEN
from core.messaging.models import Message, Report
from core.messaging.models.reports import ReportState
from core.privacy.models import Way
from core.privacy.services.erasing import erase
from core.programme.queries import policies


def deleted_accounts(before: datetime) -> QuerySet[Person]:
    """Accounts that their owners deleted so long ago, past the way back."""
    way_back = now() - timedelta(days=policies().account_return_days)
    return _closed(min(before, way_back)).filter(closed_by_owner=True)


def closed_accounts(before: datetime) -> QuerySet[Person]:
    """Accounts that the team or the society closed so long ago."""
    return _closed(before).filter(closed_by_owner=False)


def _closed(before: datetime) -> QuerySet[Person]:
    """Closed accounts with nothing against erasing them: merged ones go with the one kept."""
    waiting = Report.objects.exclude(state=ReportState.RESOLVED)
    mine = waiting.filter(Q(about=OuterRef("pk")) | Q(reporter=OuterRef("pk")))
    return Person.objects.filter(
        ~Exists(mine), is_active=False, closed_at__lt=before, erased_at=None,
        support_key=None, merged_into=None,
    )  # fmt: skip


def erase_all(people: QuerySet[Person]) -> int:
    """Erase everybody; out: how many. Somebody about whom something waits stays for now."""
    done = 0
    for person in people:
        try:
            erase(person, way=Way.RETENTION)
        except RuleBroken:
            continue
        done += 1
    return done


def quiet_messages(before: datetime) -> QuerySet[Message]:
    """Messages of conversations that have been quiet, between two who have nothing open."""
    one, other = OuterRef("conversation__first"), OuterRef("conversation__second")
    together = Mentorship.objects.filter(
        Q(mentor=one, mentee=other) | Q(mentor=other, mentee=one), state__in=OPEN
    )
    return Message.objects.filter(~Exists(together), conversation__last_at__lt=before)
