"""Keeping the index of mentors true.

A listing follows its mentor's account, profile and places. Searching reads only: it never waits
for somebody who saves, and two who change one mentor meet on that mentor's listing alone.
"""

from collections.abc import Collection, Iterator
from uuid import UUID

from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.events import tell
from core.matching import queries
from core.matching.events import MentorsSearched
from core.matching.models import Listing
from core.matching.rules import tokens_of
from core.membership.queries import standing_of
from core.profiles.models import Profile
from core.profiles.queries import capacity_of
from core.profiles.rules import Audience

CHUNK = 500
A_DAY = 86_400  # seconds


def relist(person: Person) -> None:
    """Bring one person's listing in line with account, profile and places (product B10, B11).

    People who never began a mentor's profile get no listing. Safe to call at any time.
    """
    _follow_all([person.pk])


def relist_all(person_ids: Collection[UUID]) -> None:
    """`relist` for many at once: a few statements for each few hundred people."""
    for chunk in _batches(person_ids):
        _follow_all(chunk)


@transaction.atomic
def list_newcomers(profiles: Collection[Profile]) -> None:
    """Put mentors into the index who have just come and are in nobody's way: one statement.

    In: their profiles, with the person on each. Who has a listing already keeps it as it is.
    """
    keys = queries.indexed_keys()
    listings = []
    for profile in profiles:
        listing = Listing(person_id=profile.person_id)
        _follow(listing, profile.person, profile, keys, None)
        listings.append(listing)
    Listing.objects.bulk_create(listings, ignore_conflicts=True, batch_size=CHUNK)


def set_room(person: Person, room: int) -> None:
    """Say how many more mentees the mentor can take now (product B10).

    In: places left; below zero counts as none. The mentees that the mentor has are what is missing
    to the capacity; they decide between mentors who are equally close.
    """
    _follow_all([person.pk], room=max(0, room))


def rebuild_listings() -> int:
    """Bring every listing in line; returns how many were not.

    Works in small transactions, so that members can save meanwhile.
    """
    begun = Profile.objects.filter(role=Audience.MENTOR).values_list("person_id", flat=True)
    held = Listing.objects.values_list("person_id", flat=True)
    mentors = {*begun, *held}
    return sum(_follow_all(chunk) for chunk in _batches(mentors))


def _batches(person_ids: Collection[UUID]) -> Iterator[list[UUID]]:
    """The keys in order, a few hundred at a time."""
    found = sorted(person_ids)
    return (found[start : start + CHUNK] for start in range(0, len(found), CHUNK))


@transaction.atomic
def _follow_all(person_ids: Collection[UUID], *, room: int | None = None) -> int:
    """Lock the listings, then read what they have to say: whoever comes last sees everything."""
    listings = _locked(person_ids)
    if len(listings) < len(person_ids):
        begun = Profile.objects.filter(role=Audience.MENTOR, person_id__in=person_ids)
        Listing.objects.bulk_create(
            [
                Listing(person_id=person_id)
                for person_id in begun.values_list("person_id", flat=True)
                if person_id not in listings
            ],
            ignore_conflicts=True,
        )
        listings = _locked(person_ids)
    if not listings:
        return 0
    keys = queries.indexed_keys()
    profiles = {
        profile.person_id: profile
        for profile in Profile.objects.filter(role=Audience.MENTOR, person_id__in=listings)
    }
    people = Person.objects.only("is_active", "is_mentor", "membership").filter(pk__in=listings)
    people = people.select_related("membership")
    changed = [
        listings[person.pk]
        for person in people
        if _follow(listings[person.pk], person, profiles.get(person.pk), keys, room)
    ]
    if changed:
        Listing.objects.bulk_update(changed, ["tokens", "listed", "taken", "room", "updated_at"])
    return len(changed)


def _locked(person_ids: Collection[UUID]) -> dict[UUID, Listing]:
    found = Listing.objects.select_for_update().filter(person_id__in=person_ids)
    return {listing.person_id: listing for listing in found.order_by("person_id")}


def _follow(
    listing: Listing,
    person: Person,
    profile: Profile | None,
    keys: Collection[str],
    room: int | None,
) -> bool:
    """Write what the listing has to say into it; tells whether that was news."""
    before = (listing.tokens, listing.listed, listing.taken, listing.room)
    capacity = capacity_of(profile)
    if room is not None:
        listing.taken = max(0, capacity - room)
    listing.room = max(0, capacity - listing.taken) if room is None else room
    listing.tokens = tokens_of(keys, profile.answers) if profile else []
    listing.listed = bool(
        profile
        and profile.complete
        and profile.available
        and person.is_active
        and person.is_mentor
        and standing_of(person).may_ask
    )
    if before == (listing.tokens, listing.listed, listing.taken, listing.room):
        return False
    listing.updated_at = now()
    return True


def tell_search(person: Person) -> None:
    """Tell that somebody looked for a mentor, once a day and person. Nothing of what they wanted.

    Without the cache every search is told: whoever listens takes a repetition.
    """
    try:
        first = bool(cache.add(f"searched:{person.pk}:{now():%Y-%m-%d}", 1, A_DAY))
    except RedisError:
        first = True
    if first:
        with transaction.atomic():
            tell(MentorsSearched(person_id=person.pk))
