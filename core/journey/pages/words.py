"""What is said about stages, in the institute's words and by its policy."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localdate

from core.accounts.models import Person
from core.journey import rules
from core.journey.models import Run
from core.journey.pages.finding import Sight
from core.journey.queries import Place
from core.journey.rules import Act, Policy, Side


@dataclass(frozen=True)
class Offer:
    """What the reader can do about a stage, and what is said about it."""

    sentence: str
    mark: str
    """The words on the button that marks; empty where there is none."""
    take_back: str


def badge(sight: Sight, place: Place) -> tuple[str, str]:
    """How a stage stands, with the tone of its badge."""
    if place.standing.passed:
        return "Completed", "good"
    if place.waits_for_me:
        return "Waiting for you", "warn"
    if place.waits_for_partner:
        return f"Waiting for {called(sight.partner)}", "quiet"
    return ("You are here", "") if place.is_now else ("Ahead", "quiet")


def offer(sight: Sight, place: Place) -> Offer:
    """The buttons of a stage before the end, by policy (product E8)."""
    side, standing, who = sight.side, place.standing, sight.who_completes
    name = called(sight.partner)
    can_mark = rules.after(who, standing, side, Act.MARK) is not None
    can_undo = rules.after(who, standing, side, Act.TAKE_BACK) is not None
    return Offer(
        sentence=_sentence(side, place, who, name),
        mark=_mark(side, who, name) if can_mark else "",
        take_back=_take_back(side, place, who) if can_undo else "",
    )


def _sentence(side: Side, place: Place, who: Policy, name: str) -> str:
    standing = place.standing
    if standing.passed:
        return "This stage is completed."
    if place.waits_for_me and who is Policy.MENTOR_WHEN_ASKED:
        return f"{name} asks you to complete this stage."
    if place.waits_for_me:
        return f"{name} has marked this stage as completed. If you think so too, mark it as well."
    if place.waits_for_partner:
        return f"You have marked this stage. It waits for {name}."
    if who is Policy.MENTOR_WHEN_ASKED:
        return (
            f"When you are through with it, ask {name} to complete it."
            if side is Side.MENTEE
            else f"{name} asks you when it is done, and you complete it."
        )
    if who is Policy.EACH:
        return "Each of you marks it; when both have, the stage is completed."
    if who is Policy.EITHER:
        return "Either of you can mark it as completed."
    if who.value == side.value:
        return f"You mark it as completed, for {name} too."
    return f"{name} marks it as completed, for both of you."


def _mark(side: Side, who: Policy, name: str) -> str:
    if who is Policy.MENTOR_WHEN_ASKED:
        return (
            f"Ask {name} to complete this stage" if side is Side.MENTEE else "Complete this stage"
        )
    return "Mark this stage as completed"


def _take_back(side: Side, place: Place, who: Policy) -> str:
    if who is Policy.MENTOR_WHEN_ASKED and side is Side.MENTOR and not place.standing.passed:
        return "Not yet"
    return "Open this stage again" if place.standing.passed else "Take my mark back"


def called(person: Person) -> str:
    """How the other is named in a sentence."""
    return person.first_name or person.full_name


def since(run: Run) -> str:
    """Since when they have been on the way, in words."""
    begun, over = localdate(run.begun_at), localdate(run.over_at) if run.over_at else None
    day = date_format(begun, "j F Y")
    if over is not None:
        return f"From {day} to {date_format(over, 'j F Y')}"
    days = (localdate() - begun).days
    if days < 14:
        return f"Since {day}"
    weeks = days // 7
    return f"Since {day}, {weeks} weeks ago" if days < 70 else f"Since {day}, {days // 30} months"
