"""The pages of runs, for each role of the team."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.accounts.models import Person
from core.kernel import jobs
from core.kernel.models import Job
from core.mentorships.models import Mentorship
from core.pairing import queries
from core.pairing.models import Pool
from core.pairing.states import State
from tests.core.pairing.conftest import found, of_the_team, seeker, together, worked_out

pytestmark = pytest.mark.django_db

CHOICES = {
    "goal": "most_people", "minimum": "0", "cap": "", "weight-areas": "3", "weight-region": "0",
    "must-region": "on", "filter-areas": ["cpd", "career"],
}  # fmt: skip


def done(client: Client, answer: Any) -> str:
    """Follow a job to its end; the page that it leads to."""
    assert answer.status_code == 302, answer.content.decode()
    job = Job.objects.get(pk=answer.headers["Location"].rstrip("/").rpartition("/")[2])
    assert jobs.run(job.pk), Job.objects.get(pk=job.pk).message
    return client.get(job.done_url).content.decode()


def press(client: Client, pool: Pool, what: str) -> str:
    address = reverse("staff:pairing_change", args=[pool.pk])
    return client.post(address, {"do": what}, follow=True).content.decode()


def test_coordinator_goes_from_choices_to_a_published_run() -> None:
    seeker("Ada Wales", "cpd")
    seeker("Bo Kent", "cpd", region="kent")
    found("Max Wales", "cpd")
    client = of_the_team("coordinator")
    assert "There has been no run yet" in client.get(reverse("staff:pairing")).content.decode()
    assert client.get(reverse("staff:pairing_new")).status_code == 200
    draft = done(client, client.post(reverse("staff:pairing_new"), CHOICES))
    pool = Pool.objects.get()
    assert "Ada Wales" in draft
    assert "Musts: Region." in draft
    without = client.get(pool.get_absolute_url(), {"left_out": "1"}).content.decode()
    assert "No mentor meets “Region: Kent”." in without
    way = reverse("staff:pairing_publish", args=[pool.pk])
    seal = client.get(way).context["check"].seal
    refused = client.post(way, {"way": "at_once", "statement": "Go well.", "seal": "old"})
    assert refused.status_code == 422
    assert "Something has changed" in refused.content.decode()
    form = {"way": "at_once", "statement": "Go well.", "seal": seal}
    after = done(client, client.post(way, form))
    made = Mentorship.objects.get()
    assert reverse("staff:mentorships_mentorship_change", args=[made.pk]) in after
    assert client.post(way, form).headers["Location"] == pool.get_absolute_url()


@pytest.mark.parametrize(
    ("box", "value", "told"),
    [
        ("goal", "", "Choose what is best."),
        ("goal", "nonsense", "Select a valid choice"),
        ("minimum", "101", "Enter a number from 0 to 100."),
        ("cap", "0", "Enter a number from 1 to 50"),
        ("weight-areas", "-1", "Enter a number from 0 to 100."),
        ("weight-areas", "x", "Enter a number from 0 to 100."),
        ("filter-areas", ["elsewhere"], "Choose from the list."),
    ],
)
def test_bad_choice_is_told_beside_its_box_and_begins_nothing(
    box: str, value: Any, told: str
) -> None:
    answer = of_the_team("manager").post(reverse("staff:pairing_new"), {**CHOICES, box: value})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Pool.objects.exists()


def test_draft_is_changed_with_buttons(member: Person) -> None:
    ada = seeker("Ada A", "cpd")
    found("Max M", "cpd")
    una = found("Una U", "cpd", region="kent")
    pool, client = worked_out(member), of_the_team("manager")
    key = queries.pairs(pool).get().pk
    assert "Kept." in press(client, pool, f"keep:{key}")
    assert queries.pairs(pool, kept=True).count() == 1
    assert "Solving again may change" in press(client, pool, f"let_go:{key}")
    assert "Taken apart." in press(client, pool, f"take_apart:{key}")
    assert "no longer in the draft" in press(client, pool, f"keep:{key}")
    page = reverse("staff:pairing_mentee", args=[pool.pk, ada.pk])
    assert "Taken apart by the team: Max M." in client.get(page).content.decode()
    client.post(page, {"mentor": str(una.pk)})
    assert together(pool) == {("Ada", "Una")}
    press(client, pool, f"shut_out_mentee:{ada.pk}")
    assert together(pool) == set()
    assert "Let in again" in client.get(pool.get_absolute_url(), {"left_out": 1}).content.decode()
    press(client, pool, f"let_in_mentee:{ada.pk}")
    change = reverse("staff:pairing_change", args=[pool.pk])
    assert "Una U" in done(client, client.post(change, {"do": "solve"}))
    assert "The draft is gone" in press(client, pool, "discard")
    assert Pool.objects.get().state == State.DISCARDED
    for wrong in ("", "keep", "keep:x", f"nonsense:{key}", f"shut_out_mentee:{pool.pk}"):
        assert client.post(change, {"do": wrong}).status_code == 404


def test_read_only_staff_see_the_draft_without_buttons_and_editors_nothing(
    member: Person,
) -> None:
    ada = seeker("Ada A", "cpd")
    found("Max M", "cpd")
    pool, reader = worked_out(member), of_the_team("reader")
    page = reader.get(pool.get_absolute_url()).content.decode()
    assert "Ada A" in page
    assert 'name="do"' not in page
    assert "Publish" not in page
    for name in ("pairing_change", "pairing_publish"):
        assert reader.post(reverse(f"staff:{name}", args=[pool.pk])).status_code == 403
    assert reader.post(reverse("staff:pairing_new"), CHOICES).status_code == 403
    other = reverse("staff:pairing_mentee", args=[pool.pk, ada.pk])
    assert reader.post(other, {"mentor": str(ada.pk)}).status_code == 403
    assert of_the_team("editor").get(pool.get_absolute_url()).status_code == 403
    assert together(pool) == {("Ada", "Max")}


def test_draft_as_csv_holds_pairs_and_those_left_out_and_runs_no_formula(member: Person) -> None:
    seeker("=Ada A", "cpd")
    seeker("Bo Kent", "study", region="kent")
    found("Max M", "cpd")
    pool = worked_out(member, minimum=50)
    answer = of_the_team("reader").get(reverse("staff:pairing_file", args=[pool.pk]))
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["Mentee"] for row in rows] == ["'=Ada A", "Bo Kent"]
    assert (rows[0]["Mentor"], rows[0]["Score"]) == ("Max M", "Meets both")
    assert "50" in rows[1]["Left out because"] or "0 %" in rows[1]["Left out because"]


def test_page_of_a_draft_takes_as_many_queries_for_one_pair_as_for_three(member: Person) -> None:
    from django.db import connection

    client, counts = of_the_team("manager"), []
    for number in (1, 3):
        for one in range(number):
            seeker(f"Ada{number} A{one}", "cpd")
            found(f"Max{number} M{one}", "cpd")
        pool = worked_out(member)
        publish = reverse("staff:pairing_publish", args=[pool.pk])
        other = reverse("staff:pairing_mentee", args=[pool.pk, queries.pairs(pool)[0].mentee_id])
        for address in (pool.get_absolute_url(), publish, other, reverse("staff:pairing")):
            taken = []
            for _ in range(3):  # a visit is noted now and then, which is not the page's doing
                with CaptureQueriesContext(connection) as asked:
                    assert client.get(address).status_code == 200
                taken.append(len(asked))
            counts.append(min(taken))
    assert counts[:4] == counts[4:]
