"""Goals as their owners write them and their partners read them (product E4 to E7)."""

from datetime import date, timedelta
from typing import Any

import pytest

from core.accounts.models import Person
from core.goals import services
from core.goals.models import Goal, Milestone
from core.kernel import clock
from core.kernel.models import AuditEntry, OutboxMail
from core.mentorships.models import Mentorship
from core.mentorships.states import State
from tests.core.goals.conftest import NOON, Visit
from tests.factories.mentorships import make_mentee

pytestmark = pytest.mark.django_db
SOON = date(2026, 3, 8)


def _filled(**changed: str) -> dict[str, str]:
    return {
        "form_key": "0192f0c1-0000-7000-8000-000000000001",
        "label": "Lead four meetings",
        "details": "And ask two colleagues.",
        "expected_on_day": "8",
        "expected_on_month": "3",
        "expected_on_year": "2026",
        **changed,
    }


def _goal(pair: Mentorship, owner: Person | None = None, **fields: Any) -> Goal:
    values = {"label": "Lead four meetings", "expected_on": SOON, **fields}
    return services.add(pair, by=owner or pair.mentee, **values)


def test_a_mentee_writes_a_goal_and_finds_it_listed_with_its_date_in_words(
    pair: Mentorship, visit: Visit
) -> None:
    browser = visit(pair.mentee)
    new = f"/relationships/{pair.pk}/goals/new/"
    first = browser.post(new, _filled())
    second = browser.post(new, _filled())
    goal = Goal.objects.get()
    assert first.url == second.url == f"/goals/{goal.pk}/"  # type: ignore[attr-defined]
    assert "Goal successfully saved" in browser.get(first.url).content.decode()  # type: ignore[attr-defined]
    page = browser.get(f"/relationships/{pair.pk}/goals/").content.decode()
    assert "Due 6 days from now" in page
    with clock.frozen(NOON + timedelta(days=8)):
        assert "2 days overdue" in browser.get(f"/goals/{goal.pk}/").content.decode()


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"label": "  "}, "Say in a few words what the goal is."),
        ({"label": "x" * 121}, "Use 120 characters or fewer."),
        ({"details": "x" * 10_001}, "Use 10000 characters or fewer."),
        ({"expected_on_day": "31", "expected_on_month": "2"}, "Enter a real date"),
        ({"expected_on_year": "2025"}, "is in the past"),
        ({"expected_on_year": ""}, "The date must include a year."),
        ({"no_date": "on"}, "Take out the date, or the tick"),
        (
            {"expected_on_day": "", "expected_on_month": "", "expected_on_year": ""},
            "Enter the date, or tick that this goal has none.",
        ),
    ],
)
def test_what_cannot_be_is_told_at_its_field_and_nothing_is_lost(
    pair: Mentorship, visit: Visit, changed: dict[str, str], message: str
) -> None:
    answer = visit(pair.mentee).post(f"/relationships/{pair.pk}/goals/new/", _filled(**changed))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert message in page
    assert "And ask two colleagues." in page or "details" in changed
    assert not Goal.objects.exists()


def test_a_goal_without_a_date_is_saved_with_a_hint(pair: Mentorship, visit: Visit) -> None:
    browser = visit(pair.mentee)
    empty = {
        "expected_on_day": "",
        "expected_on_month": "",
        "expected_on_year": "",
        "no_date": "on",
    }
    where = browser.post(f"/relationships/{pair.pk}/goals/new/", _filled(**empty)).url  # type: ignore[attr-defined]
    page = browser.get(where).content.decode()
    assert "No date" in page
    assert "There is no date yet." in page


def test_a_partner_reads_a_goal_and_the_page_says_whose_it_is(
    pair: Mentorship, visit: Visit
) -> None:
    goal = _goal(pair)
    services.add_milestone(goal, by=pair.mentee, text="Watch two others")
    page = visit(pair.mentor).get(f"/goals/{goal.pk}/").content.decode()
    assert "This is Noor Vane’s goal: you can read it, only Noor Vane can change it." in page
    for label in ("Complete Goal", ">Edit<", ">Delete<", "Add milestone", "Mark as done"):
        assert label not in page


def test_a_partner_who_tries_to_change_a_goal_finds_no_page_and_leaves_no_trace(
    pair: Mentorship, visit: Visit
) -> None:
    goal = _goal(pair)
    step = services.add_milestone(goal, by=pair.mentee, text="Watch two others")
    note = services.write_review(goal, by=pair.mentee, body="Going well")
    before = (AuditEntry.objects.count(), Goal.objects.values().get())
    browsers = [visit(pair.mentor), visit(make_mentee("Oda Stone"))]
    for browser in browsers:
        for address in (
            f"/goals/{goal.pk}/edit/", f"/goals/{goal.pk}/complete/", f"/goals/{goal.pk}/reopen/",
            f"/goals/{goal.pk}/delete/", f"/goals/{goal.pk}/restore/",
            f"/goals/{goal.pk}/milestones/", f"/goals/{goal.pk}/reviews/",
            f"/goals/milestones/{step.pk}/", f"/goals/milestones/{step.pk}/tick/",
            f"/goals/milestones/{step.pk}/remove/", f"/goals/reviews/{note.pk}/remove/",
        ):  # fmt: skip
            answer = browser.post(address, _filled(text="x", body="x"))
            assert answer.status_code == 404, address
    assert (AuditEntry.objects.count(), Goal.objects.values().get()) == before
    assert Milestone.objects.get().done_at is None


def test_a_stranger_and_staff_find_no_goals(pair: Mentorship, visit: Visit) -> None:
    goal = _goal(pair)
    for person in (make_mentee("Oda Stone"), make_mentee("Pia Reed", is_staff=True)):
        browser = visit(person)
        for address in (
            f"/goals/{goal.pk}/", f"/goals/{goal.pk}/goal.pdf", f"/relationships/{pair.pk}/goals/",
            f"/relationships/{pair.pk}/goals.pdf",
        ):  # fmt: skip
            assert browser.get(address).status_code == 404


def test_an_overdue_goal_can_be_changed_without_a_new_date(pair: Mentorship, visit: Visit) -> None:
    goal = _goal(pair)
    with clock.frozen(NOON + timedelta(days=20)):
        answer = visit(pair.mentee).post(
            f"/goals/{goal.pk}/edit/", _filled(label="Lead three meetings", seen="1")
        )
    assert answer.status_code == 302
    goal.refresh_from_db()
    assert (goal.label, goal.expected_on) == ("Lead three meetings", SOON)


def test_two_windows_do_not_overwrite_each_other(pair: Mentorship, visit: Visit) -> None:
    goal = _goal(pair)
    browser = visit(pair.mentee)
    browser.post(f"/goals/{goal.pk}/edit/", _filled(label="First window", seen="1"))
    late = browser.post(f"/goals/{goal.pk}/edit/", _filled(label="Second window", seen="1"))
    assert late.status_code == 422
    assert "in another window" in late.content.decode()
    assert "Second window" in late.content.decode()
    assert Goal.objects.get().label == "First window"
    browser.post(f"/goals/{goal.pk}/edit/", _filled(label="Second window", seen="2"))
    assert Goal.objects.get().label == "Second window"


def test_milestones_are_added_ticked_moved_dated_and_removed(
    pair: Mentorship, visit: Visit
) -> None:
    goal = _goal(pair)
    browser = visit(pair.mentee)
    key = "0192f0c1-0000-7000-8000-00000000000"
    for number, text in enumerate(("One", "Two", "Two")):
        browser.post(
            f"/goals/{goal.pk}/milestones/", {"text": text, "form_key": f"{key}{min(number, 1)}"}
        )
    one, two = goal.milestones.all()
    browser.post(f"/goals/milestones/{two.pk}/up/")
    browser.post(f"/goals/milestones/{two.pk}/tick/")
    browser.post(f"/goals/milestones/{two.pk}/tick/")
    assert [step.text for step in goal.milestones.all()] == ["Two", "One"]
    page = browser.get(f"/goals/{goal.pk}/").content.decode()
    assert "1 of 2 milestones done" in page
    browser.post(
        f"/goals/milestones/{one.pk}/",
        {"text": "One", "due_on_day": "3", "due_on_month": "3", "due_on_year": "2026"},
    )
    assert "Due tomorrow" in browser.get(f"/goals/{goal.pk}/").content.decode()
    browser.post(f"/goals/milestones/{one.pk}/remove/")
    assert goal.milestones.get() == two
    refused = browser.post(f"/goals/{goal.pk}/milestones/", {"text": ""})
    assert refused.status_code == 422
    assert "Say what the step is." in refused.content.decode()


def test_a_goal_is_reviewed_completed_and_reopened(pair: Mentorship, visit: Visit) -> None:
    goal = _goal(pair)
    browser = visit(pair.mentee)
    browser.post(f"/goals/{goal.pk}/reviews/", {"body": "Two meetings done"})
    for _ in range(2):
        browser.post(f"/goals/{goal.pk}/complete/", {"outcome": "I like it now"})
    page = visit(pair.mentor).get(f"/goals/{goal.pk}/").content.decode()
    for words in ("Completed", "I like it now", "Two meetings done", "2 March 2026"):
        assert words in page
    assert AuditEntry.objects.filter(verb="goal.completed").count() == 1
    assert browser.post(f"/goals/{goal.pk}/reviews/", {"body": "More"}).status_code == 422
    browser.post(f"/goals/{goal.pk}/reopen/")
    assert not Goal.objects.get().is_completed


def test_a_deleted_goal_is_gone_for_the_partner_and_can_be_undone_for_a_month(
    pair: Mentorship, visit: Visit
) -> None:
    goal = _goal(pair)
    mine, theirs = visit(pair.mentee), visit(pair.mentor)
    page = mine.post(f"/goals/{goal.pk}/delete/", follow=True).content.decode()
    assert "Goal deleted." in page
    assert f"/goals/{goal.pk}/restore/" in page
    assert theirs.get(f"/goals/{goal.pk}/").status_code == 404
    assert (
        "Lead four meetings" not in theirs.get(f"/relationships/{pair.pk}/goals/").content.decode()
    )
    with clock.frozen(NOON + timedelta(days=29)):
        assert services.sweep() == 0
        mine.post(f"/goals/{goal.pk}/restore/")
    assert theirs.get(f"/goals/{goal.pk}/").status_code == 200
    mine.post(f"/goals/{goal.pk}/delete/")
    with clock.frozen(NOON + timedelta(days=31)):
        assert services.sweep() == 1
    assert not Goal.objects.exists()


def test_after_the_end_goals_are_read_and_completed_but_not_written(
    pair: Mentorship, visit: Visit
) -> None:
    goal = _goal(pair)
    Mentorship.objects.update(state=State.ENDED)
    browser = visit(pair.mentee)
    page = browser.get(f"/goals/{goal.pk}/").content.decode()
    assert "Complete Goal" in page
    assert ">Edit<" not in page
    assert "Download (PDF)" in page
    assert browser.get(f"/relationships/{pair.pk}/goals/new/").status_code == 422
    assert browser.post(f"/goals/{goal.pk}/milestones/", {"text": "x"}).status_code == 422
    browser.post(f"/goals/{goal.pk}/complete/", {"outcome": ""})
    assert Goal.objects.get().is_completed


def test_five_hundred_goals_are_the_most(pair: Mentorship, visit: Visit) -> None:
    Goal.objects.bulk_create(
        Goal(mentorship=pair, owner=pair.mentee, label=f"Goal {number}") for number in range(500)
    )
    answer = visit(pair.mentee).post(f"/relationships/{pair.pk}/goals/new/", _filled())
    assert answer.status_code == 422
    assert "You have 500 goals here." in answer.content.decode()
    page = visit(pair.mentee).get(f"/relationships/{pair.pk}/goals/").content.decode()
    assert "Page 1 of 10" in page


def test_the_list_costs_the_same_however_many_goals_there_are(
    pair: Mentorship, visit: Visit, django_assert_max_num_queries: Any
) -> None:
    browser = visit(pair.mentor)
    for number in range(12):
        goal = _goal(pair, label=f"Goal {number}")
        services.add_milestone(goal, by=pair.mentee, text="One")
    browser.get(f"/relationships/{pair.pk}/goals/")
    with django_assert_max_num_queries(14):
        browser.get(f"/relationships/{pair.pk}/goals/")


def test_an_owner_is_reminded_once_before_the_date(pair: Mentorship) -> None:
    goal = _goal(pair)
    _goal(pair, label="Without a date", expected_on=None)
    _goal(pair, owner=pair.mentor, label="Of the mentor", expected_on=SOON + timedelta(days=60))
    assert services.remind() == 0
    with clock.frozen(NOON + timedelta(days=4)):
        _goal(pair, label="Fresh in mind", expected_on=SOON)
        assert services.remind() == 1
        assert services.remind() == 0
    mail = OutboxMail.objects.get(kind="goal_reminder")
    assert mail.to_address == pair.mentee.email
    assert mail.subject == "Your goal is due 2 days from now: Lead four meetings"
    assert f"/goals/{goal.pk}/" in mail.text
    later = SOON + timedelta(days=30)
    with clock.frozen(NOON + timedelta(days=5)):
        services.change(
            goal, by=pair.mentee, label=goal.label, details="", expected_on=later, seen=1
        )
    with clock.frozen(NOON + timedelta(days=34)):
        assert services.remind() == 1


def test_who_muted_reminders_completed_or_ended_gets_none(pair: Mentorship) -> None:
    Person.objects.filter(pk=pair.mentee_id).update(muted_mails=["goal_reminder"])
    _goal(pair)
    done = _goal(pair, owner=pair.mentor, label="Done")
    services.complete(done, by=pair.mentor)
    with clock.frozen(NOON + timedelta(days=4)):
        services.remind()
    assert not OutboxMail.objects.filter(kind="goal_reminder").exists()


def test_staff_choose_the_words_and_members_see_them(pair: Mentorship, visit: Visit) -> None:
    staff = visit(make_mentee("Pia Reed", is_staff=True))
    page = staff.get("/staff/smart/")
    form = page.context["form"]
    filled = {name: form[name].value() for name in form.fields}
    refused = staff.post("/staff/smart/", {**filled, "r_word": "Attainable"})
    assert refused.status_code == 422
    staff.post("/staff/smart/", {**filled, "r_word": "Rewarding"})
    about = visit(pair.mentee).get("/goals/about/").content.decode()
    assert "Rewarding" in about
    assert visit(pair.mentee).get("/staff/smart/").status_code == 404
