"""What became of one ask of the demo: a way through the lifecycle, at the times it took."""

import random
from datetime import datetime, timedelta

from django.db import transaction

from config.demo import cast, journeys
from core.accounts.models import Person
from core.kernel import clock
from core.kernel.errors import RuleBroken
from core.mentorships import queries, services
from core.mentorships.models import Mentorship
from core.mentorships.rules import Reason
from core.programme.queries import policies


def story(dice: random.Random, mentor: Person, mentee: Person, ending: str, at: datetime) -> None:
    """One ask and what came of it; what a rule of the institute forbids is left out."""
    offered = [area.key for area in queries.areas(queries.area_field(), None)]
    today = clock.now()
    if ending == "wait":
        at = today - timedelta(days=dice.randint(0, 13), hours=dice.randint(1, 20))
    answered = min(at + timedelta(days=dice.randint(1, 9)), today)
    over = min(answered + timedelta(days=dice.randint(60, 120)), today)
    try:
        with transaction.atomic():
            with clock.frozen(at):
                mentorship = services.send(
                    mentor=mentor,
                    area=dice.choice(offered) if offered else "",
                    statement=dice.choice(cast.STATEMENTS),
                    by=mentee,
                )
            with clock.frozen(at + timedelta(days=22) if ending == "lapse" else answered):
                _answer(dice, mentorship, ending)
            with clock.frozen(over):
                _end(dice, mentorship, ending)
    except RuleBroken:
        return


def _answer(dice: random.Random, mentorship: Mentorship, ending: str) -> None:
    mentor, mentee = mentorship.mentor, mentorship.mentee
    more = {
        "area": mentorship.area,
        "statement": f"{mentorship.statement} An hour every three weeks would suit me well.",
    }
    match ending:
        case "accept" | "complete" | "end":
            services.accept(mentorship, by=mentor)
        case "decline":
            reason, note = dice.choice(list(Reason)), dice.choice(cast.DECLINES)
            services.decline(mentorship, reason=reason, note=note, by=mentor)
        case "withdraw" | "reopen":
            services.withdraw(mentorship, by=mentee)
            if ending == "reopen":
                services.reopen(mentorship, **more, by=mentee)
        case "edit":
            services.edit(mentorship, **more, by=mentee)
        case "changes" if policies().negotiation == "ask_for_changes":
            note = "What would you like to be able to do in half a year? A line on that would help."
            services.ask_changes(mentorship, note=note, by=mentor)
        case "lapse":
            services.climb()


def _end(dice: random.Random, mentorship: Mentorship, ending: str) -> None:
    mentor, mentee = mentorship.mentor, mentorship.mentee
    if ending == "end":
        services.end(mentorship, reason="A new post in another country.", by=mentee)
    elif ending == "complete":
        journeys.walk(dice, mentorship, clock.now())
        match policies().who_completes:
            case "each":
                services.mark_done(mentorship, by=mentor)
            case "mentor_when_asked":
                services.mark_done(mentorship, by=mentee)
                services.complete(mentorship, by=mentor)
                return
        services.complete(mentorship, by=mentee)
