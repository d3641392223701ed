"""A mentor's places: how many are left, and who waits for one (product B10)."""

from datetime import timedelta
from typing import Final

from django.db import transaction

from core.accounts.models import Person
from core.accounts.queries import blocked_between
from core.accounts.services import lock
from core.kernel.clock import now
from core.kernel.events import tell
from core.matching.services import set_room
from core.mentorships import errors, events, permissions, queries
from core.mentorships.models import WaitingPlace
from core.profiles.models import Profile
from core.profiles.queries import profile_of
from core.programme.queries import policies

HEAD_START: Final = timedelta(days=3)
"""How long those who were told of a free place are alone in knowing it."""


@transaction.atomic
def count_places(mentor: Person, profile: Profile | None = None) -> int:
    """Bring the search in line with the mentor's places, and tell who waits; gives the places."""
    room = queries.room_of(mentor, profile)
    set_room(mentor, room)
    profile = profile or profile_of(mentor, "mentor")
    if room and profile and profile.available and profile.complete and mentor.is_active:
        _tell_of_room(mentor, room)
    return room


def join_waiting_list(mentor: Person, *, by: Person) -> WaitingPlace:
    """Wait for a full mentor, where the institute shows them (product B10). Safe to repeat.

    Errors: NotTheirs; NotThisWay when the institute has no waiting lists or a place is free.
    """
    with transaction.atomic():
        lock(mentor, by)
        if not permissions.may_send(by, mentor) or blocked_between(by, mentor):
            raise errors.NotTheirs("There is nothing here that you can do.")
        if not may_wait(by, mentor):
            raise errors.NotThisWay(f"There is no waiting list for {mentor.full_name} at present.")
        place, _ = WaitingPlace.objects.get_or_create(mentor=mentor, mentee=by)
        return place


def leave_waiting_list(mentor: Person, *, by: Person) -> bool:
    """Wait no longer; False when one did not."""
    gone, _ = WaitingPlace.objects.filter(mentor=mentor, mentee=by).delete()
    return bool(gone)


def may_wait(mentee: Person, mentor: Person) -> bool:
    """Whether there is something to wait for: shown, available, but full, and nothing open."""
    profile = profile_of(mentor, "mentor")
    return bool(
        policies().full_mentors == "shown"
        and profile
        and profile.complete
        and profile.available
        and not queries.room_of(mentor, profile)
        and not queries.open_between(mentor=mentor, mentee=mentee)
    )


def tell_waiting() -> int:
    """Go on along the waiting lists whose head start is over; gives for how many mentors."""
    mentors = Person.objects.filter(waiting_list__told_at=None, is_active=True).distinct()
    for mentor in mentors:
        with transaction.atomic():
            lock(mentor)
            count_places(mentor)
    return len(mentors)


def _tell_of_room(mentor: Person, room: int) -> None:
    """Tell those who have waited longest, as many as there are places not promised yet."""
    at = now()
    waiting = list(
        WaitingPlace.objects.filter(mentor=mentor, mentee__is_active=True, mentee__is_mentee=True)
    )
    ahead = sum(one.told_at is not None and one.told_at > at - HEAD_START for one in waiting)
    told = [one for one in waiting if one.told_at is None][: max(0, room - ahead)]
    if told:
        WaitingPlace.objects.filter(pk__in=[one.pk for one in told]).update(told_at=at)
        tell(
            events.PlaceFreed(mentor_id=mentor.pk, mentee_ids=tuple(one.mentee_id for one in told))
        )
