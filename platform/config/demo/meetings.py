"""When the people of a demo institute met, will meet, and what they noted down."""

from datetime import datetime, time, timedelta
from random import Random

from core.accounts.models import Person
from core.kernel import clock
from core.meetings import rules, services
from core.meetings.models import Meeting
from core.mentorships.models import Mentorship
from core.mentorships.states import State

TITLES = ("First conversation", "Looking at the last month", "A talk about the next step")
PLACES = ("Telephone", "Café Lorne, near the station", "Your office")
DETAILS = (
    "I would like to talk about how to lead a meeting in which everybody speaks. I will bring the "
    "notes of the last one."
)
SHARED = "Agreed: we meet every three weeks. Until then: three Friday pages, however short."
PRIVATE = "Ask next time how the talk with the team went. Do not give advice too soon."


def fill(dice: Random, known: dict[str, Person], at: datetime) -> None:
    """Past meetings with notes, coming ones of the known people, one cancelled; those of `both`
    have not arranged anything yet."""
    active = Mentorship.objects.filter(state=State.ACTIVE).select_related("mentor", "mentee")
    for mentorship in active.exclude(mentor=known["both"]).order_by("sent_at", "id"):
        begun = mentorship.answered_at or at
        for number in range(dice.randint(1, 2)):
            day = begun + timedelta(days=4 + 21 * number)
            if day < at - timedelta(days=1):
                _met(mentorship, number, arranged=begun + timedelta(days=21 * number), day=day)
        if {mentorship.mentor_id, mentorship.mentee_id} & {one.pk for one in known.values()}:
            _coming(mentorship, at)


def _met(mentorship: Mentorship, number: int, *, arranged: datetime, day: datetime) -> None:
    with clock.frozen(arranged):
        meeting = _arrange(mentorship, mentorship.mentee, TITLES[number], day, PLACES[number])
    with clock.frozen(meeting.ends_at + timedelta(hours=2)):
        services.write_note(meeting, by=mentorship.mentee, body=SHARED, shared=True)
        services.write_note(meeting, by=mentorship.mentor, body=PRIVATE, shared=False)


def _coming(mentorship: Mentorship, at: datetime) -> None:
    with clock.frozen(at - timedelta(days=2)):
        soon = at + timedelta(days=3)
        _arrange(mentorship, mentorship.mentee, TITLES[2], soon, "", details=DETAILS)
        later = at + timedelta(days=24)
        dropped = _arrange(mentorship, mentorship.mentor, TITLES[1], later, PLACES[1])
    with clock.frozen(at - timedelta(days=1)):
        services.cancel(dropped, by=mentorship.mentor)


def _arrange(
    mentorship: Mentorship, by: Person, title: str, day: datetime, place: str, details: str = ""
) -> Meeting:
    zone = rules.zone_named(by.time_zone)
    plan = rules.Plan(
        title=title,
        starts_at=rules.moment(day.astimezone(zone).date(), time(14), zone),
        minutes=60,
        time_zone=zone.key,
        place=place,
        details=details,
        is_video=not place,
    )
    return services.arrange(mentorship, by=by, plan=plan, send=True)
