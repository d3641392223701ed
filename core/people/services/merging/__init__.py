"""Two accounts of one person are made one (product F4): what moves, what is refused, what ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.db.models import Q
from django.urls import reverse

from core.accounts.events import AccountEdited, PersonDeactivated
from core.accounts.models import KeptApart, Person
from core.accounts.services import lock
from core.diary.models import Draft as DiaryDraft
from core.kernel import audit
from core.kernel.clock import now
from core.kernel.errors import RuleBroken
from core.kernel.events import tell
from core.kernel.links import absolute
from core.matching.services import relist
from core.mentorships.models import Mentorship
from core.mentorships.services import count_places
from core.mentorships.states import OPEN
from core.messaging.models import Conversation
from core.people.services.merging.choosing import (
    CLOSED,
    KEPT,
    Choice,
    choices,
    decided,
    profiles_of,
    united,
)
from core.people.services.merging.talks import merge_talks
from core.people.services.merging.walking import move_all, pointers
from core.profiles import queries as profile_queries
from core.profiles.events import ProfileSaved
from core.programme.queries import words
from core.programme.services import write_mail
from core.security.models import StandIn

__all__ = ["CLOSED", "KEPT", "Choice", "Preview", "keep_apart", "merge", "preview"]


@dataclass(frozen=True)
class Preview:
    """What a merge would do. `obstacles` are sentences; with one of them nothing is merged."""

    kept: Person
    closed: Person
    choices: list[Choice]
    moves: list[tuple[str, int]]
    obstacles: list[str]


def preview(kept: Person, closed: Person, *, by: Person) -> Preview:
    """What merging `closed` into `kept` would move, ask and refuse. Changes nothing."""
    moves: dict[str, int] = {}
    for one in pointers():
        if one.rule.called and (count := one.rows(closed).count()):
            moves[one.rule.called] = moves.get(one.rule.called, 0) + count
    return Preview(
        kept, closed, choices(kept, closed), sorted(moves.items()), _obstacles(kept, closed, by)
    )


@transaction.atomic
def merge(kept: Person, closed: Person, *, chosen: Mapping[str, str], by: Person) -> Person:
    """Make one account of two: all of it or nothing; both addresses are told by mail.

    In: `chosen` holds "closed" for each choice (by name) where the closed account's word counts.
    Out: the kept account as it is now. Errors: RuleBroken with every obstacle in its message.
    """
    pair = Q(mentor__in=(kept, closed)) | Q(mentee__in=(kept, closed))
    partners = Mentorship.objects.filter(pair, state__in=OPEN).values_list("mentor", "mentee")
    ids = {kept.pk, closed.pk, *(key for two in partners for key in two)}
    lock(*Person.objects.filter(pk__in=ids))
    held = Person.objects.select_for_update().order_by("pk").in_bulk([kept.pk, closed.pk])
    kept, closed = held[kept.pk], held[closed.pk]
    if obstacles := _obstacles(kept, closed, by):
        raise RuleBroken(" ".join(obstacles))
    old_address, fields = closed.email, decided(kept, closed, chosen)
    roles_before = set(kept.roles)
    _unite_profiles(kept, closed, chosen)
    _join_diary_drafts(kept, closed)
    messages = merge_talks(kept, closed)
    moved = move_all(kept, closed)
    _close(closed, kept)
    _take_over(kept, closed, fields, old_address)
    audit.record(
        "people merged",
        thing=kept,
        by=by,
        closed=str(closed.pk),
        closed_name=closed.full_name,
        chosen=sorted(name for name, side in chosen.items() if side == CLOSED),
        moved={**moved, "messaging.Message.sender": messages},
    )
    audit.record("merged into another account", thing=closed, by=by, kept=str(kept.pk))
    tell(PersonDeactivated(person_id=closed.pk))
    added = frozenset(set(kept.roles) - roles_before)
    tell(AccountEdited(person_id=kept.pk, roles_added=added))
    if kept.is_mentor:
        count_places(kept)
    relist(kept)
    _tell_both(kept, old_address)
    return kept


@transaction.atomic
def keep_apart(one: Person, other: Person, *, by: Person) -> None:
    """Say that two alike accounts are two people: they are not proposed again. Safe to repeat."""
    first, second = sorted((one, other), key=lambda person: person.pk)
    _, made = KeptApart.objects.get_or_create(
        one=first, other=second, defaults={"by_name": by.full_name}
    )
    if made:
        audit.record("kept apart", thing=first, by=by, other=str(second.pk))


def _obstacles(kept: Person, closed: Person, by: Person) -> list[str]:
    """Why the two cannot be merged, in sentences; nothing when they can."""
    if kept.pk == closed.pk:
        return ["This is one account already."]
    found = []
    for one in (kept, closed):
        if one.is_operator or not one.is_active:
            found.append(f"The account of {one.full_name} ({one.username}) is closed.")
    if closed.is_staff or closed.is_superuser:
        found.append(
            f"The account {closed.username} is on the programme team. Take it off the team first, "
            "or keep that account."
        )
    if (kept.is_staff or kept.is_superuser) and not by.is_superuser:
        found.append(
            f"The account {kept.username} is on the programme team: only the head of the team "
            "merges another one into it."
        )
    ask = words()["request"].singular
    with_each_other = Q(mentor=kept, mentee=closed) | Q(mentor=closed, mentee=kept)
    first, second = sorted((kept.pk, closed.pk))
    if Mentorship.objects.filter(with_each_other).exists():
        an_ask = words()["request"].form("article")
        found.append(f"The two have {an_ask} or relationship with each other.")
    elif Conversation.objects.filter(first_id=first, second_id=second).exists():
        found.append("The two have written to each other.")
    for role, partner in (("mentor", "mentee"), ("mentee", "mentor")):
        open_now = Mentorship.objects.filter(state__in=OPEN)
        mine = set(open_now.filter(**{role: kept}).values_list(partner, flat=True))
        both = open_now.filter(**{role: closed, f"{partner}__in": mine})
        for name in both.values_list(f"{partner}__first_name", f"{partner}__last_name"):
            found.append(
                f"Both accounts have an open {ask} or relationship with {' '.join(name).strip()}. "
                "End one of the two first."
            )
    return found


def _unite_profiles(kept: Person, closed: Person, chosen: Mapping[str, str]) -> None:
    for role, (own, other) in profiles_of(kept, closed).items():
        if other is None:
            continue
        setattr(kept, f"is_{role}", True)
        if own is None:
            other.person = kept
            other.save(update_fields=["person"])
            own = other
        else:
            own.answers = united(own, other, chosen)
            own.complete = own.complete or not profile_queries.missing(own)
            own.completed_at = own.completed_at or (now() if own.complete else None)
            own.updated_at = now()
            own.save()
        tell(ProfileSaved(profile_id=own.pk))


def _join_diary_drafts(kept: Person, closed: Person) -> None:
    """What is not saved yet is not lost: two drafts of a new entry become one."""
    for draft in DiaryDraft.objects.filter(writer=closed):
        own = DiaryDraft.objects.filter(writer=kept, entry=draft.entry).first()
        if own is None:
            draft.writer = kept
            draft.save(update_fields=["writer"])
            continue
        own.title = own.title or draft.title
        own.text = "\n\n".join(text for text in (own.text, draft.text) if text.strip())
        own.save(update_fields=["title", "text"])
        draft.delete()


def _close(closed: Person, kept: Person) -> None:
    """Nobody gets into the closed account again; its address is free for the kept one."""
    for session in UserSession.objects.filter(user=closed):
        session.end()
    open_stand_ins = StandIn.objects.filter(person=kept, ended_at=None, ends_at__gt=now())
    open_stand_ins.update(ended_at=now())
    closed.closed_at = closed.last_closed_at = now()
    closed.is_active, closed.closed_by_owner, closed.merged_into = False, False, kept
    closed.is_mentor = closed.is_mentee = False
    closed.email = f"{closed.pk.hex}@merged.invalid"
    closed.set_unusable_password()
    closed.save(
        update_fields=[
            "is_active", "closed_at", "last_closed_at", "closed_by_owner", "merged_into",
            "is_mentor", "is_mentee", "email", "password",
        ]
    )  # fmt: skip


def _take_over(kept: Person, closed: Person, fields: dict[str, Any], old_address: str) -> None:
    """The account's own fields; the other address stays good for signing in."""
    for name, value in fields.items():
        setattr(kept, name, value)
    kept.is_mentor = kept.is_mentor or bool(kept.profiles.filter(role="mentor").exists())
    kept.is_mentee = kept.is_mentee or bool(kept.profiles.filter(role="mentee").exists())
    kept.joined_at = min(kept.joined_at, closed.joined_at)
    kept.save(update_fields=[*fields, "is_mentor", "is_mentee", "joined_at"])
    addresses = EmailAddress.objects.filter(user__in=(kept, closed))
    addresses.filter(verified=False).delete()
    addresses.update(primary=False)
    addresses.filter(user=closed).update(user=kept)
    mine = EmailAddress.objects.filter(user=kept, email__iexact=kept.email)
    if not mine.update(primary=True):
        EmailAddress.objects.create(user=kept, email=kept.email, verified=True, primary=True)


def _tell_both(kept: Person, old_address: str) -> None:
    addresses = dict.fromkeys((kept.email, old_address))
    for address in addresses:
        write_mail(
            template="mails/people_merged",
            to=(kept.full_name, address),
            kind="people_merged",
            about=kept,
            context={
                "address": kept.email,
                "username": kept.username,
                "page": absolute(reverse("front")),
            },
        )
