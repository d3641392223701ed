"""Goals as a PDF, one or all of a relationship (product E7)."""

from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_safe

from core.accounts.models import Person
from core.accounts.permissions import member_required
from core.goals import permissions, queries
from core.goals.models import Goal
from core.goals.pages.finding import goal_of, mentorship_of, partner_in
from core.goals.pages.lines import standing
from core.goals.rules import day_in_words
from core.kernel.papers import Order, Sheet, hand_out, makes
from core.mentorships import permissions as of_pairs
from core.mentorships import queries as of_mentorships
from core.mentorships.pages.reader import reader

ONE, ALL = "goal", "goals"


@member_required
@require_safe
def goal_file(request: HttpRequest, goal_id: UUID) -> HttpResponse:
    """One goal as a PDF."""
    person = reader(request)
    found = goal_of(person, goal_id)
    order = Order(
        kind=ONE,
        about={"goal": str(found.pk)},
        owner_id=person.pk,
        title=found.label,
        file_name=f"{slugify(found.label)[:60] or 'goal'}.pdf",
        back_url=found.get_absolute_url(),
        letters=queries.letters(Goal.objects.filter(pk=found.pk)),
    )
    return hand_out(request, order)


@member_required
@require_safe
def all_file(request: HttpRequest, mentorship_id: UUID) -> HttpResponse:
    """All goals of both as a PDF."""
    person = reader(request)
    mentorship = mentorship_of(person, mentorship_id)
    order = Order(
        kind=ALL,
        about={"mentorship": str(mentorship.pk)},
        owner_id=person.pk,
        title=f"SMART goals with {partner_in(mentorship, person).full_name}",
        file_name="smart-goals.pdf",
        back_url=reverse("goals:list", args=[mentorship.pk]),
        letters=queries.letters(queries.listed(mentorship, person)),
    )
    return hand_out(request, order)


@makes(ONE)
def _one(owner_id: UUID, about: dict[str, Any]) -> Sheet | None:
    person = Person.objects.filter(pk=owner_id).first()
    found = queries.of_person(person, UUID(about["goal"])) if person else None
    if person is None or found is None or not permissions.may_see(person, found):
        return None
    return Sheet("goals", _paper(found.label, person, found.owner.full_name, [found], alone=True))


@makes(ALL)
def _all(owner_id: UUID, about: dict[str, Any]) -> Sheet | None:
    person = Person.objects.filter(pk=owner_id).first()
    mentorship = of_mentorships.of_person(person, UUID(about["mentorship"])) if person else None
    if person is None or mentorship is None or not of_pairs.may_see(person, mentorship):
        return None
    two = f"{mentorship.mentee.full_name} and {mentorship.mentor.full_name}"
    goals = list(queries.listed(mentorship, person).prefetch_related("milestones", "reviews"))
    return Sheet("goals", _paper("SMART goals", person, two, goals, alone=False))


def _paper(
    title: str, reader: Person, people: str, goals: list[Goal], *, alone: bool
) -> dict[str, Any]:
    today, zone = queries.today_of(reader), ZoneInfo(reader.time_zone)
    return {
        "title": title,
        "people": people,
        "on": day_in_words(today),
        "alone": alone,
        "goals": [_goal(one, today, zone) for one in goals],
    }


def _goal(goal: Goal, today: date, zone: ZoneInfo) -> dict[str, Any]:
    due, tone = standing(goal, today)
    done_on = goal.completed_at.astimezone(zone).date() if goal.completed_at else None
    return {
        "label": goal.label,
        "owner": goal.owner.full_name,
        "due": due,
        "tone": tone,
        "expected": day_in_words(goal.expected_on) if goal.expected_on else "No date",
        "completed": day_in_words(done_on) if done_on else "",
        "details": goal.details,
        "steps": [
            {
                "text": step.text,
                "done": step.is_done,
                "due": day_in_words(step.due_on) if step.due_on else "",
            }
            for step in goal.milestones.all()
        ],
        "reviews": [
            {"on": day_in_words(note.written_at.astimezone(zone).date()), "body": note.body}
            for note in goal.reviews.all()
        ],
        "outcome": goal.outcome,
    }
