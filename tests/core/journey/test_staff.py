"""Staff draw the road: in a draft first, then for everybody who sets out later (product F4)."""

from typing import Any

import pytest
from django.urls import reverse

from core.journey import queries, services
from core.journey.models import PlanDraft, Run
from core.mentorships.models import Mentorship
from tests.core.journey.conftest import PLAN, Visit
from tests.factories.mentorships import make_mentor, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plan")]
STAGE = {
    "label": "Taking stock", "next_step": "Look at where you stand.",
    "description": "On *one* page.", "to_do": "First this\r\n\r\nThen that", "tools": ["swot"],
    "guides": "progression", "seen": "",
}  # fmt: skip


def road() -> str:
    return reverse("staff:journey")


@pytest.fixture
def staff(visit: Visit) -> Any:
    return visit(make_person("Tilda Ray", is_staff=True))


def test_road_is_drawn_in_a_draft_and_published_for_later_pairs(
    staff: Any, pair: Mentorship
) -> None:
    run = queries.run_of(pair)
    assert run is not None
    services.mark(run, "first_conversation", by=pair.mentor)
    staff.post(reverse("staff:journey_stage", args=["new"]), STAGE)
    page = staff.get(road()).content.decode()
    assert "This is a draft" in page
    assert [one.key for one in queries.plan_in_force().stages] == [one.key for one in PLAN.stages]
    staff.post(road(), {"step": "up:taking_stock"})
    sheet = {"label": "On one page", "questions": "What?\nWhy?", "seen": stamp()}
    staff.post(reverse("staff:journey_activity", args=["taking_stock", "new"]), sheet)
    told = staff.post(road(), {"step": "publish"}, follow=True).content.decode()
    assert "is in force" in told
    plan = queries.plan_in_force()
    assert [one.key for one in plan.stages] == [
        "first_conversation", "taking_stock", "progression", "completion",
    ]  # fmt: skip
    stage = plan.stages[1]
    assert stage.to_do == ("First this", "Then that")
    assert [one.key for one in stage.activities[0].questions] == ["what", "why"]
    assert Run.objects.get(mentorship=pair).plan == PLAN
    assert not PlanDraft.objects.exists()


def stamp() -> str:
    row = queries.draft()
    assert row is not None
    return row.changed_at.isoformat()


def test_question_keeps_its_key_when_others_come_and_go(staff: Any) -> None:
    address = reverse("staff:journey_activity", args=["first_conversation", "agreement"])
    questions = "Who?\nWhat stays between us?"
    staff.post(address, {"label": "What we agree", "questions": questions, "seen": ""})
    row = queries.draft()
    assert row is not None
    found = row.plan.activity("agreement")
    assert found is not None
    assert [one.key for one in found[1].questions] == ["who", "between"]


def test_what_is_wrong_is_said_beside_the_field(staff: Any) -> None:
    address = reverse("staff:journey_stage", args=["new"])
    wrong = staff.post(address, {**STAGE, "label": "", "description": "Ask the {{ mentro }}"})
    assert wrong.status_code == 422
    assert "{{ mentro }} stands for nothing here." in wrong.content.decode()
    for step in ("up:first_conversation", "down:completion", "publish"):
        assert staff.post(road(), {"step": step}).status_code == 302
    assert not PlanDraft.objects.exists()
    for stage in ("progression", "first_conversation"):
        staff.post(road(), {"step": f"remove:{stage}"})
    assert "cannot be drawn" in staff.get(road()).content.decode()
    assert staff.post(road(), {"step": "explode"}).status_code == 404


def test_draft_changed_by_a_colleague_is_not_overwritten_unseen(staff: Any) -> None:
    address = reverse("staff:journey_tips")
    staff.post(address, {"tips": "Mine.", "seen": ""})
    answer = staff.post(address, {"tips": "Theirs.", "seen": ""}).content.decode()
    assert "Somebody changed the draft" in answer
    assert "Theirs." in answer
    row = queries.draft()
    assert row is not None
    assert row.plan.tips == "Mine."


def test_road_is_drawn_by_staff_alone_and_draft_thrown_away(staff: Any, visit: Visit) -> None:
    for name, args in (("journey", []), ("journey_tips", []), ("journey_stage", ["new"])):
        assert visit(make_mentor()).get(reverse(f"staff:{name}", args=args)).status_code == 404
    staff.post(reverse("staff:journey_tips"), {"tips": "Mine.", "seen": ""})
    staff.post(road(), {"step": "discard"})
    assert not PlanDraft.objects.exists()
    assert staff.get(reverse("staff:journey_stage", args=["nowhere"])).status_code == 404
