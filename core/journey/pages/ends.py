"""The end of a journey: tips, what is still open, feedback, and what comes after (product E9)."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from core.accounts.permissions import member_required
from core.accounts.queries import blocked_between
from core.feedback.queries import invitation_of, reply_to
from core.goals.queries import listed
from core.journey import queries
from core.journey.models import Outcome
from core.journey.pages import lines, tools
from core.journey.pages.finding import Sight, sight
from core.journey.pages.words import called
from core.journey.rules import Policy, Side
from core.kernel.text import render_markdown
from core.mentorships.permissions import may_send
from core.mentorships.queries import open_between
from core.mentorships.services import available_actions
from core.mentorships.states import Action
from core.programme.queries import placeholders
from core.programme.rules import expand

MOST_GOALS = 10


@member_required
@require_safe
def ending(request: HttpRequest, mentorship_id: UUID) -> HttpResponse:
    """Before the end: how to end well and whose word completes it. After it: what comes next.

    The steps themselves are those of the lifecycle and are taken at its own address.
    """
    seen = sight(request, mentorship_id)
    names = placeholders()
    last = seen.run.plan.last
    actions = available_actions(seen.person, seen.mentorship) if seen.may_work else ()
    return render(
        request,
        "journey/ending.html",
        {
            **seen.context(),
            "label": expand(last.label, names),
            "description": render_markdown(expand(last.description, names)),
            "to_do": [expand(line, names) for line in last.to_do],
            "tips": render_markdown(expand(seen.run.plan.tips, names)),
            "tools": tools.tools(last.tools, seen.mentorship, seen.person),
            "guides": tools.readings(last, seen.side),
            "activities": lines.to_fill_in(seen, last, names, queries.sheets_of(seen.run)),
            "open_stages": [
                lines.line(seen, place, names)
                for place in seen.places
                if not place.is_last and not place.standing.passed
            ],
            "open_goals": list(
                listed(seen.mentorship, seen.person).filter(completed_at=None)[:MOST_GOALS]
            ),
            "mark_label": _mark_label(seen) if Action.MARK_DONE in actions else "",
            "may_complete": Action.COMPLETE in actions,
            "may_take_back": Action.TAKE_BACK in actions,
            "sentence": _sentence(seen),
            "completed": seen.run.outcome == Outcome.COMPLETED,
            "road_url": seen.address("road_map"),
            **(_after(seen) if seen.run.outcome == Outcome.COMPLETED else {}),
        },
    )


def _after(seen: Sight) -> dict[str, object]:
    """Where feedback is given, and the way to a new journey: the mentee asks for it."""
    pair = seen.mentorship
    following = open_between(mentor=pair.mentor, mentee=pair.mentee)
    may_ask = seen.side is Side.MENTEE and may_send(seen.person, pair.mentor)
    ask = reverse("mentorships:mentor", args=[pair.mentor_id])
    asked = invitation_of(seen.person, pair.pk)
    return {
        "feedback_url": reverse("feedback:answer", args=[pair.pk]) if asked else "",
        "feedback_given": asked is not None and reply_to(asked) is not None,
        "new_url": ask
        if may_ask and following is None and not blocked_between(pair.mentor, pair.mentee)
        else "",
        "next_pair": following.get_absolute_url() if following else "",
    }


def _mark_label(seen: Sight) -> str:
    asks = seen.who_completes is Policy.MENTOR_WHEN_ASKED
    return f"Ask {called(seen.partner)} to complete the journey" if asks else "Mark as complete"


def _sentence(seen: Sight) -> str:
    """Who completes, and how far that is."""
    name, pair = called(seen.partner), seen.mentorship
    mine = pair.mentor_done_at if seen.side is Side.MENTOR else pair.mentee_done_at
    theirs = pair.mentee_done_at if seen.side is Side.MENTOR else pair.mentor_done_at
    if theirs:
        return f"{name} marked the journey as complete. If you think so too, complete it."
    if mine:
        return f"You marked the journey as complete. {name} has been asked to say so too."
    match seen.who_completes:
        case Policy.EACH:
            return "Each of you says that it is complete; with the second word it is."
        case Policy.EITHER:
            return f"Either of you can complete it. {name} is told."
        case Policy.MENTOR_WHEN_ASKED if seen.side is Side.MENTEE:
            return f"When you feel that you have arrived, ask {name}, who completes it."
        case Policy.MENTOR_WHEN_ASKED:
            return f"{name} asks you when the time has come, and you complete it."
        case who if who.value == seen.side.value:
            return f"You complete it, for {name} too."
        case _:
            return f"{name} completes it, for both of you."
