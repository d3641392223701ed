"""The pages of a journey as the two, and nobody else, see them (product E1, E8, E9, E12)."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.goals.services import add, complete
from core.journey import queries, services
from core.journey.models import Sheet, SheetVersion
from core.mentorships.models import Mentorship
from core.mentorships.states import State
from core.programme.models import Programme
from tests.core.journey.conftest import Visit, set_policy
from tests.factories.mentorships import make_mentor, make_mentorship

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plan")]
PAGES = [
    ("road_map", []), ("first_conversation", []), ("ending", []), ("stage", ["progression"]),
    ("activity", ["agreement"]),
]  # fmt: skip


def at(pair: Mentorship, name: str, *args: object) -> str:
    return reverse(f"journey:{name}", args=[pair.pk, *args])


def read(answer: Any) -> str:
    return str(answer.content.decode())


def mark(pair: Mentorship, stage: str, by: Any) -> None:
    run = queries.run_of(pair)
    assert run is not None
    services.mark(run, stage, by=by)


@pytest.mark.parametrize(("name", "args"), PAGES)
def test_pages_are_the_two_s_alone_and_open_after_acceptance(
    visit: Visit, pair: Mentorship, name: str, args: list[str]
) -> None:
    assert visit(pair.mentor).get(at(pair, name, *args)).status_code == 200
    for stranger in (make_mentor(), make_mentor(is_staff=True)):
        assert visit(stranger).get(at(pair, name, *args)).status_code == 404
    asked = make_mentorship(state=State.PROPOSED)
    assert visit(asked.mentee).get(at(asked, name, *args)).status_code == 404


def test_first_conversation_leads_to_the_meeting_and_the_tools(
    visit: Visit, pair: Mentorship
) -> None:
    page = read(visit(pair.mentee).get(at(pair, "first_conversation")))
    assert "First conversation with Mara Keel" in page
    assert reverse("meetings:new", args=[pair.pk]) in page
    assert at(pair, "activity", "agreement") in page
    assert reverse("resources:guide", args=["preparing-the-first-conversation"]) in page


def test_road_map_says_where_the_two_are(visit: Visit, pair: Mentorship) -> None:
    set_policy(who_completes="either")
    mark(pair, "first_conversation", pair.mentor)
    page = read(visit(pair.mentee).get(at(pair, "road_map")))
    assert "You are at stage 2 of 3: Progression" in page
    assert "Most journeys take 8 months or more." in page
    assert "Mara Keel completed “First conversation”" in page
    assert "the mentee stands" in page
    assert "{{" not in page


def test_stage_is_marked_and_opened_again(visit: Visit, pair: Mentorship) -> None:
    set_policy(who_completes="each")
    mentee, mentor = visit(pair.mentee), visit(pair.mentor)
    stage = at(pair, "stage", "first_conversation")
    assert "It counts when Mara" in read(mentee.post(stage, {"act": "mark"}, follow=True))
    assert "Waiting for you" in read(mentor.get(stage))
    dashboard = read(mentor.get(reverse("mentorships:dashboard")))
    assert "Noor has marked “First conversation” as completed." in dashboard
    assert "Stage marked as completed" in read(mentor.post(stage, {"act": "mark"}, follow=True))
    twice = mentor.post(stage, {"act": "mark"})
    assert twice.status_code == 302
    assert "The stage is open again" in read(mentor.post(stage, {"act": "take_back"}, follow=True))
    assert mentor.post(stage, {"act": "explode"}).status_code == 404


def test_what_cannot_be_done_is_refused_and_said(visit: Visit, pair: Mentorship) -> None:
    set_policy(who_completes="mentor_when_asked")
    stage = at(pair, "stage", "progression")
    mentor = visit(pair.mentor)
    assert "Complete this stage" not in read(mentor.get(stage))
    refused = mentor.post(stage, {"act": "mark"})
    assert refused.status_code == 409
    assert "Nothing was changed" in read(refused)


def test_sheet_is_one_for_both_and_no_word_is_lost(visit: Visit, pair: Mentorship) -> None:
    mentee, mentor = visit(pair.mentee), visit(pair.mentor)
    sheet = at(pair, "activity", "agreement")
    began = {"version": "0", "often": "", "between": ""}
    mentee.post(sheet, {**began, "often": "Every month.\n<script>alert(1)</script>"})
    assert "&lt;script&gt;" in read(mentor.get(sheet))
    joined = mentor.post(sheet, {**began, "between": "Everything."}, follow=True)
    assert "Saved." in read(joined)
    assert Sheet.objects.get().answers["often"].startswith("Every month.")
    both = mentor.post(sheet, {**began, "often": "Every week."})
    assert both.status_code == 409
    assert "Noor Vane saved:" in read(both)
    assert "Every month." in read(both)
    assert "Every week." in read(both)
    assert Sheet.objects.get().number == 2
    number = str(Sheet.objects.get().number)
    mentor.post(sheet, {"version": number, "often": "Every week.", "between": "Everything."})
    assert SheetVersion.objects.count() == 3
    first = read(mentee.get(at(pair, "version", "agreement", 1)))
    assert "Every month." in first
    assert mentee.get(at(pair, "version", "agreement", 9)).status_code == 404


def test_sheet_has_its_limits_and_closes_with_the_journey(visit: Visit, pair: Mentorship) -> None:
    mentee, sheet = visit(pair.mentee), at(pair, "activity", "agreement")
    long = mentee.post(sheet, {"version": "0", "often": "x" * 6001})
    assert long.status_code == 422
    assert "6000 characters or fewer" in read(long)
    mentee.post(sheet, {"version": "0", "often": "Monthly 🌱"})
    mentee.post(reverse("mentorships:act", args=[pair.pk, "end"]))
    page = read(mentee.get(sheet))
    assert "Monthly 🌱" in page
    assert "This journey is over" in page
    assert "<textarea" not in page
    assert mentee.post(sheet, {"version": "1", "often": "Later"}).status_code == 422


def test_end_says_what_is_open_and_whose_word_completes(visit: Visit, pair: Mentorship) -> None:
    set_policy(who_completes="mentor_when_asked")
    mentee, mentor, end = visit(pair.mentee), visit(pair.mentor), at(pair, "ending")
    page = read(mentee.get(end))
    assert "Ending well" in page
    assert "Not marked as completed yet" in page
    assert "Ask Mara to complete the journey" in page
    assert "Complete the journey</button>" not in read(mentor.get(end))
    mentee.post(reverse("mentorships:act", args=[pair.pk, "mark_done"]))
    assert "Complete the journey</button>" in read(mentor.get(end))
    act = reverse("mentorships:act", args=[pair.pk, "complete"])
    done = read(mentor.post(act, follow=True))
    assert "Your journey with Noor Vane is complete" in done
    assert reverse("feedback:answer", args=[pair.pk]) in done
    assert "Go on informally" in done


def test_dashboard_costs_the_same_however_many_journeys(visit: Visit, pair: Mentorship) -> None:
    def cost() -> int:
        browser = visit(pair.mentor)
        browser.get(reverse("mentorships:dashboard"))
        with CaptureQueriesContext(connection) as counted:
            browser.get(reverse("mentorships:dashboard"))
        return len(counted)

    mark(pair, "first_conversation", pair.mentor)
    few = cost()
    for _ in range(4):
        more = make_mentorship(mentor=pair.mentor, state=State.ACTIVE)
        mark(more, "first_conversation", more.mentor)
    assert cost() == few


def test_menu_of_the_card_leads_to_the_road(visit: Visit, pair: Mentorship) -> None:
    programme = Programme.objects.get()
    tools = {"label": "Tools", "items": ["first_conversation", "road_map"]}
    programme.menus_data = {**programme.menus_data, "tools": tools}
    programme.save()
    page = read(visit(pair.mentee).get(reverse("mentorships:dashboard")))
    assert at(pair, "first_conversation") in page
    assert "Stage 1 of 3: First conversation" in page


def test_address_of_a_journey_that_is_not_there_is_not_found(
    visit: Visit, pair: Mentorship
) -> None:
    mentee = visit(pair.mentee)
    for asked in ("?journey=7", "?journey=x", "?journey=-1", "?journey="):
        assert mentee.get(at(pair, "road_map") + asked).status_code == 404
    assert mentee.get(at(pair, "stage", "nowhere")).status_code == 404
    assert mentee.get(at(pair, "activity", "nothing")).status_code == 404


def test_end_reminds_of_open_goals_and_leads_to_feedback(visit: Visit, pair: Mentorship) -> None:
    set_policy(who_completes="either", feedback="asked")
    for label in ("Lead a meeting", "Ask for a course"):
        add(pair, by=pair.mentee, label=label)
    goal = add(pair, by=pair.mentee, label="Write every Friday")
    complete(goal, by=pair.mentee)
    mentor, end = visit(pair.mentor), at(pair, "ending")
    page = read(mentor.get(end))
    assert "Lead a meeting" in page
    assert "Write every Friday" not in page
    mentor.post(reverse("mentorships:act", args=[pair.pk, "complete"]))
    done = read(mentor.get(end))
    assert "Ready to give feedback?" in done
    assert reverse("feedback:answer", args=[pair.pk]) in done
