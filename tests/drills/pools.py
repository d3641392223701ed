"""A match of the whole pool that a drill breaks, seen from inside the product (`Site.inside`)."""

import json
from uuid import UUID

from core.accounts.models import Person
from core.accounts.services import create_person
from core.kernel import jobs
from core.kernel.clock import now
from core.kernel.models import Job, OutboxMail
from core.matching.models import Listing
from core.matching.queries import questions
from core.matching.rules import tokens_of
from core.mentorships.models import Mentorship
from core.pairing import queries, services
from core.pairing.models import Pool
from core.pairing.rules import Choices
from core.profiles.models import Profile
from tenants.context import tenant_context
from tests.drills.acts import institute

PEOPLE = "pooled"
WORDS = "We think that the two of you go well together."


def order(slug: str, mentees: int) -> None:
    """As many mentees, half as many mentors with two places each: work out the draft, order its
    publication; print the key of the job."""
    with tenant_context(institute(slug)):
        by = create_person(
            username="poolhead", email="poolhead@people.example", first_name="Ansel",
            last_name="Quill", is_staff=True, is_superuser=True,
        )  # fmt: skip
        _fill(mentees)
        pool = Pool.objects.create(document=Choices().model_dump(mode="json"), made_by=by)
        pool = services.solve(pool.pk, by=by)
        seal = queries.check(pool, at_once=True, by=by).seal
        made = services.order_publication(pool.pk, words=WORDS, at_once=True, seal=seal, by=by)
    print(json.dumps(str(made.pk)))  # noqa: T201


def _fill(mentees: int) -> None:
    answers = {}
    for question in questions():
        answer = question.choices[0].key
        for key in (question.key, question.answer_key):
            if key:
                answers[key] = [answer] if question.many else answer
    people = Person.objects.bulk_create(
        Person(
            username=f"{PEOPLE}{n}", email=f"{PEOPLE}{n}@people.example", first_name="Wren",
            last_name=f"Marlowe{n}", is_mentor=n >= mentees, is_mentee=n < mentees,
        )
        for n in range(mentees + mentees // 2)
    )  # fmt: skip
    at = now()
    Profile.objects.bulk_create(
        Profile(
            person=one, role="mentor" if one.is_mentor else "mentee", answers=answers,
            complete=True, completed_at=at, updated_at=at, capacity=2 if one.is_mentor else None,
        )
        for one in people
    )  # fmt: skip
    Listing.objects.bulk_create(
        Listing(person=one, tokens=tokens_of(answers, answers), listed=True, room=2)
        for one in people
        if one.is_mentor
    )


def seen(slug: str, job_id: str) -> None:
    """Print how the job stands, and what is there of the pairs."""
    with tenant_context(institute(slug)):
        job = Job.objects.get(pk=UUID(job_id))
        done, total = jobs.progress(job)
        pool = Pool.objects.get(pk=UUID(job.about["pool"]))
        mails = OutboxMail.objects.filter(to_address__startswith=PEOPLE)
        found = {
            "state": job.state,
            "message": job.message,
            "attempts": job.attempts,
            "done": done,
            "total": total,
            "pairs": Mentorship.objects.filter(mentee__username__startswith=PEOPLE).count(),
            "drafted": pool.pairs.filter(mentee__username__startswith=PEOPLE).count(),
            "pool": pool.state,
            "mails": mails.count(),
            "unlike": mails.values("to_address", "subject", "text").distinct().count(),
        }
    print(json.dumps(found))  # noqa: T201
