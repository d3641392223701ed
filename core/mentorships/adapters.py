"""What mentorships tell those who stand below and know nothing of them.

Why one may write to the other, and who takes questions from strangers (product B9, D4); what other
rules of the programme would do to what is running (F5).
"""

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from core.accounts.models import Person
from core.matching.models import Listing
from core.mentorships import queries, rules
from core.mentorships.models import Mentorship
from core.mentorships.services.ladder import would_lapse, would_remind
from core.mentorships.states import OPEN, UNANSWERED, State
from core.messaging.permissions import offer_reason, offer_reason_to_ask, offer_reason_to_report
from core.profiles.models import Field, Profile
from core.profiles.rules import Audience, Kind
from core.profiles.services.foresight import foresees_field
from core.programme.queries import policies, words
from core.programme.rules import Policies
from core.programme.services.foresight import foresees, many

WORKED_TOGETHER = OPEN | {State.COMPLETED, State.ENDED}


@offer_reason
def have_something_between_them(writer: Person, reader: Person) -> bool:
    """From the moment of asking, and after they have worked together."""
    return _between(writer, reader).filter(state__in=WORKED_TOGETHER).exists()


@offer_reason_to_report
def had_something_between_them(reporter: Person, about: Person) -> bool:
    """Whatever came of it, somebody may have to be told about it (product D10)."""
    return _between(reporter, about).exists()


@offer_reason_to_ask
def can_be_found(mentee: Person, mentor: Person) -> bool:
    """A full mentor is hidden where the institute hides them (product B10)."""
    return policies().full_mentors == "shown" or queries.room_of(mentor) > 0


def _between(one: Person, other: Person) -> QuerySet[Mentorship]:
    pair = Q(mentor=one, mentee=other) | Q(mentor=other, mentee=one)
    return Mentorship.objects.filter(pair)


@foresees
def requests_on_the_ladder(before: Policies, after: Policies) -> Iterator[str]:
    """Who would lapse and who would be reminded when the clock next turns."""
    word = words()["request"]
    if (after.lapse_days, after.reminder_days) != (before.lapse_days, before.reminder_days):
        lapsing = would_lapse(after.lapse_days).count()
        if lapsing:
            yield (
                f"{many(lapsing, word.singular, word.plural)} would be withdrawn tonight: nobody "
                f"has answered for {after.lapse_days} days or longer."
            )
        spared = would_lapse(before.lapse_days).count() - lapsing
        if spared > 0:
            yield f"{many(spared, word.singular, word.plural)} would not be withdrawn tonight yet."
        told = would_remind(after.reminder_days, after.lapse_days).count()
        if told:
            yield f"{many(told, 'reminder', 'reminders')} would go to mentors tonight."
    if before.negotiation == "ask_for_changes" != after.negotiation:
        waiting = Mentorship.objects.filter(state=State.CHANGES_ASKED).count()
        if waiting:
            yield (
                f"{many(waiting, word.singular, word.plural)} for which changes were asked: those "
                "stay open, and no further changes can be asked for."
            )
    limit = after.open_request_limit
    if limit is not None and (
        before.open_request_limit is None or limit < before.open_request_limit
    ):
        unanswered = Mentorship.objects.filter(state__in=UNANSWERED)
        each = unanswered.order_by().values("mentee").annotate(number=Count("pk"))
        over = each.filter(number__gte=limit).count()
        if over:
            yield (
                f"{many(over, 'mentee has', 'mentees have')} {limit} or more open already: "
                "nothing is taken from them, but they cannot send another until one is answered."
            )


@foresees
def places_of_mentors(before: Policies, after: Policies) -> Iterator[str]:
    """What another usual number of mentees means, and hiding or showing the full ones."""
    if after.default_capacity != before.default_capacity:
        usual = Profile.objects.filter(
            role=Audience.MENTOR, capacity=None, complete=True, person__is_active=True
        )
        over = usual.annotate(mentees=Coalesce(Subquery(_mentees()), 0)).filter(
            mentees__gt=after.default_capacity
        )
        yield (
            f"{many(usual.count(), 'mentor goes', 'mentors go')} by the usual number and would "
            f"take {after.default_capacity} instead of {before.default_capacity}."
        )
        if count := over.count():
            yield (
                f"{many(count, 'of them has', 'of them have')} more mentees than that already: "
                "they keep them."
            )
    if after.full_mentors != before.full_mentors:
        full = Listing.objects.filter(listed=True, room=0).count()
        if full:
            found = (
                "would no longer be found" if after.full_mentors == "hidden" else "would be found"
            )
            yield f"{many(full, 'mentor', 'mentors')} without a free place {found}."


@foresees
def ways_to_complete(before: Policies, after: Policies) -> Iterator[str]:
    """Pairs of whom one has said that the journey is complete."""
    if after.who_completes != before.who_completes:
        marked = Mentorship.objects.filter(state=State.ACTIVE).exclude(
            mentor_done_at=None, mentee_done_at=None
        )
        if count := marked.count():
            yield (
                f"{many(count, 'pair', 'pairs')} of whom one has said that it is complete: "
                "the new rule holds for the other."
            )


def _mentees() -> QuerySet[Mentorship, Any]:
    running = Mentorship.objects.filter(mentor=OuterRef("person"), state=State.ACTIVE)
    return running.order_by().values("mentor").annotate(number=Count("pk")).values("number")


@foresees_field
def area_that_is_asked_for(before: Field | None, after: Field) -> Iterator[str]:
    """The question whose answers can be chosen when somebody asks for a mentor (product C1)."""
    if before is None or before.key != rules.AREA_FIELD:
        return
    usable = [
        one.active and one.kind in (Kind.CHOICE, Kind.CHOICES) and one.audience != Audience.MENTOR
        for one in (before, after)
    ]
    if usable == [True, False]:
        word = words()["request"]
        yield f"Nothing could be chosen from it when somebody sends {word.form('article')}."
