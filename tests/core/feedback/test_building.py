"""Staff write a survey, publish it as a version, and answer those who want contact."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.models import Person
from core.feedback import queries, services
from core.feedback.models import ContactWish, SurveyDraft
from core.feedback.rules.survey import DEFAULTS, Survey
from core.kernel.models import AuditEntry
from core.mentorships.models import Mentorship
from tests.core.feedback.conftest import Visit
from tests.factories.feedback import make_invitation, make_survey
from tests.factories.mentorships import make_mentor

pytestmark = pytest.mark.django_db
EDIT = "/staff/surveys/completion/"


@pytest.fixture
def browser(visit: Visit, staff: Person) -> Client:
    return visit(staff)


def boxes(seen: int, questions: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """The form as a browser sends it."""
    data: dict[str, Any] = {
        "title": "How was it?", "intro": "", "thanks": "", "seen": str(seen),
        "question": [one["key"] for one in questions], **more,
    }  # fmt: skip
    for one in questions:
        for box, value in one.items():
            if box == "options":
                data[f"{one['key']}-option-key"] = [key for key, _ in value]
                data[f"{one['key']}-option"] = [label for _, label in value]
            elif box != "key":
                data[f"{one['key']}-{box}"] = value
    return data


WORTH = {"key": "worth", "kind": "scale", "label": "Worth it?", "low": "No", "high": "Yes"}
AGAIN = {
    "key": "again", "kind": "choice", "label": "Once more?",
    "options": [("yes", "Yes, gladly"), ("no", ""), ("", "Perhaps"), ("", " ")],
}  # fmt: skip


def test_staff_add_move_remove_and_publish_without_a_script(browser: Client) -> None:
    make_survey()
    browser.post(EDIT, boxes(0, [WORTH, AGAIN], do="add:text"))
    draft = SurveyDraft.objects.get()
    assert [one["kind"] for one in draft.document["questions"]] == ["scale", "choice", "text"]
    new = {"key": draft.document["questions"][2]["key"], "kind": "text", "label": "Anything else?"}
    answer = browser.post(EDIT, boxes(1, [WORTH, AGAIN, new], do=f"up:{new['key']}"))
    assert answer.headers["Location"].endswith(f"#{new['key']}")
    browser.post(EDIT, boxes(2, [WORTH, new, AGAIN], do="remove:worth"))
    browser.post(EDIT, boxes(3, [new, AGAIN], do="publish"))
    survey, versions = queries.in_force("completion"), queries.versions("completion")
    assert [one.key for one in survey.questions] == [new["key"], "again"]
    options = survey.questions[1].options
    assert [one.label for one in options] == ["Yes, gladly", "Perhaps"]
    assert options[0].key == "yes", "better words keep the counts"
    assert versions[1].retired_at is not None
    assert not SurveyDraft.objects.exists()
    assert AuditEntry.objects.filter(verb="survey.published", actor_name="Tessa Rowe").exists()


def test_running_answers_keep_their_version(browser: Client, pair: Mentorship) -> None:
    make_survey()
    asked = make_invitation(pair)
    browser.post(EDIT, boxes(0, [{**WORTH, "label": "New words?"}], do="publish"))
    assert queries.in_force("completion").questions[0].label == "New words?"
    asked.refresh_from_db()
    assert asked.questions.questions[0].label == "Worth it?"


@pytest.mark.parametrize(
    ("questions", "told"),
    [
        ([], "Add a question"),
        ([{**WORTH, "label": ""}], "Write the question."),
        ([{**AGAIN, "options": [("yes", "Yes")]}], "Give two answers or more"),
        ([{**AGAIN, "options": [("", "Yes"), ("", "yes")]}], "Two answers are the same"),
        ([{**WORTH, "audience": "mentor"}], "no question for a mentee"),
        ([{**WORTH, "label": "x" * 201}], "Shorten this to 200"),
        ([{**WORTH, "label": "Who is {{ nobody }}?"}], "stands for nothing"),
    ],
)
def test_unfinished_survey_is_kept_but_not_published(
    browser: Client, questions: list[dict[str, Any]], told: str
) -> None:
    before = queries.versions("completion")
    answer = browser.post(EDIT, boxes(0, questions, do="publish"))
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert SurveyDraft.objects.count() == 1
    assert queries.versions("completion") == before
    if questions:
        assert browser.get(EDIT, {"check": "1"}).status_code == 200


def test_two_who_write_at_once_lose_nothing(browser: Client) -> None:
    browser.post(EDIT, boxes(0, [WORTH], do="save"))
    answer = browser.post(EDIT, boxes(0, [{**WORTH, "label": "Mine"}], do="save"))
    assert answer.status_code == 409
    assert "Mine" in answer.content.decode()
    assert SurveyDraft.objects.get().document["questions"][0]["label"] == "Worth it?"
    browser.post(EDIT, boxes(1, [{**WORTH, "label": "Mine"}], do="save"))
    assert SurveyDraft.objects.get().document["questions"][0]["label"] == "Mine"


def test_preview_shows_what_members_will_see(browser: Client) -> None:
    only = {"key": "quiet", "kind": "text", "label": "For mentors alone?", "audience": "mentor"}
    answer = browser.post(EDIT, boxes(0, [WORTH, only], do="preview"), follow=True)
    assert "For mentors alone?" not in answer.content.decode()
    page = reverse("staff:survey_preview", args=["completion"])
    mentors = browser.get(page, {"draft": "1", "role": "mentor"}).content.decode()
    assert "For mentors alone?" in mentors
    assert "Send my feedback" not in mentors
    assert browser.get(page, {"version": "99"}).status_code == 404


def test_draft_is_thrown_away_and_odd_forms_do_no_harm(browser: Client) -> None:
    browser.post(EDIT, boxes(0, [WORTH], do="save"))
    browser.post(EDIT, {"do": "discard"})
    assert not SurveyDraft.objects.exists()
    odd = {
        "question": ["../x", "worth", "worth"],
        "worth-kind": "bomb",
        "seen": "9" * 5000,
        "do": "up:?",
    }
    assert browser.post(EDIT, odd).status_code == 409
    assert browser.post(EDIT, {**odd, "seen": "x"}).status_code == 302
    assert SurveyDraft.objects.get().document["questions"] == []
    assert browser.get("/staff/surveys/").status_code == 200


def test_members_do_not_come_in(visit: Visit) -> None:
    member = visit(make_mentor())
    for page in ("", "completion/", "completion/preview/", "completion/results/"):
        assert member.get(f"/staff/surveys/{page}").status_code == 404


def test_team_follows_up_a_wish_and_who_read_it_is_noted(browser: Client, pair: Mentorship) -> None:
    asked = make_invitation(pair)
    services.answer(asked, by=pair.mentee, answers={}, concern="He never came", contact=True)
    wish = ContactWish.objects.get()
    page = reverse("staff:feedback_wish", args=[wish.pk])
    assert "He never came" in browser.get(page).content.decode()
    assert AuditEntry.objects.filter(verb="feedback wish read", thing_id=str(wish.pk)).exists()
    browser.post(page, {"step": "answer", "note": "We spoke on the phone."})
    wish.refresh_from_db()
    assert (wish.state, wish.note) == ("answered", "We spoke on the phone.")
    browser.post(page, {"step": "reopen"})
    wish.refresh_from_db()
    assert wish.state == "open"
    assert browser.get("/staff/feedback/contactwish/").status_code == 200
    row = browser.get(f"/staff/feedback/contactwish/{wish.pk}/change/")
    assert row.headers["Location"] == page


def test_products_own_surveys_are_good() -> None:
    for survey in DEFAULTS.values():
        assert Survey.model_validate(survey.model_dump(mode="json")) == survey
