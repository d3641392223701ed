"""Makes a demo institute's people, their profiles and what happened between them.

All through the services that the pages use, so rules, history, audit and mails are as real as the
people are invented. One transaction an institute: stopped in the middle, nothing is left.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F

from config.demo import (
    canvases,
    cast,
    consents,
    diaries,
    enquiries,
    feedback,
    goals,
    guides,
    journeys,
    meetings,
    news,
    talks,
    visits,
)
from config.demo.stories import story
from core.accounts.models import Person
from core.accounts.services import create_person
from core.kernel import clock
from core.kernel.models import MailState, OutboxMail
from core.mentorships import services
from core.messaging.models import Side
from core.profiles.models import Field
from core.profiles.queries import form_of
from core.profiles.rules import Kind
from core.profiles.services import save_profile
from core.programme.queries import read_once
from core.resources.queries import unread_required
from core.resources.services import mark_read
from tenants.context import tenant_context
from tenants.models import Institute

PASSWORD = "a-walk-by-the-sea"  # noqa: S105 - printed by the demo for everybody
KNOWN = {
    "mentee": ("mentee",),
    "mentor": ("mentor",),
    "both": ("mentor", "mentee"),
    "staff": (),
}
Progress = Callable[[], None]


@dataclass(frozen=True)
class Size:
    """How many people an institute gets beside the known ones, and how many stories."""

    mentors: int = 40
    mentees: int = 25
    every_story: int = 1

    @property
    def steps(self) -> int:
        """Out: how often ``progress`` is called for one institute."""
        return len(KNOWN) + self.mentors + self.mentees


FULL = Size()
FEW = Size(mentors=8, mentees=9, every_story=4)


@dataclass
class Cast:
    """The people of one institute while they are made."""

    size: Size
    dice: random.Random
    known: dict[str, Person] = field(default_factory=dict)
    mentors: list[Person] = field(default_factory=list)
    mentees: list[Person] = field(default_factory=list)


def populate(institute: Institute, progress: Progress = lambda: None, *, size: Size = FULL) -> bool:
    """Fill an institute that has no people yet; False when it has."""
    with tenant_context(institute), read_once(), transaction.atomic():
        if Person.objects.filter(username__in=KNOWN).exists():
            return False
        chosen = Cast(size, dice=random.Random(institute.slug))  # noqa: S311 - the same people each time
        at = clock.now()
        for username, roles in KNOWN.items():
            with clock.frozen(at - timedelta(days=chosen.dice.randint(200, 700))):
                _known_person(chosen, institute.slug, username, roles)
            progress()
        for role, wanted in (("mentor", size.mentors), ("mentee", size.mentees)):
            for _ in range(wanted):
                with clock.frozen(at - timedelta(days=chosen.dice.randint(1, 700))):
                    _some_person(chosen, institute.slug, role)
                progress()
        consents.fill(at)
        _stories(chosen, at)
        talks.fill(chosen.dice, chosen.known, chosen.mentors, at)
        meetings.fill(chosen.dice, chosen.known, at)
        journeys.fill(chosen.dice, chosen.known, at)
        feedback.fill(chosen.dice, chosen.known, at)
        goals.fill(chosen.dice, chosen.known, at)
        canvases.fill(chosen.dice, chosen.known, at)
        diaries.fill(chosen.dice, chosen.known, at)
        enquiries.fill(chosen.known, institute.slug, at)
        guides.fill(institute.slug, chosen.known)
        news.fill(chosen.known, at)
        _all_was_told()
        _mails_went_out()
        visits.fill(chosen.dice, today=at.date())
        visits.come_back(chosen.dice, at=at)
    return True


def _known_person(chosen: Cast, slug: str, username: str, roles: tuple[str, ...]) -> None:
    person = _person(chosen, slug, username, roles)
    person.password = _known_password()
    person.save(update_fields=["password"])
    chosen.known[username] = person
    for role in roles:
        _profile(chosen, person, role)


@cache
def _known_password() -> str:
    """Hashed once: it is printed for everybody, and a good hash takes its time."""
    return make_password(PASSWORD)


def _some_person(chosen: Cast, slug: str, role: str) -> None:
    both = chosen.dice.random() < 0.08
    roles = ("mentor", "mentee") if both else (role,)
    person = _person(chosen, slug, "", roles)
    for each in roles:
        _profile(chosen, person, each)
        (chosen.mentors if each == "mentor" else chosen.mentees).append(person)


def _person(chosen: Cast, slug: str, username: str, roles: tuple[str, ...]) -> Person:
    dice = chosen.dice
    first, last = dice.choice(cast.FIRST_NAMES), dice.choice(cast.LAST_NAMES)
    name = f"{first}.{last}".lower()
    while Person.objects.filter(username=name).exists():
        first, last = dice.choice(cast.FIRST_NAMES), dice.choice(cast.LAST_NAMES)
        name = f"{first}.{last}".lower()
    return create_person(
        username=username or name,
        email=f"{name}@{slug}.example",
        first_name=first,
        last_name=last,
        job_title=dice.choice(cast.JOB_TITLES),
        organisation=dice.choice(cast.ORGANISATIONS),
        phone=f"01632 960{dice.randint(100, 999)}" if dice.random() < 0.6 else "",
        is_mentor="mentor" in roles,
        is_mentee="mentee" in roles,
        is_staff=username == "staff",
        is_superuser=username == "staff",
        joined_at=clock.now(),
    )


def _profile(chosen: Cast, person: Person, role: str) -> None:
    answers = {
        one.key: _answer(chosen.dice, one, role)
        for section in form_of(role)
        for one in section.fields
        if one.required or chosen.dice.random() < 0.85
    }
    capacity = chosen.dice.choice((1, 2, 3, 4)) if role == "mentor" else None
    if person.username in KNOWN:
        capacity = 4 if role == "mentor" else None
    save_profile(person, role, answers, by=person, capacity=capacity)
    for guide in unread_required(person, role):
        mark_read(guide, by=person)


def _answer(dice: random.Random, one: Field, role: str) -> object:
    """An answer that the field accepts."""
    options = [option.key for option in one.options.all() if option.active]
    match one.kind:
        case Kind.CHOICE:
            return dice.choice(options)
        case Kind.CHOICES:
            fewest = max(1, one.minimum or 1)
            most = min(len(options), one.maximum or 4)
            return dice.sample(options, dice.randint(min(fewest, most), most))
        case Kind.NUMBER:
            return dice.randint(one.minimum or 0, one.maximum or 30)
        case Kind.BOOLEAN:
            return dice.random() < 0.7
        case Kind.DATE:
            return (clock.today() + timedelta(days=dice.randint(7, 90))).isoformat()
        case Kind.LINK:
            return f"https://profiles.example.org/{dice.randint(1000, 9999)}"
        case Kind.SHORT_TEXT:
            return dice.choice(cast.SHORT_ANSWERS[role])[: one.max_length or 200]
        case _:
            text = " ".join(dice.sample(cast.SENTENCES[role], dice.randint(2, 4)))
            return text[: one.max_length or 4000]


def _stories(chosen: Cast, at: datetime) -> None:
    """What happened between them: asks that wait, were answered, were taken back."""
    dice = chosen.dice
    pairs = _pairs(chosen)
    endings = ["accept"] * 14 + ["decline"] * 6 + ["wait"] * 8 + ["withdraw"] * 4
    endings += ["complete"] * 16
    for ending in endings[:: chosen.size.every_story]:
        mentor, mentee = next(pairs)
        story(dice, mentor, mentee, ending, at - timedelta(days=dice.randint(2, 420)))
    known = chosen.known
    for mentor, mentee, ending, days in (
        (chosen.mentors[0], known["mentee"], "accept", 60),
        (known["both"], known["mentee"], "wait", 2),
        (chosen.mentors[1], known["mentee"], "decline", 90),
        (known["mentor"], chosen.mentees[0], "wait", 4),
        (known["mentor"], chosen.mentees[1], "wait", 1),
        (known["mentor"], chosen.mentees[2], "accept", 120),
        (known["both"], chosen.mentees[3], "accept", 30),
        (known["mentor"], known["both"], "wait", 3),
        (chosen.mentors[2], known["mentee"], "complete", 300),
        (chosen.mentors[3], known["mentee"], "lapse", 200),
        (chosen.mentors[4], known["mentee"], "end", 250),
        (chosen.mentors[5], known["mentee"], "changes", 6),
        (known["mentor"], chosen.mentees[4], "silent", 20),
        (known["mentor"], chosen.mentees[5], "edit", 5),
        (known["mentor"], chosen.mentees[6], "complete", 280),
        (known["mentor"], chosen.mentees[7], "end", 220),
        (known["mentor"], chosen.mentees[8], "reopen", 12),
    ):
        story(dice, mentor, mentee, ending, at - timedelta(days=days))
    away = chosen.mentors[6]
    services.make_unavailable(away, back_on=at.date() + timedelta(days=40), by=away)


def _pairs(chosen: Cast) -> Iterator[tuple[Person, Person]]:
    seen = set()
    while True:
        pair = chosen.dice.choice(chosen.mentors[2:]), chosen.dice.choice(chosen.mentees[4:])
        if pair[0] != pair[1] and pair not in seen:
            seen.add(pair)
            yield pair


def _all_was_told() -> None:
    """No mail about old messages is due when the demo starts."""
    Side.objects.update(mail_due_at=None)


def _mails_went_out() -> None:
    """These mails are history: they are kept to be read, and sent to nobody."""
    queued = OutboxMail.objects.filter(state=MailState.QUEUED)
    queued.update(state=MailState.SENT, sent_at=F("due_at"))
