"""A run from the choices to relationships: drafted, changed by hand, published as a whole."""

from typing import Any

import pytest

from core.accounts.models import Person
from core.accounts.services import block
from core.kernel import jobs
from core.kernel.models import AuditEntry, Job, JobState, OutboxMail
from core.mentorships.models import Mentorship
from core.mentorships.services import send
from core.mentorships.states import State as Between
from core.pairing import errors, queries, services
from core.pairing.models import Pool, Role
from core.pairing.rules import Choices
from core.pairing.states import State
from core.profiles.models import Profile
from tests.core.pairing.conftest import found, seeker, together, worked_out
from tests.factories.mentorships import STATEMENT, make_mentorship
from tests.factories.people import someone

pytestmark = pytest.mark.django_db

WORDS = "We think that the two of you go well together."


def reasons(pool: Pool) -> dict[str, str]:
    return {row.mentee.first_name: row.reason for row in queries.left_out(pool)}


def pair(pool: Pool, mentee: Person) -> Any:
    return queries.pairs(pool).get(mentee=mentee)


def publish(pool: Pool, by: Person, *, at_once: bool = True) -> Job:
    seal = queries.check(pool, at_once=at_once, by=by).seal
    job = services.order_publication(pool.pk, words=WORDS, at_once=at_once, seal=seal, by=by)
    jobs.run(job.pk)
    return Job.objects.get(pk=job.pk)


def test_draft_is_best_for_all_and_not_for_whoever_comes_first(member: Person) -> None:
    seeker("Ada First", "cpd")
    seeker("Bo Second", "cpd", region="kent")
    found("Max Only", "cpd", region="kent")
    found("Una Other", "career", region="wales")
    pool = worked_out(member)
    assert together(pool) == {("Ada", "Una"), ("Bo", "Max")}
    assert (pool.figures["total"], pool.figures["matched"]) == (4, 2)
    assert AuditEntry.objects.filter(verb__startswith="pool").count() == 2
    assert not Mentorship.objects.exists()


def test_draft_says_why_somebody_is_left_out(member: Person) -> None:
    seeker("Ada Wales", "cpd")
    seeker("Bo Kent", "cpd", region="kent")
    seeker("Cy Wales", "cpd")
    dot = seeker("Dot Unfinished", "cpd")
    Profile.objects.filter(person=dot).update(complete=False)
    block(found("Eve Wales", "study"), by=seeker("Flo Study", "study"))
    make_mentorship(mentee=seeker("Gus Busy", "cpd"))
    found("Max Wales", "cpd")
    pool = worked_out(member, musts=("region", "areas"))
    matched = {name for name, _ in together(pool)}
    assert matched < {"Ada", "Cy"}
    assert len(matched) == 1
    assert reasons(pool) == {
        **dict.fromkeys({"Ada", "Cy"} - matched, "taken"),
        "Bo": "must", "Dot": "incomplete", "Flo": "barred",
    }  # fmt: skip
    assert "Region: Kent" in pool.left_out.get(reason="must").detail


def test_places_are_kept_and_only_the_chosen_part_takes_part(member: Person) -> None:
    max_ = found("Max Two", "cpd", capacity=2)
    Profile.objects.filter(person=seeker("Zed Asks", "study")).update(complete=True)
    asker = Person.objects.get(first_name="Zed")
    send(mentor=max_, area="", statement=STATEMENT, by=asker)
    for name in ("Ada A", "Bo B"):
        seeker(name, "cpd")
    seeker("Cy Kent", "cpd", region="kent")
    only = {"filters": {"region": ("wales",)}}
    assert len(together(worked_out(member, **only))) == 1
    assert len(together(worked_out(member, **only, hold=False))) == 2
    assert len(together(worked_out(member, **only, hold=False, cap=1))) == 1
    assert reasons(worked_out(member, **only)).keys() <= {"Ada", "Bo"}


def test_staff_change_the_draft_and_solving_again_keeps_what_they_decided(member: Person) -> None:
    ada, bo = seeker("Ada A", "cpd"), seeker("Bo B", "cpd", region="kent")
    found("Max M", "cpd")
    una = found("Una U", "cpd", region="kent")
    pool = worked_out(member)
    assert together(pool) == {("Ada", "Max"), ("Bo", "Una")}
    services.take_apart(pool.pk, pair(pool, ada).pk, by=member)
    assert reasons(pool) == {"Ada": "apart"}
    with pytest.raises(errors.CannotBePaired, match="no place left"):
        services.pair_by_hand(pool.pk, mentee=ada, mentor=una, by=member)
    services.take_apart(pool.pk, pair(pool, bo).pk, by=member)
    services.pair_by_hand(pool.pk, mentee=ada, mentor=una, by=member)
    pool = services.solve(pool.pk, by=member)
    assert together(pool) == {("Ada", "Una"), ("Bo", "Max")}
    services.let_go(pool.pk, pair(pool, ada).pk, by=member)
    services.shut_out(pool.pk, person=una, role=Role.MENTOR, by=member)
    assert reasons(pool) == {"Ada": "waiting"}
    services.shut_out(pool.pk, person=bo, role=Role.MENTEE, by=member)
    pool = services.solve(pool.pk, by=member)
    assert together(pool) == set()
    assert reasons(pool) == {"Ada": "barred", "Bo": "excluded"}
    services.let_in(pool.pk, person=una, role=Role.MENTOR, by=member)
    pool = services.solve(pool.pk, by=member)
    assert together(pool) == {("Ada", "Una")}


def test_published_together_with_mails_history_and_audit(member: Person) -> None:
    for name in ("Ada A", "Bo B"):
        seeker(name, "cpd")
    found("Max M", "cpd", capacity=2)
    pool = worked_out(member)
    assert publish(pool, member).message == "2 pairs are published and told by e-mail."
    pool.refresh_from_db()
    assert (pool.state, pool.published_by_id) == (State.PUBLISHED, member.pk)
    made = Mentorship.objects.filter(state=Between.ACTIVE)
    assert made.count() == 2
    assert OutboxMail.objects.count() == 4
    assert all(row.mentorship_id for row in queries.pairs(pool))
    assert "What speaks for it: Areas: Cpd; Region: Wales." in made[0].statement
    assert AuditEntry.objects.filter(verb="pool published", actor_id=member.pk).count() == 1
    with pytest.raises(errors.NoLongerPossible):
        publish(pool, member)
    assert made.count() == 2


def test_proposals_of_a_run_wait_for_their_mentors(member: Person) -> None:
    seeker("Ada A", "cpd")
    found("Max M", "cpd")
    publish(worked_out(member), member, at_once=False)
    assert Mentorship.objects.get().state == Between.PROPOSED


def test_whoever_left_meanwhile_is_named_and_nothing_is_published_unseen(member: Person) -> None:
    ada, _bo, cy = (seeker(f"{name} N", "cpd") for name in ("Ada", "Bo", "Cy"))
    max_ = found("Max M", "cpd", capacity=5)
    pool = worked_out(member)
    seen = queries.check(pool, at_once=True, by=member)
    assert (len(seen.good), seen.refused) == (3, ())
    Person.objects.filter(pk=ada.pk).update(is_active=False)
    send(mentor=max_, area="", statement=STATEMENT, by=cy)
    order: dict[str, Any] = {"words": WORDS, "at_once": True, "by": member}
    with pytest.raises(errors.Changed):
        services.order_publication(pool.pk, seal=seen.seal, **order)
    with pytest.raises(errors.Changed):
        services.publish(pool.pk, seal=seen.seal, **order)
    now = queries.check(pool, at_once=True, by=member)
    told = {row.mentee.first_name: sentence for row, sentence in now.refused}
    assert told["Ada"] == "The account of Ada N is not in use."
    assert "has asked somebody" in told["Cy"]
    services.publish(pool.pk, seal=now.seal, **order)
    assert Mentorship.objects.filter(state=Between.ACTIVE).count() == 1
    assert pair(pool, ada).refusal == told["Ada"]


def test_draft_changed_by_a_colleague_is_not_published_as_it_was_seen(member: Person) -> None:
    ada = seeker("Ada A", "cpd")
    found("Max M", "cpd")
    pool = worked_out(member)
    seal = queries.check(pool, at_once=True, by=member).seal
    services.keep(pool.pk, pair(pool, ada).pk, by=someone(is_staff=True))
    with pytest.raises(errors.Changed):
        services.publish(pool.pk, words=WORDS, at_once=True, seal=seal, by=member)
    assert not Mentorship.objects.exists()


@pytest.mark.parametrize("step", ["solve", "publish"])
def test_work_that_breaks_half_way_leaves_nothing_and_is_begun_again(
    member: Person, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    for name in ("Ada A", "Bo B"):
        seeker(name, "cpd")
    found("Max M", "cpd", capacity=2)
    pool = worked_out(member)
    before = (together(pool), pool.changes, OutboxMail.objects.count())
    seal = queries.check(pool, at_once=True, by=member).seal
    order = (
        services.order_solving(pool.pk, by=member)
        if step == "solve"
        else services.order_publication(pool.pk, words=WORDS, at_once=True, seal=seal, by=member)
    )
    done = getattr(services, step)

    class Killed(Exception):
        pass

    def broken(*args: Any, **kwargs: Any) -> Any:
        done(*args, **kwargs)
        raise Killed

    monkeypatch.setattr(services, step, broken)
    assert not jobs.run(order.pk)
    pool.refresh_from_db()
    assert (together(pool), pool.changes, OutboxMail.objects.count()) == before
    assert (pool.state, Mentorship.objects.count()) == (State.DRAFT, 0)
    monkeypatch.setattr(services, step, done)
    Job.objects.filter(pk=order.pk).update(state=JobState.WAITING)
    assert jobs.run(order.pk)
    assert Mentorship.objects.count() == (2 if step == "publish" else 0)


def test_right_is_asked_again_when_the_job_runs(member: Person) -> None:
    seeker("Ada A", "cpd")
    found("Max M", "cpd")
    job = services.order(Choices(), by=member)
    Person.objects.filter(pk=member.pk).update(staff_role="reader")
    assert not jobs.run(job.pk)
    pool = Pool.objects.get(pk=job.about["pool"])
    assert (pool.state, pool.pairs.count()) == (State.ORDERED, 0)


def test_discarded_draft_leaves_the_run_and_no_names(member: Person) -> None:
    seeker("Ada A", "cpd")
    found("Max M", "cpd")
    pool = worked_out(member)
    services.discard(pool.pk, by=member)
    assert not pool.pairs.exists()
    with pytest.raises(errors.NoLongerPossible, match="discarded"):
        services.solve(pool.pk, by=member)


def test_who_tried_it_before_is_not_put_together_again(member: Person) -> None:
    ada, max_ = seeker("Ada A", "cpd"), found("Max M", "cpd")
    make_mentorship(mentor=max_, mentee=ada, state=Between.DECLINED)
    assert reasons(worked_out(member)) == {"Ada": "barred"}


def test_draft_takes_as_many_queries_for_three_as_for_thirty(
    member: Person, django_assert_num_queries: Any
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in (3, 30):
        for one in range(number):
            seeker(f"Ada{number} A{one}", "cpd")
            found(f"Max{number} M{one}", "cpd")
        pool = worked_out(member)
        with CaptureQueriesContext(connection) as asked:
            services.solve(pool.pk, by=member)
        counts.append(len(asked))
    assert counts[0] == counts[1]
