"""What other rooms change and mentorships have to answer for."""

from typing import Any

from django.db.models.signals import post_save
from django.dispatch import receiver
from django.urls import reverse

from core.accounts.events import AccountClosing, AccountEdited, PersonBlocked
from core.accounts.models import Person, Role
from core.accounts.queries import offer_next_step
from core.kernel.events import receives
from core.mentorships import queries, services
from core.mentorships.errors import RoleInUse
from core.messaging.events import MessageSent
from core.messaging.models import Message
from core.profiles.models import Profile
from core.profiles.rules import Audience
from core.programme.queries import words


@receiver(post_save, sender=Profile)
def count_places(instance: Profile, created: bool, **kwargs: Any) -> None:
    """A mentor takes more or fewer mentees than before; staff pages save profiles too."""
    if instance.role == Audience.MENTOR and not created:
        services.count_places(instance.person, instance)


@receives(MessageSent)
def keep_time(event: MessageSent) -> None:
    """A message of the mentor's stops the clock, the mentee's answer lets it go on (C5)."""
    message = Message.objects.select_related("conversation", "sender").get(pk=event.message_id)
    sender, pair = message.sender, message.conversation
    other = Person.objects.get(pk=pair.second_id if sender.pk == pair.first_id else pair.first_id)
    services.pause(mentor=sender, mentee=other)
    services.resume(mentor=other, mentee=sender)


@receives(AccountEdited)
def keep_role_in_use(event: AccountEdited) -> None:
    """Refuse to drop a role in which something is open: the other person would be left alone."""
    if not event.roles_dropped:
        return
    person = Person.objects.get(pk=event.person_id)
    for role in sorted(event.roles_dropped):
        if count := queries.open_count(person, role):
            ask = words()["request"]
            raise RoleInUse(
                f"You have {count} open {ask.singular if count == 1 else ask.plural} or "
                f"relationship{'' if count == 1 else 's'} as a {words()[role].singular}. "
                "Answer, withdraw or complete them first."
            )


@offer_next_step(order=20)
def find_a_mentor(person: Person, role: Role) -> str | None:
    """A mentee who has never asked anybody begins with the search."""
    if role == "mentee" and not queries.as_mentee(person).exists():
        return reverse("matching:search")
    return None


@receives(PersonBlocked)
def part_the_two(event: PersonBlocked) -> None:
    """Whatever is open between the two ends now, as an end like any other (product D10)."""
    people = Person.objects.in_bulk([event.blocker_id, event.blocked_id])
    blocker, blocked = people[event.blocker_id], people[event.blocked_id]
    services.leave_all(queries.open_among(blocker, blocked), by=blocker)


@receives(AccountClosing)
def leave_everything(event: AccountClosing) -> None:
    """Withdraw from every relationship; the partners are told as in any other case (A10)."""
    person = Person.objects.get(pk=event.person_id)
    services.leave_for_good(person, by_team=event.by_team)
