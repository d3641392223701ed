"""PDFs that take their time: ordered once, made once, read by their owner alone, kept for a day."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from core.accounts.models import Person
from core.kernel import clock, papers, pdf
from core.kernel.models import Paper, PaperState
from tenants.models import Institute
from tests.factories.mentorships import make_mentee

pytestmark = pytest.mark.django_db
Browser = Callable[[Person], Client]


@pytest.fixture(autouse=True)
def _kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers of the kind "poem", which nobody but the owner of the row may read."""

    def maker(owner_id: UUID, about: dict[str, Any]) -> papers.Sheet | None:
        if about.get("closed"):
            return None
        return papers.Sheet("poem", {"title": "A poem", "text": about.get("text", "")})

    source = '#import "base.typ": *\n#show: paper\n#paragraphs(data.text)'
    found = pdf.source_of
    monkeypatch.setattr(pdf, "source_of", lambda name: source if name == "poem" else found(name))
    monkeypatch.setitem(papers._makers, "poem", maker)


@pytest.fixture
def visit(member_client: Any, ciltuk: Institute) -> Browser:
    """A browser in which this person is signed in."""
    return lambda person: member_client(ciltuk, person)


def _order(owner: Person, **about: Any) -> papers.Order:
    return papers.Order(
        kind="poem", about=about, owner_id=owner.pk, title="A poem", file_name="poem.pdf",
        back_url="/help/", letters=1_000_000,
    )  # fmt: skip


def test_an_owner_waits_on_a_page_with_a_bar_and_then_downloads_the_pdf(visit: Browser) -> None:
    owner = make_mentee("Ada Bell")
    paper = papers.put_in_line(_order(owner, text="Roses"))
    browser = visit(owner)
    page = browser.get(paper.get_absolute_url()).content.decode()
    assert "<progress" in page
    assert '<noscript><meta http-equiv="refresh"' in page
    assert papers.make(paper.pk)
    page = browser.get(paper.get_absolute_url()).content.decode()
    assert "The PDF is ready." in page
    answer = browser.get(f"{paper.get_absolute_url()}file.pdf")
    assert b"".join(answer.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]
    assert 'filename="poem.pdf"' in answer.headers["Content-Disposition"]


def test_a_second_click_orders_no_second_pdf_and_a_second_bell_makes_none() -> None:
    owner = make_mentee("Ada Bell")
    first = papers.put_in_line(_order(owner, text="Roses"))
    assert papers.put_in_line(_order(owner, text="Roses")) == first
    assert papers.make(first.pk)
    assert not papers.make(first.pk)


def test_anybody_else_finds_no_such_page(visit: Browser) -> None:
    paper = papers.put_in_line(_order(make_mentee("Ada Bell"), text="Roses"))
    papers.make(paper.pk)
    other = visit(make_mentee("Bo Carr"))
    for address in (paper.get_absolute_url(), f"{paper.get_absolute_url()}file.pdf"):
        assert other.get(address).status_code == 404
        assert Client(HTTP_HOST=other.defaults["HTTP_HOST"]).get(address).status_code == 302


def test_what_the_owner_may_no_longer_read_is_not_made(visit: Browser) -> None:
    owner = make_mentee("Ada Bell")
    paper = papers.put_in_line(_order(owner, closed=True))
    assert not papers.make(paper.pk)
    page = visit(owner).get(paper.get_absolute_url()).content.decode()
    assert "could not be made" in page


def test_after_a_day_neither_the_row_nor_the_file_is_left() -> None:
    paper = papers.put_in_line(_order(make_mentee("Ada Bell"), text="Roses"))
    papers.make(paper.pk)
    stored_as = Paper.objects.get().stored_as
    assert papers.sweep() == 0
    with clock.frozen(clock.now() + timedelta(days=1, minutes=1)):
        assert papers.sweep() == 1
        assert papers.sweep() == 0
    assert not Paper.objects.exists()
    assert not default_storage.exists(stored_as)


def test_a_pdf_whose_maker_was_lost_is_given_up_and_can_be_ordered_again() -> None:
    owner = make_mentee("Ada Bell")
    paper = papers.put_in_line(_order(owner, text="Roses"))
    Paper.objects.update(state=PaperState.MAKING, begun_at=clock.now())
    assert not papers.make(paper.pk)
    with clock.frozen(clock.now() + timedelta(minutes=7)):
        papers.sweep()
        assert papers.put_in_line(_order(owner, text="Roses")) != paper
