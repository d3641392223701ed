"""What the people of a demo institute have written on their canvases."""

from datetime import datetime, timedelta
from random import Random

from core.accounts.models import Person
from core.canvases import queries, services
from core.canvases.models import Sheet
from core.canvases.rules import Given, mark
from core.kernel import clock
from core.mentorships.models import Mentorship
from core.mentorships.states import State

TEXTS = {
    "strengths": (
        "Calm when three things go wrong at once.\nI finish what I start, and people know it.",
        "I explain difficult things so that newcomers understand them.\nGood with figures.",
    ),
    "weaknesses": (
        "I say yes too quickly and then work late.\nI avoid the talk about money.",
        "Speaking up when the director is in the room.\nI redo the work of others.",
    ),
    "opportunities": (
        "Two team leaders retire next year.\nA course in the spring that the firm pays for.",
        "The new office needs somebody who knows both sides.",
    ),
    "threats": (
        "The reorganisation: nobody knows who reports to whom.\nI might get stuck as the expert.",
        "Less time for learning when the season begins.",
    ),
    "goals": (
        "Lead the Monday meeting so that it ends on time and everybody has spoken.",
        "A decision by the summer whether I apply for the post.",
    ),
    "situation": (
        "Eleven people, an hour and twenty minutes on average. Two of them do most of the talking.",
        "I have half of what the advertisement asks for, and a manager who would let me try.",
    ),
    "thinking": (
        "A shorter agenda, sent on Friday. Or standing up. Or Ines chairs every other one.",
        "Apply now and learn from the interview, or wait a year and do the course first.",
    ),
    "actions": (
        "1. Send the agenda on Friday.\n2. Ask everybody for one sentence at the start.\n"
        "3. Tell the two in private before, not after.",
        "Talk to two people who do that work, before we meet again.",
    ),
    "results": (
        "Third week: 55 minutes. Two people spoke who had not said a word since autumn.",
        "",
    ),
    "question": ("Stay in operations, or move to the new planning team by September?",),
    "one_way": ("Planning: regular hours, a new system to learn, far from the people I know.",),
    "other_way": ("Operations: the team, the noise, and the next step perhaps in two years.",),
    "staying": ("I would keep what I am good at. I would miss having tried.",),
    "matters": ("Learning something every month.\nHome before seven.\nA team that laughs.",),
    "ask": ("Somebody who moved two years ago: what do you miss?",),
    "first_step": ("Spend two days with the planning team in March.",),
}
TITLES = ("{label} before the new year", "{label}: the Monday meeting")
MENTOR_ADDS = {
    "strengths": "\n\nFrom outside: you ask the question that others leave out.",
    "thinking": "\n\nWhat would happen if you did nothing for a month?",
    "matters": "\n\nWhich of the three would you give up last?",
}


def fill(dice: Random, known: dict[str, Person], at: datetime) -> None:
    """A sheet of each pair that works together; one of every kind, and a second, of the known."""
    rows = Mentorship.objects.filter(state=State.ACTIVE)
    kinds = list(queries.designs())
    mine = {one.pk for one in known.values()}
    for mentorship in rows.select_related("mentor", "mentee").order_by("sent_at", "id"):
        begun = mentorship.answered_at or at
        chosen = kinds if {mentorship.mentor_id, mentorship.mentee_id} & mine else kinds[:1]
        for number, kind in enumerate(chosen):
            day = begun + timedelta(days=6 + 9 * number, hours=dice.randint(1, 9))
            if day < at - timedelta(days=1):
                _written(mentorship, kind, number % 2, day, at)
        if mentorship.mentee_id in mine and begun + timedelta(days=40) < at:
            _written(mentorship, kinds[0], 1, begun + timedelta(days=40), at)


def _written(mentorship: Mentorship, kind: str, way: int, day: datetime, at: datetime) -> None:
    """The mentee writes, the mentor adds a sentence two days later."""
    with clock.frozen(day):
        sheet = services.begin(mentorship, kind, by=mentorship.mentee)
        texts = {
            box.key: TEXTS[box.key][way % len(TEXTS[box.key])]
            for box in sheet.design.boxes
            if box.key in TEXTS
        }
        texts["title"] = TITLES[way].format(label=sheet.design.label)
        _save(sheet, mentorship.mentee, texts)
    with clock.frozen(min(day + timedelta(days=2), at)):
        sheet.refresh_from_db()
        adds = {
            key: str(sheet.texts[key]) + more
            for key, more in MENTOR_ADDS.items()
            if sheet.texts.get(key)
        }
        _save(sheet, mentorship.mentor, adds)


def _save(sheet: Sheet, by: Person, texts: dict[str, str]) -> None:
    standing = sheet.standing()
    given = {key: Given(text, mark(standing[key])) for key, text in texts.items()}
    services.save(sheet, given, by=by)
