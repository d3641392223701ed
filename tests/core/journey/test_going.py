"""Setting out, marking stages, arriving, and setting out again (product E8, E9)."""

import pytest
from django.urls import reverse

from core.journey import queries, services
from core.journey.errors import NotTheirs, NotThisWay, NotWorkingTogether
from core.journey.models import Outcome, Run, StageStep
from core.journey.rules import DEFAULT, KEY, KIND
from core.kernel.models import AuditEntry, OutboxMail
from core.mentorships import services as lifecycle
from core.mentorships.models import Mentorship
from core.mentorships.states import State
from core.programme.services import publish
from tests.core.journey.conftest import PLAN, Visit, set_policy
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plan")]


def accepted() -> Mentorship:
    row = make_mentorship(state=State.PROPOSED)
    return lifecycle.accept(row, by=row.mentor)


def run_of(mentorship: Mentorship) -> Run:
    found = queries.run_of(mentorship)
    assert found is not None
    return found


def test_pair_keeps_the_road_with_which_they_set_out() -> None:
    row = accepted()
    publish(KIND, KEY, DEFAULT.model_copy(update={"tips": "Other tips."}).model_dump(mode="json"))
    assert run_of(row).plan == PLAN
    assert run_of(accepted()).plan.tips == "Other tips."
    assert [one.running for one in queries.versions()][:2] == [1, 1]


def test_each_marks_the_stage_and_both_are_told(pair: Mentorship) -> None:
    set_policy(who_completes="each")
    first = services.mark(run_of(pair), "first_conversation", by=pair.mentee)
    assert first.mentee
    assert not first.passed
    assert OutboxMail.objects.get(kind="stage_marked").to_address == pair.mentor.email
    second = services.mark(run_of(pair), "first_conversation", by=pair.mentor)
    assert second.passed
    mail = OutboxMail.objects.get(kind="stage_completed")
    assert mail.to_address == pair.mentee.email
    assert "Progression" in mail.text
    assert [(step.by, step.completed) for step in StageStep.objects.all()] == [
        (pair.mentee, False), (pair.mentor, True),
    ]  # fmt: skip
    assert AuditEntry.objects.filter(verb="stage marked").count() == 2


def test_mentor_completes_only_what_they_are_asked_to(pair: Mentorship) -> None:
    set_policy(who_completes="mentor_when_asked")
    with pytest.raises(NotThisWay):
        services.mark(run_of(pair), "first_conversation", by=pair.mentor)
    services.mark(run_of(pair), "first_conversation", by=pair.mentee)
    assert services.mark(run_of(pair), "first_conversation", by=pair.mentor).passed


def test_mark_is_taken_back_and_the_history_keeps_it(pair: Mentorship) -> None:
    set_policy(who_completes="either")
    services.mark(run_of(pair), "first_conversation", by=pair.mentor)
    with pytest.raises(NotThisWay):
        services.mark(run_of(pair), "first_conversation", by=pair.mentee)
    assert not services.take_back(run_of(pair), "first_conversation", by=pair.mentee).passed
    assert [step.act for step in StageStep.objects.all()] == ["mark", "take_back"]


def test_completed_stage_stays_so_when_the_institute_decides_otherwise(pair: Mentorship) -> None:
    set_policy(who_completes="either")
    services.mark(run_of(pair), "first_conversation", by=pair.mentor)
    set_policy(who_completes="each")
    assert run_of(pair).standing("first_conversation").passed


def test_nobody_else_marks_and_nothing_is_marked_after_the_end(pair: Mentorship) -> None:
    for stranger in (make_mentor(), make_person(is_staff=True)):
        with pytest.raises(NotTheirs):
            services.mark(run_of(pair), "first_conversation", by=stranger)
    for key in ("completion", "no_such_stage"):
        with pytest.raises(NotTheirs):
            services.mark(run_of(pair), key, by=pair.mentee)
    lifecycle.end(pair, by=pair.mentee)
    with pytest.raises(NotWorkingTogether):
        services.mark(run_of(Mentorship.objects.get(pk=pair.pk)), "progression", by=pair.mentee)


def test_journey_ends_with_the_relationship_and_going_on_is_a_new_one() -> None:
    row = accepted()
    services.mark(run_of(row), "first_conversation", by=row.mentor)
    lifecycle.end(row, by=row.mentor)
    old = Run.objects.get(mentorship=row)
    assert old.outcome == Outcome.ENDED
    row = lifecycle.reopen(row, by=row.mentee)
    assert run_of(row).pk == old.pk
    lifecycle.accept(row, by=row.mentor)
    fresh = run_of(Mentorship.objects.get(pk=row.pk))
    assert (fresh.cycle, fresh.stages) == (2, {})
    assert queries.run_of(row, 1) == old


def test_new_journey_of_two_who_completed_one_leaves_the_old_to_be_read(visit: Visit) -> None:
    set_policy(who_completes="either")
    row = accepted()
    lifecycle.complete(row, by=row.mentor)
    mentee = visit(row.mentee)
    page = mentee.get(reverse("journey:ending", args=[row.pk])).content.decode()
    assert "Start a new journey" in page
    assert reverse("mentorships:mentor", args=[row.mentor_id]) in page
    again = make_mentorship(mentor=row.mentor, mentee=row.mentee, state=State.PROPOSED)
    again = lifecycle.accept(again, by=row.mentor)
    assert run_of(again).cycle == 2
    assert "Journey 1" in mentee.get(reverse("journey:road_map", args=[again.pk])).content.decode()
    old = mentee.get(reverse("journey:road_map", args=[row.pk]))
    assert "This journey is over" in old.content.decode()


def test_word_on_the_end_is_answered_with_not_yet(visit: Visit, pair: Mentorship) -> None:
    set_policy(who_completes="mentor_when_asked")
    act = "mentorships:act"
    visit(pair.mentee).post(reverse(act, args=[pair.pk, "mark_done"]))
    page = visit(pair.mentor).post(reverse(act, args=[pair.pk, "take_back"]), follow=True)
    assert "Your journey goes on" in page.content.decode()
    assert OutboxMail.objects.get(kind="completion_put_off").to_address == pair.mentee.email
    pair.refresh_from_db()
    assert pair.mentee_done_at is None


def test_two_who_mentor_each_other_have_two_roads() -> None:
    one = make_mentor(is_mentee=True)
    other = make_mentee(is_mentor=True)
    first = make_mentorship(mentor=one, mentee=other, state=State.ACTIVE)
    second = make_mentorship(mentor=other, mentee=one, state=State.ACTIVE)
    services.mark(run_of(first), "first_conversation", by=one)
    assert run_of(second).stages == {}
    assert run_of(second).cycle == 1
