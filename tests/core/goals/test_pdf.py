"""Goals as a PDF: read back as text, tagged, one or all, and for the two alone (product E7)."""

import io
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader

from core.goals import services
from core.goals.models import Goal
from core.kernel.models import Paper
from core.mentorships.models import Mentorship
from tests.core.goals.conftest import Visit

pytestmark = pytest.mark.django_db


def _read(answer: Any) -> tuple[PdfReader, str]:
    assert answer.headers["Content-Type"] == "application/pdf"
    document = PdfReader(io.BytesIO(answer.content))
    return document, " ".join(page.extract_text() for page in document.pages)


def test_one_goal_is_downloaded_with_all_that_stands_on_it(pair: Mentorship, visit: Visit) -> None:
    goal = services.add(
        pair, by=pair.mentee, label="Lead four meetings", details="Wicked #panic() <b> 目标 😀",
        expected_on=date(2026, 3, 8),
    )  # fmt: skip
    services.add_milestone(goal, by=pair.mentee, text="Watch two others")
    services.write_review(goal, by=pair.mentee, body="Going well")
    services.complete(goal, by=pair.mentee, outcome="I like it now")
    answer = visit(pair.mentor).get(f"/goals/{goal.pk}/goal.pdf")
    document, said = _read(answer)
    assert 'filename="lead-four-meetings.pdf"' in answer.headers["Content-Disposition"]
    for words in (
        "Lead four meetings", "#panic() <b> 目标", "Watch two others", "Going well",
        "I like it now", "Noor Vane", "8 March 2026", "Completed", "CILT(UK) Mentoring",
    ):  # fmt: skip
        assert words in said
    root: Any = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "pdfuaid" in root["/Metadata"].get_data().decode()


def test_all_goals_of_both_are_downloaded_but_no_deleted_ones(
    pair: Mentorship, visit: Visit
) -> None:
    services.add(pair, by=pair.mentee, label="Of the mentee")
    services.add(pair, by=pair.mentor, label="Of the mentor")
    services.delete(services.add(pair, by=pair.mentee, label="Thrown away"), by=pair.mentee)
    _, said = _read(visit(pair.mentee).get(f"/relationships/{pair.pk}/goals.pdf"))
    assert "Of the mentee" in said
    assert "Of the mentor" in said
    assert "Thrown away" not in said


def test_goals_that_fill_a_book_are_made_by_a_task_behind_a_page_with_a_bar(
    pair: Mentorship, visit: Visit, django_capture_on_commit_callbacks: Any
) -> None:
    Goal.objects.bulk_create(
        Goal(mentorship=pair, owner=pair.mentee, label=f"Goal {number}", details="word " * 2000)
        for number in range(60)
    )
    browser = visit(pair.mentee)
    with django_capture_on_commit_callbacks(execute=True):
        answer = browser.get(f"/relationships/{pair.pk}/goals.pdf")
    paper = Paper.objects.get()
    assert answer.url == f"/papers/{paper.pk}/"  # type: ignore[attr-defined]
    page = browser.get(f"/papers/{paper.pk}/").content.decode()
    assert "The PDF is ready." in page
    made = b"".join(browser.get(f"/papers/{paper.pk}/file.pdf").streaming_content)  # type: ignore[attr-defined]
    assert len(PdfReader(io.BytesIO(made)).pages) > 60
    assert visit(pair.mentor).get(f"/papers/{paper.pk}/").status_code == 404
