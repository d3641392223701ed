"""A large import that a drill breaks, seen from inside the product (`Site.inside`)."""

import json
from io import BytesIO
from uuid import UUID

from django.urls import reverse

from core.accounts.models import Person
from core.accounts.services import create_person
from core.kernel import jobs
from core.kernel.models import Job
from core.people.models import Import, ImportKind, Invitation
from core.people.rules.options import Options
from core.people.services import importing
from core.profiles.models import Profile
from tenants.context import tenant_context
from tests.drills.acts import institute

PEOPLE = "swarm"


def order(slug: str, count: int) -> None:
    """Upload a file, check it, order its import; print the key of the job."""
    with tenant_context(institute(slug)):
        by = create_person(
            username="swarmhead", email="head@people.example", first_name="Ansel",
            last_name="Quill", is_staff=True, is_superuser=True,
        )  # fmt: skip
        lines = ["E-mail,First name,Last name,Role"]
        lines += [f"{PEOPLE}{n}@people.example,Wren,Marlowe{n},mentor" for n in range(count)]
        source = importing.upload(
            BytesIO("\n".join(lines).encode()), name="s.csv", kind=ImportKind.ACCOUNTS, by=by
        )
        importing.decide(source, mapping=source.mapping, options=Options(invite=False))
        address = reverse("staff:people_import_report", args=[source.pk])
        about = {"file": str(source.pk)}
        check = jobs.order(kind="people.check", title="Check", about=about, by=by,
                           done_url=address, back_url=address)  # fmt: skip
        while Job.objects.get(pk=check.pk).state in jobs.OPEN:
            jobs.run(check.pk)
        made = jobs.order(kind="people.import", title="Import", about=about, by=by,
                          done_url=address, back_url=address)  # fmt: skip
    print(json.dumps(str(made.pk)))  # noqa: T201


def seen(slug: str, job_id: str) -> None:
    """Print how the job stands, and what is there of the people."""
    with tenant_context(institute(slug)):
        job = Job.objects.get(pk=UUID(job_id))
        done, total = jobs.progress(job)
        people = Person.objects.filter(email__startswith=PEOPLE)
        found = {
            "state": job.state,
            "message": job.message,
            "attempts": job.attempts,
            "done": done,
            "total": total,
            "people": people.count(),
            "profiles": Profile.objects.filter(person__in=people).count(),
            "import": Import.objects.get(pk=UUID(job.about["file"])).state,
            "invitations": Invitation.objects.filter(email__startswith=PEOPLE).count(),
        }
    print(json.dumps(found))  # noqa: T201
