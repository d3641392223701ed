"""An institute with two criteria of our own, and members of the team."""

from typing import Any

import pytest
from django.test import Client

from core.accounts.models import Person
from core.kernel import jobs
from core.kernel.models import Job
from core.pairing import services
from core.pairing.models import Pool
from core.pairing.rules import Choices
from tests.factories.matching import clear_criteria, make_criterion, make_found, make_seeker
from tests.factories.people import browser, someone

AREAS, REGIONS = ["cpd", "career", "study"], ["wales", "kent"]


@pytest.fixture(autouse=True)
def criteria(django_db_setup: None, db: None) -> None:
    """Areas count twice, the region once."""
    clear_criteria()
    make_criterion("areas", AREAS, many=True, weight=2)
    make_criterion("region", REGIONS)


@pytest.fixture
def member() -> Person:
    """A programme manager."""
    return someone(is_staff=True, staff_role="manager")


def seeker(name: str, *areas: str, region: str = "wales") -> Person:
    first, _, last = name.partition(" ")
    answers = {"areas": list(areas or AREAS[:1]), "region": region}
    return make_seeker(answers, first_name=first, last_name=last)


def found(name: str, *areas: str, region: str = "wales", capacity: int = 1) -> Person:
    person = make_found(name, answers={"areas": list(areas or AREAS[:1]), "region": region})
    person.profiles.filter(role="mentor").update(capacity=capacity)
    from core.matching.services import relist

    relist(person)
    return person


def worked_out(by: Person, **choices: Any) -> Pool:
    """A run with its draft, through the job as in the product."""
    job = services.order(Choices(**choices), by=by)
    assert jobs.run(job.pk), Job.objects.get(pk=job.pk).message
    return Pool.objects.get(pk=job.about["pool"])


def together(pool: Pool) -> set[tuple[str, str]]:
    """Who goes with whom, by first names."""
    rows = pool.pairs.exclude(standing="apart").select_related("mentee", "mentor")
    return {(row.mentee.first_name, row.mentor.first_name) for row in rows}


def of_the_team(role: str) -> Client:
    """A browser of somebody of the team."""
    client = browser()
    client.force_login(someone(is_staff=True, staff_role=role))
    return client
