"""What an address stands for; whoever has no part in it is told that there is no such page."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from core.accounts.models import Person
from core.journey import permissions, queries
from core.journey.models import Run
from core.journey.queries import Place
from core.journey.rules import Policy, Side
from core.mentorships import queries as of_mentorships
from core.mentorships.models import Mentorship
from core.mentorships.pages.reader import reader


@dataclass(frozen=True)
class Sight:
    """A journey as one of the two sees it."""

    run: Run
    person: Person
    side: Side
    who_completes: Policy
    places: list[Place]
    earlier: bool
    """Whether it was asked for by its number: an earlier one, or the same by another way."""

    @property
    def mentorship(self) -> Mentorship:
        """The relationship that it belongs to."""
        return self.run.mentorship

    @property
    def partner(self) -> Person:
        """The other one of the two."""
        pair = self.run.mentorship
        return pair.mentee if self.side is Side.MENTOR else pair.mentor

    @property
    def may_work(self) -> bool:
        """Whether marks and answers are taken."""
        return permissions.may_work(self.person, self.run)

    def place(self, stage: str) -> Place:
        """A stage of the road; raises Http404."""
        found = next((one for one in self.places if one.stage.key == stage), None)
        if found is None:
            raise Http404
        return found

    def address(self, name: str, *args: str) -> str:
        """The address of another page of this journey."""
        path = reverse(f"journey:{name}", args=[self.mentorship.pk, *args])
        return f"{path}?{urlencode({'journey': self.run.cycle})}" if self.earlier else path

    def context(self) -> dict[str, Any]:
        """What every page of a journey shows."""
        return {
            "sight": self,
            "mentorship": self.mentorship,
            "partner": self.partner,
            "run": self.run,
            "places": self.places,
            "may_work": self.may_work,
        }


def sight(request: HttpRequest, mentorship_id: UUID) -> Sight:
    """The journey of an address; raises Http404 before acceptance, and for everybody else."""
    person = reader(request)
    mentorship = of_mentorships.of_person(person, mentorship_id)
    side = permissions.side_of(person, mentorship) if mentorship else None
    if mentorship is None or side is None:
        raise Http404
    asked = request.GET.get("journey")
    if asked is not None and not (asked.isascii() and asked.isdecimal() and len(asked) < 6):
        raise Http404
    run = queries.run_of(mentorship, int(asked) if asked else None)
    if run is None:
        raise Http404
    who = queries.policy()
    return Sight(run, person, side, who, queries.road(run, side, who), asked is not None)
