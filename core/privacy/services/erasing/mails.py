"""Mails about somebody who is erased: gone, or emptied once they are sent."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from core.accounts.models import Person
from core.kernel.models import MailState, OutboxMail
from core.mentorships.models import Mentorship
from core.messaging.models import Side
from core.privacy.models import Erasure
from core.privacy.rules import GONE
from core.privacy.services.erasing.identity import Identity
from core.privacy.services.erasing.rows import Counts

GO, BLANK = "go", "blank"
LABEL = "kernel.OutboxMail"
_SETTLED = (MailState.SENT, MailState.FAILED)
_TEXTS = ("to_name", "from_name", "reply_to", "subject", "text", "html", "last_error")


def strip_mails(who: Identity, partners: Iterable[UUID], counts: Counts) -> dict[str, str]:
    """Remove what was written to the person, empty what names them; out: mails on their way.

    Those to others go out first as they are, so that partners read who has left. `partners`: to
    them a first name alone says who it is.
    """
    later: dict[str, str] = {}
    mine = OutboxMail.objects.filter(to_address__in=who.addresses)
    for key in mine.filter(state=MailState.SENDING).values_list("pk", flat=True):
        later[str(key)] = GO
    counts[LABEL] += mine.exclude(state=MailState.SENDING).delete()[0]
    others = OutboxMail.objects.exclude(to_address__in=who.addresses).filter(_names(who, partners))
    for key in others.exclude(state__in=_SETTLED).values_list("pk", flat=True):
        later[str(key)] = BLANK
    counts[LABEL] += _empty(others.filter(state__in=_SETTLED).values_list("pk", flat=True))
    return later


def partners_of(keys: Iterable[UUID]) -> set[UUID]:
    """Who has or had a relationship or a conversation with these accounts."""
    keys = list(keys)
    pairs = Mentorship.objects.filter(Q(mentor__in=keys) | Q(mentee__in=keys))
    found = {key for pair in pairs.values_list("mentor_id", "mentee_id") for key in pair}
    found |= set(Side.objects.filter(person__in=keys).values_list("partner_id", flat=True))
    return found - set(keys)


@transaction.atomic
def tidy_mails() -> int:
    """Empty mails that were on their way when somebody was erased; out: how many.

    Safe to repeat.
    """
    done = 0
    waiting = Erasure.objects.exclude(mails={}).select_for_update(skip_locked=True)
    for erasure in waiting:
        settled = OutboxMail.objects.filter(pk__in=erasure.mails, state__in=_SETTLED)
        keys = {str(key) for key in settled.values_list("pk", flat=True)}
        gone = {key for key in keys if erasure.mails[key] == GO}
        OutboxMail.objects.filter(pk__in=gone).delete()
        _empty(keys - gone)
        there = {
            str(key)
            for key in OutboxMail.objects.filter(pk__in=erasure.mails).values_list("pk", flat=True)
        }
        erasure.mails = {k: v for k, v in erasure.mails.items() if k in there - keys}
        erasure.save(update_fields=["mails"])
        done += len(keys)
    return done


def _names(who: Identity, partners: Iterable[UUID]) -> Q:
    asked = Q(pk=None)
    if pattern := who.everything:
        for name in _TEXTS:
            asked |= Q(**{f"{name}__iregex": pattern})
    if who.first_names:
        addresses = Person.objects.filter(pk__in=list(partners)).values("email")
        first = who.pattern(who.first_names)
        asked |= Q(to_address__in=addresses) & (Q(subject__regex=first) | Q(text__regex=first))
    return asked


def _empty(keys: Iterable[object]) -> int:
    return OutboxMail.objects.filter(pk__in=list(keys)).update(
        subject=GONE, text=GONE, html="", reply_to="", last_error="", attachments=[], about_id=""
    )
