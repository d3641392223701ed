"""The programme team brings people together: two by hand, or a whole pool at once (product F4).

One door for both: the same obstacles, the same step, the same mails.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from core.accounts.models import Person
from core.accounts.queries import blocked_ids_of_all
from core.accounts.services import lock
from core.kernel.clock import now
from core.kernel.events import tell
from core.mentorships import errors, events, rules, states
from core.mentorships.models import Mentorship, WaitingPlace
from core.mentorships.services.asking import label_of
from core.mentorships.services.places import count_places
from core.mentorships.services.steps import keep_revision, write_down
from core.mentorships.states import OPEN, UNANSWERED, Action, Role, State
from core.profiles.models import Profile
from core.programme.queries import policies, words
from core.programme.rules import Words

Pair = tuple[UUID, UUID]
"""The keys of a mentor and a mentee."""


@dataclass(frozen=True)
class Match:
    """Two people whom the team brings together. `area` is an option key of the field of areas."""

    mentor: Person
    mentee: Person
    area: str
    statement: str

    @property
    def pair(self) -> Pair:
        return self.mentor.pk, self.mentee.pk


def match(
    *, mentor: Person, mentee: Person, area: str, statement: str, at_once: bool, by: Person
) -> Mentorship:
    """Bring two together: `at_once`, or by asking the mentor in the mentee's stead.

    Errors: NotTheirs, AreaUnknown, MatchRefused with the sentence of `obstacles`. Nothing is
    written then.
    """
    (made,) = match_all([Match(mentor, mentee, area, statement)], at_once=at_once, by=by)
    return made


def match_all(
    matches: Sequence[Match],
    *,
    at_once: bool,
    by: Person,
    told: Callable[[int], None] = lambda done: None,
) -> list[Mentorship]:
    """The same for many in one transaction: all of them or none. `told` hears how many are done.

    Errors: those of `match`.
    """
    if not (by.is_active and by.is_staff):
        raise errors.NotTheirs("There is nothing here that you can do.")
    action = Action.MATCH if at_once else Action.PROPOSE
    with transaction.atomic():
        lock(*{person for one in matches for person in (one.mentor, one.mentee)})
        found = obstacles([one.pair for one in matches], at_once=at_once, by=by)
        for sentence in found.values():
            raise errors.MatchRefused(sentence)
        labels = {area: label_of(area) if area else "" for area in {one.area for one in matches}}
        made = []
        for one in matches:
            made.append(_made(one, labels[one.area], action, by))
            told(len(made))
        if at_once:
            for mentor in {one.mentor.pk: one.mentor for one in matches}.values():
                count_places(mentor)
        event = events.MatchesMade if at_once else events.MatchesProposed
        tell(event(mentorship_ids=tuple(one.pk for one in made), by_id=by.pk))
    return made


def obstacles(pairs: Collection[Pair], *, at_once: bool, by: Person) -> dict[Pair, str]:
    """Which of these the team cannot bring together now, each with a sentence; six queries.

    Pairs are taken one after another: the third mentee of a mentor with two places is refused.
    Keys of people that there are not are refused too.
    """
    keys = {key for pair in pairs for key in pair}
    known = _known(keys)
    refused, promised, asked = {}, Counter[UUID](), Counter[UUID]()
    for pair in pairs:
        sentence = _obstacle(pair, known, promised, asked, at_once=at_once, by=by)
        if sentence:
            refused[pair] = sentence
        else:
            promised[pair[0]] += 1
            asked[pair[1]] += 1
            known.open.add(pair)
    return refused


@dataclass(frozen=True)
class _Known:
    """What decides about pairs, as the database has it now."""

    people: dict[UUID, Person]
    profiles: dict[tuple[UUID, str], Profile]
    blocked: dict[UUID, set[UUID]]
    open: set[Pair]
    words: Words
    limit: int | None
    usual: int
    mentees: dict[UUID, int]
    waiting: dict[UUID, int]


def _known(keys: Collection[UUID]) -> _Known:
    people = Person.objects.in_bulk(keys)
    rows = Mentorship.objects.all()
    between = rows.filter(mentor__in=keys, mentee__in=keys, state__in=OPEN)
    active = rows.filter(mentor__in=keys, state=State.ACTIVE).order_by()
    waiting = rows.filter(mentee__in=keys, state__in=UNANSWERED).order_by()
    return _Known(
        people=people,
        profiles={
            (one.person_id, one.role): one for one in Profile.objects.filter(person__in=keys)
        },
        blocked=blocked_ids_of_all(people.values()),
        words=words(),
        limit=policies().open_request_limit,
        usual=policies().default_capacity,
        open=set(between.values_list("mentor_id", "mentee_id")),
        mentees=dict(active.values_list("mentor").annotate(number=Count("pk"))),
        waiting=dict(waiting.values_list("mentee").annotate(number=Count("pk"))),
    )


def _obstacle(
    pair: Pair,
    known: _Known,
    promised: Counter[UUID],
    asked: Counter[UUID],
    *,
    at_once: bool,
    by: Person,
) -> str:
    """Why these two cannot be brought together, or an empty text."""
    ask = known.words["request"]
    mentor, mentee = known.people.get(pair[0]), known.people.get(pair[1])
    if mentor is None or mentee is None:
        return "One of the two has no account here."
    if mentor.pk == mentee.pk:
        return f"{mentor.full_name} cannot be their own {known.words['mentor'].singular}."
    if by.pk in pair:
        return "You are one of the two. Somebody else of the team has to match you."
    for person, role in ((mentee, "mentee"), (mentor, "mentor")):
        wants = person.is_mentee if role == "mentee" else person.is_mentor
        profile = known.profiles.get((person.pk, role))
        spoken = known.words[role].form("article")
        if not person.is_active:
            return f"The account of {person.full_name} is not in use."
        if not wants:
            return f"{person.full_name} does not want to be {spoken}."
        if profile is None or not profile.complete:
            return f"{person.full_name} has not completed their profile as {spoken}."
    profile = known.profiles[mentor.pk, "mentor"]
    if mentee.pk in known.blocked[mentor.pk]:
        return "One of the two has blocked the other."
    if pair in known.open:
        return (
            f"{mentor.full_name} and {mentee.full_name} have an open {ask.singular} or "
            "relationship already."
        )
    if not profile.available:
        return f"{mentor.full_name} is not available at present."
    taken = known.mentees.get(mentor.pk, 0) + promised[mentor.pk]
    capacity = known.usual if profile.capacity is None else profile.capacity
    if rules.is_full(capacity, taken):
        return f"{mentor.full_name} has no place left."
    limit = known.limit
    unanswered = known.waiting.get(mentee.pk, 0) + asked[mentee.pk]
    if not at_once and limit is not None and unanswered >= limit:
        return (
            f"{mentee.full_name} has as many {ask.plural} waiting for an answer as can be open "
            "at once."
        )
    return ""


def _made(one: Match, label: str, action: Action, by: Person) -> Mentorship:
    at = now()
    mentorship = Mentorship.objects.create(
        mentor=one.mentor,
        mentee=one.mentee,
        state=states.next_state(None, action),
        area=one.area,
        area_label=label,
        statement=one.statement.strip(),
        by_team=True,
        sent_at=at,
        changed_at=at,
        waiting_since=at,
        answered_at=at if action is Action.MATCH else None,
    )
    WaitingPlace.objects.filter(mentor=one.mentor, mentee=one.mentee).delete()
    revision = keep_revision(mentorship)
    write_down(mentorship, action, before=None, by=by, role=Role.STAFF, revision=revision)
    return mentorship
