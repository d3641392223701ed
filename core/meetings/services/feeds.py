"""A person's calendar feed is made, renewed, given up (product D6)."""

from django.db import transaction

from core.accounts.models import Person
from core.kernel import audit
from core.kernel.clock import now
from core.meetings.models import CalendarFeed, new_key


@transaction.atomic
def renew_feed(person: Person) -> CalendarFeed:
    """Give the person a new address; the old one, if there was one, opens nothing any more."""
    feed, made = CalendarFeed.objects.select_for_update().get_or_create(person=person)
    if not made:
        feed.key, feed.made_at = new_key(), now()
        feed.save()
    audit.record("calendar feed made" if made else "calendar feed renewed", thing=feed, by=person)
    return feed


@transaction.atomic
def revoke_feed(person: Person) -> None:
    """Close the address for good. Nothing happens when there is none."""
    feed = CalendarFeed.objects.select_for_update().filter(person=person).first()
    if feed is not None:
        audit.record("calendar feed closed", thing=feed, by=person)
        feed.delete()
