"""Reading one's diary by time, by theme, by search, and taking it along."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from core.accounts.models import Person
from core.diary import rules
from tests.core.diary.conftest import Visit
from tests.factories.diary import make_entry
from tests.factories.mentorships import make_mentee

pytestmark = pytest.mark.django_db


def page(visit: Visit, person: Person, query: str = "") -> str:
    answer = visit(person).get(f"/diary/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_diary_without_entries_says_what_to_do(visit: Visit, writer: Person) -> None:
    assert "Write your first entry" in page(visit, writer)


def test_entries_stand_under_their_months_and_themes(visit: Visit, writer: Person) -> None:
    make_entry(writer, title="In winter", written_on=date(2026, 1, 5), themes=["Courage"])
    make_entry(writer, title="In spring", written_on=date(2026, 4, 5))
    seen = page(visit, writer)
    assert seen.index("April 2026") < seen.index("In spring") < seen.index("January 2026")
    for query in ("?month=2026-01", "?theme=Courage"):
        assert "In winter" in page(visit, writer, query)
        assert "In spring" not in page(visit, writer, query)
    assert "1 entry" in page(visit, writer, "?by=theme")


@pytest.mark.parametrize(
    "asked",
    ["listening", "listened", '"more than"', "naïve", "lern", "Übung", "courage", "first -second"],
)
def test_search_finds_words_stems_beginnings_and_themes(
    visit: Visit, writer: Person, asked: str
) -> None:
    make_entry(writer, title="First", text="I listened more than I talked, in a naïve way.\n"
               "Lernen ist Übung.", themes=["Courage"])  # fmt: skip
    make_entry(writer, title="Second", text="Something else, the second time.")
    seen = page(visit, writer, f"?q={asked}")
    assert ">First</a>" in seen
    assert ">Second</a>" not in seen
    assert "Nothing found" in page(visit, writer, "?q=elephants")


def test_what_is_found_is_marked_and_nothing_else_becomes_markup(
    visit: Visit, writer: Person
) -> None:
    make_entry(writer, text="<b>Courage</b> \ue000<script>\ue001 grows & grows", title="T")
    seen = page(visit, writer, "?q=courage")
    assert "<mark>Courage</mark>" in seen
    assert "<b>" not in seen
    assert "<script>\ue001" not in seen


@pytest.mark.parametrize(
    "query", ["?q=%00%27%22)%28:*%26!", "?q=' & |", "?month=2026-13", "?theme=%00", "?about=x",
              "?page=99", "?deleted=x", "?q=" + "x" * 5000],
)  # fmt: skip
def test_senseless_questions_are_answered_calmly(visit: Visit, writer: Person, query: str) -> None:
    make_entry(writer)
    page(visit, writer, query)


def test_long_diary_costs_as_many_queries_as_a_short_one(
    visit: Visit, writer: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(60):
        make_entry(writer, title=f"Entry {number}", themes=[f"theme {number}"])
    browser = visit(writer)
    browser.get("/diary/")
    with django_assert_max_num_queries(12):
        assert "Page 1 of 3" in browser.get("/diary/").content.decode()


def test_diary_is_taken_along_as_pdf_and_markdown(visit: Visit, writer: Person) -> None:
    make_entry(
        writer,
        title="日本語 and emoji 🙂",
        text="First line\n\n* a #star [here]",
        themes=["Courage"],
        prompt_kind="guide",
        prompt_key="choosing",
        prompt_label="Choosing",
        written_on=date(2026, 4, 5),
    )
    make_entry(writer, title="Of May", written_on=date(2026, 5, 5))
    make_entry(make_mentee(), title="Of somebody else")
    browser = visit(writer)
    pdf = PdfReader(BytesIO(browser.get("/diary/diary.pdf?month=2026-04").content))
    text = "".join(sheet.extract_text() for sheet in pdf.pages)
    assert "Diary of Noor Vane" in text
    assert "日本語" in text
    assert "* a #star [here]" in text
    assert "Guide: Choosing · Courage" in text
    assert "Of May" not in text
    root: Any = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    answer = browser.get("/diary/diary.md")
    assert "attachment" in answer["Content-Disposition"]
    assert "## 日本語 and emoji 🙂" in answer.content.decode()
    assert "Of May" in answer.content.decode()
    assert "Of somebody else" not in answer.content.decode()


def test_more_than_a_file_holds_is_said_in_words(
    visit: Visit, writer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "PAPER_CHARACTERS", 10)
    make_entry(writer)
    answer = visit(writer).get("/diary/diary.pdf")
    assert answer.status_code == 422
    assert "Choose a month or a theme" in answer.content.decode()
