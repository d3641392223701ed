"""Reading mentorships: who with whom, how they stand, what the other may see."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.formats import date_format
from django.utils.timezone import localtime

from core.accounts.models import Person
from core.accounts.queries import blocked_ids_of_all
from core.kernel.clock import now
from core.matching.queries import Result, next_closest, next_closest_for_all
from core.matching.rules import values_of
from core.mentorships import rules
from core.mentorships.models import Mentorship, MentorshipStep, Revision, WaitingPlace
from core.mentorships.states import OPEN, UNANSWERED, Action, State
from core.profiles.models import Field, Option, Profile
from core.profiles.queries import capacity_of, profile_of
from core.profiles.rules import Audience, Kind
from core.programme.queries import policies, words

CLOSEST = 3
SHOWN_CHANGES = 5
ASKED = OPEN | {State.DECLINED, State.LAPSED}
"""States after which a mentor is not offered again to the one who asked."""


@dataclass(frozen=True)
class Contact:
    """What partners learn of each other on acceptance (product D1)."""

    name: str
    email: str
    job_title: str
    organisation: str
    phone: str


@dataclass(frozen=True)
class Area:
    """One area of support that can be asked for; `offered` when the mentor names it."""

    key: str
    label: str
    offered: bool


@dataclass(frozen=True)
class Changes:
    """What was changed between two versions (product C2); empty parts stayed as they were."""

    area_before: str
    area_after: str
    statement: list[tuple[rules.Part, str]]


def with_people() -> QuerySet[Mentorship]:
    """Mentorships with both people at hand."""
    return Mentorship.objects.select_related("mentor__membership", "mentee__membership")


def of_person(person: Person, mentorship_id: UUID) -> Mentorship | None:
    """One mentorship of this person; None when it does not exist or is somebody else's."""
    found = with_people().filter(pk=mentorship_id).first()
    if found is None or person.pk not in (found.mentor_id, found.mentee_id):
        return None
    return found


def as_mentee(person: Person) -> QuerySet[Mentorship]:
    """Everything this person asked for, latest change first."""
    return with_people().filter(mentee=person)


def as_mentor(person: Person) -> QuerySet[Mentorship]:
    """Everything this person was asked, latest change first."""
    return with_people().filter(mentor=person)


def open_between(*, mentor: Person, mentee: Person) -> Mentorship | None:
    """The open mentorship in this direction; there is never more than one."""
    return Mentorship.objects.filter(mentor=mentor, mentee=mentee, state__in=OPEN).first()


def mentees_to_match(*, named: str = "", everybody: bool = False) -> QuerySet[Person]:
    """Mentees with a complete profile, longest with us first (product F4).

    Those with something open as a mentee only with `everybody`; `open_ones` says how many each has.
    """
    ready = Profile.objects.filter(role=Audience.MENTEE, complete=True, person=OuterRef("pk"))
    count = Count("mentorships_as_mentee", Q(mentorships_as_mentee__state__in=OPEN))
    found = Person.objects.filter(Exists(ready), is_active=True, is_mentee=True)
    found = found.filter(named_like(named)).annotate(open_ones=count)
    if not everybody:
        found = found.filter(open_ones=0)
    return found.order_by("joined_at", "pk")


def mentors_named(named: str) -> QuerySet[Person]:
    """Mentors whose name holds every word of `named`, by name."""
    return Person.objects.filter(named_like(named), is_active=True, is_mentor=True)


def named_like(text: str) -> Q:
    """That a person's names hold every word of the text; anybody for an empty one."""
    found = Q()
    for word in text.split()[:6]:
        found &= Q(first_name__icontains=word) | Q(last_name__icontains=word)
    return found


def asked_before(mentee: Person) -> set[UUID]:
    """Mentors whom this mentee need not be shown again: open, declined, or never answered."""
    found = Mentorship.objects.filter(mentee=mentee, state__in=ASKED)
    return set(found.values_list("mentor_id", flat=True))


def unanswered_count(mentee: Person) -> int:
    """How many asks of this mentee wait for an answer (product C8)."""
    return Mentorship.objects.filter(mentee=mentee, state__in=UNANSWERED).count()


def active_count(mentor: Person) -> int:
    """How many mentees this mentor has now."""
    return Mentorship.objects.filter(mentor=mentor, state=State.ACTIVE).count()


def open_count(person: Person, role: str) -> int:
    """How many open mentorships the person has as "mentor" or "mentee"."""
    side = {"mentor": person} if role == "mentor" else {"mentee": person}
    return Mentorship.objects.filter(state__in=OPEN, **side).count()


def room_of(mentor: Person, profile: Profile | None = None) -> int:
    """Places that the mentor has left (product B10); pass the mentor's profile if at hand."""
    profile = profile or profile_of(mentor, "mentor")
    return rules.room(capacity_of(profile), active_count(mentor))


@dataclass(frozen=True)
class Moment:
    """One line of history; `changes` says what an edit changed, for the latest few."""

    step: MentorshipStep
    changes: Changes | None = None


def history(mentorship: Mentorship) -> list[Moment]:
    """Who did what when, oldest first (product C7)."""
    steps = list(mentorship.steps.select_related("by", "revision"))
    told = [step.pk for step in steps if step.revision_id][-SHOWN_CHANGES:]
    moments, before = [], None
    for step in steps:
        changes = None
        if step.revision and before and step.pk in told:
            changes = changes_between(before, step.revision)
        before = step.revision or before
        moments.append(Moment(step, changes))
    return moments


def latest_change(mentorship: Mentorship) -> Changes | None:
    """What the last edit changed; None when nothing was edited yet."""
    last = list(mentorship.revisions.order_by("-at", "-id")[:2])
    return changes_between(last[1], last[0]) if len(last) == 2 else None


def latest_words(mentorship: Mentorship, action: Action) -> str:
    """What was said with the last step of this kind."""
    step = mentorship.steps.filter(action=action).order_by("-at", "-id").first()
    return step.note if step else ""


def has_just_done(person: Person, mentorship: Mentorship, action: Action) -> bool:
    """Whether the latest step is this one, taken by this person: they asked for it twice."""
    last = mentorship.steps.order_by("-at", "-id").first()
    return last is not None and (last.by_id, last.action) == (person.pk, action)


def changes_between(before: Revision, after: Revision) -> Changes | None:
    """What of area and statement is different; None when nothing is."""
    area = (before.area_label, after.area_label)
    same_text = before.statement == after.statement
    if area[0] == area[1] and same_text:
        return None
    return Changes(
        area_before=area[0] if area[0] != area[1] else "",
        area_after=area[1] if area[0] != area[1] else "",
        statement=[] if same_text else rules.compare(before.statement, after.statement),
    )


def contact_of(partner: Person) -> Contact:
    """A person's contact details. Ask `permissions.may_see_contact` first."""
    return Contact(
        name=partner.full_name,
        email=partner.email,
        job_title=partner.job_title,
        organisation=partner.organisation,
        phone=partner.phone,
    )


def area_field() -> Field | None:
    """The institute's field of areas of support, if it has one (product C1)."""
    return (
        Field.objects.filter(
            key=rules.AREA_FIELD,
            active=True,
            kind__in=[Kind.CHOICE, Kind.CHOICES],
        )
        .exclude(audience=Audience.MENTOR)
        .first()
    )


def areas(field: Field | None, mentor_profile: Profile | None) -> list[Area]:
    """The areas that can be asked for, in the institute's order."""
    if field is None:
        return []
    answer = mentor_profile.answers.get(field.key) if mentor_profile else None
    offered = set(answer) if isinstance(answer, list) else {answer}
    return [
        Area(option.key, option.label, option.key in offered)
        for option in Option.objects.filter(field=field, active=True)
    ]


def others_of(mentorship: Mentorship) -> QuerySet[Mentorship]:
    """What else either of the two has open, or had with the other; latest change first."""
    mentor, mentee = mentorship.mentor_id, mentorship.mentee_id
    theirs = Q(mentor__in=[mentor, mentee]) | Q(mentee__in=[mentor, mentee])
    both = Q(mentor__in=[mentor, mentee], mentee__in=[mentor, mentee])
    found = with_people().filter(theirs).filter(Q(state__in=OPEN) | both)
    return found.exclude(pk=mentorship.pk)


def areas_between(pairs: Collection[tuple[UUID, UUID]]) -> dict[tuple[UUID, UUID], str]:
    """For mentors and mentees the first area that both name, else the mentee's first, else ""."""
    field = area_field()
    order = [one.key for one in areas(field, None)]
    named = {
        (one.person_id, one.role): values_of(one.answers.get(field.key)) if field else set()
        for one in Profile.objects.filter(person__in={key for pair in pairs for key in pair})
    }
    found = {}
    for pair in pairs:
        offered = named.get((pair[0], Audience.MENTOR.value), frozenset())
        sought = [key for key in order if key in named.get((pair[1], Audience.MENTEE.value), ())]
        found[pair] = next((key for key in sought if key in offered), "") or "".join(sought[:1])
    return found


def waiting_for(person: Person, mentorships: Iterable[Mentorship]) -> list[Mentorship]:
    """Those that wait for this person's answer."""
    return [
        one
        for one in mentorships
        if (one.state == State.PROPOSED and one.mentor_id == person.pk)
        or (one.state == State.CHANGES_ASKED and one.mentee_id == person.pk)
    ]


def waiting_elsewhere(person: Person, role: str | None) -> int:
    """How many wait for this person in the other role than the one in force (product A8)."""
    if role == "mentor":
        return Mentorship.objects.filter(mentee=person, state=State.CHANGES_ASKED).count()
    return Mentorship.objects.filter(mentor=person, state=State.PROPOSED).count()


def standing(mentorship: Mentorship) -> str:
    """How it stands, as a sentence for a page that has to refuse something."""
    ask = words()["request"].singular
    on = date_format(localtime(mentorship.changed_at), "j F Y")
    mentor, mentee = mentorship.mentor.full_name, mentorship.mentee.full_name
    match State(mentorship.state):
        case State.PROPOSED:
            return f"This {ask} is waiting for an answer from {mentor}."
        case State.CHANGES_ASKED:
            return f"This {ask} is with {mentee}, who was asked for changes on {on}."
        case State.ACTIVE:
            return f"This {ask} was accepted on {on}."
        case State.COMPLETED:
            return f"This relationship was completed on {on}."
        case State.DECLINED:
            return f"This {ask} was declined on {on}."
        case State.WITHDRAWN:
            return f"This {ask} was withdrawn on {on}."
        case State.LAPSED:
            return f"This {ask} was withdrawn on {on} because there was no answer."
        case State.ENDED:
            return f"This relationship ended on {on}."


def full(mentor: Person, reader: Person) -> str:
    """That a mentor has no place left, in words for whoever reads it."""
    if reader.pk == mentor.pk:
        return (
            "You have as many mentees as you said you can take. Raise the number in your profile "
            "to accept another."
        )
    return f"{mentor.full_name} has no place for another mentee at present."


def waits_for(mentee: Person, mentor: Person) -> bool:
    """Whether the mentee is on the mentor's waiting list (product B10)."""
    return WaitingPlace.objects.filter(mentor=mentor, mentee=mentee).exists()


def waiting_places(mentee: Person) -> QuerySet[WaitingPlace]:
    """The waiting lists that the mentee is on, longest wait first."""
    return WaitingPlace.objects.filter(mentee=mentee, mentor__is_active=True).select_related(
        "mentor"
    )


def open_among(one: Person, other: Person) -> list[Mentorship]:
    """What is open between two people, in either direction."""
    pair = Q(mentor=one, mentee=other) | Q(mentor=other, mentee=one)
    return list(with_people().filter(pair, state__in=OPEN))


def is_invited_back(mentorship: Mentorship) -> bool:
    """Whether the mentor's invitation to go on still waits for the mentee (product D9).

    It waits as long as an ask waits for a mentor before it lapses.
    """
    at = mentorship.invited_back_at
    return at is not None and now() < at + timedelta(days=policies().lapse_days)


def as_they_are(*people: Person) -> list[Person]:
    """The same people as the database knows them now."""
    found = Person.objects.in_bulk([one.pk for one in people])
    return [found[one.pk] for one in people]


def open_of(person: Person) -> list[Mentorship]:
    """What is open, whichever side the person is on."""
    return list(with_people().filter(Q(mentor=person) | Q(mentee=person), state__in=OPEN))


def partners_of(person: Person) -> list[Person]:
    """The people of what is open."""
    rows = open_of(person)
    return [row.mentee if row.mentor_id == person.pk else row.mentor for row in rows]


def closest_left(mentee: Person) -> list[Result]:
    """The next closest mentors with room whom this mentee has not asked yet (product C4)."""
    return next_closest(mentee, exclude=asked_before(mentee), n=CLOSEST)


def closest_left_for_all(mentees: Collection[Person]) -> dict[UUID, list[Result]]:
    """`closest_left` for many mentees at once, in as many queries as for one."""
    left_out = blocked_ids_of_all(mentees)
    asked = Mentorship.objects.filter(mentee__in=mentees, state__in=ASKED)
    for mentee_id, mentor_id in asked.values_list("mentee_id", "mentor_id"):
        left_out[mentee_id].add(mentor_id)
    return next_closest_for_all(mentees, left_out, CLOSEST)
