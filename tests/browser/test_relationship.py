"""A relationship from the first question to withdrawing and going on, at two institutes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import FilePayload, Page, expect

from core.messaging.rules.writing import POLL_SECONDS
from tests.browser.site import Site, link_in
from tests.browser.steps import Newcomer, arrived, fill_profile, write_letter

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Page]
Accessible = Callable[[Page], None]
LETTER = "I lead a team of nine for the first time and would like to learn how to listen."


@dataclass
class Pair:
    """A mentor and a mentee, each in a browser of their own."""

    site: Site
    slug: str
    ask: str
    mentor: Newcomer
    mentee: Newcomer
    mentor_page: Page
    mentee_page: Page
    accessible: Accessible

    def click(self, page: Page, name: str) -> None:
        """Follow a link or press a button, then look at the page with axe."""
        main = page.get_by_role("main")
        main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first.click()
        page.wait_for_load_state()
        self.accessible(page)

    def told(self, who: Newcomer, subject: str, part: str) -> str:
        """The link in the mail that tells somebody."""
        return link_in(self.site.inbox.wait_for(who.email, subject), part)


@pytest.fixture(
    params=[
        pytest.param(("ciltuk", "request"), marks=pytest.mark.drill, id="ciltuk"),
        pytest.param(("guided", "proposal"), id="guided"),
    ]
)
def pair(
    request: pytest.FixtureRequest, site: Site, visitor: NewVisitor, accessible: Accessible
) -> Pair:
    """Two newcomers with complete profiles."""
    slug, ask = request.param
    made = Pair(
        site, slug, ask,
        Newcomer("Orla", f"Tern{slug}", "mentor"), Newcomer("Davit", f"Moss{slug}", "mentee"),
        visitor(width=390), visitor(), accessible,
    )  # fmt: skip
    for page, who in ((made.mentor_page, made.mentor), (made.mentee_page, made.mentee)):
        arrived(page, site, slug, who)
        page.goto(site.url(slug, "/profile/"))
        fill_profile(page)
    return made


def test_pair_walks_from_question_to_going_on(pair: Pair) -> None:
    _question_and_answer(pair)
    _request_and_edit(pair)
    if pair.slug == "guided":
        _changes_and_new_version(pair)
    _accept(pair)
    _message_with_file(pair)
    _meeting(pair)
    _withdraw_and_go_on(pair)


def _question_and_answer(pair: Pair) -> None:
    page = pair.mentee_page
    page.goto(pair.site.url(pair.slug, "/mentors/"))
    page.get_by_role("link", name=pair.mentor.name).first.click()
    pair.click(page, "Ask Question")
    page.get_by_label("Your question").or_(page.get_by_label("Your message")).first.fill(
        "Do you also help people who work at night?"
    )
    page.clock.install()
    pair.click(page, "Send question")
    page = pair.mentor_page
    page.goto(pair.site.url(pair.slug, "/messages/"))
    page.get_by_role("link", name=pair.mentee.name).first.click()
    expect(page.get_by_text("who work at night?")).to_be_visible()
    page.get_by_label("Your message").fill("I do, and I did so myself for years.")
    page.get_by_role("main").get_by_role("button", name="Send").first.click()
    expect(page.locator(".message.own")).to_contain_text("did so myself for years")
    pair.mentee_page.clock.fast_forward(POLL_SECONDS * 1000)
    # It arrives at the other side without reload.
    expect(pair.mentee_page.get_by_text("did so myself for years")).to_be_visible(timeout=20_000)


def _request_and_edit(pair: Pair) -> None:
    page = pair.mentee_page
    page.goto(pair.site.url(pair.slug, "/mentors/"))
    page.get_by_role("link", name=pair.mentor.name).first.click()
    write_letter(page, LETTER)
    page.get_by_role("button", name="Look it over").click()
    pair.click(page, f"Send {pair.ask}")
    pair.click(page, f"Edit {pair.ask}")
    page.get_by_label("statement").fill(LETTER + " I can meet on Fridays.")
    pair.click(page, "Save and tell them")
    expect(page.get_by_text("I can meet on Fridays").first).to_be_visible()


def _changes_and_new_version(pair: Pair) -> None:
    page = pair.mentor_page
    page.goto(pair.told(pair.mentor, pair.ask, "/relationships/"))
    pair.click(page, "Ask for changes")
    page.get_by_label("What would you like to be changed").fill("Tell me what you tried so far.")
    pair.click(page, "Send")
    page = pair.mentee_page
    page.goto(pair.told(pair.mentee, "change", "/relationships/").split("?")[0])
    if page.get_by_role("button", name="Send new version").count() == 0:
        pair.click(page, "Send a new version")
    page.get_by_label("statement").fill(LETTER + " So far I have kept a diary.")
    pair.click(page, "Send new version")


def _accept(pair: Pair) -> None:
    page = pair.mentor_page
    page.goto(pair.told(pair.mentor, pair.ask, "/relationships/"))
    assert pair.mentee.email not in page.content()
    pair.click(page, f"Accept {pair.ask}")
    expect(page.get_by_role("link", name=pair.mentee.email).first).to_be_visible()


def _message_with_file(pair: Pair) -> None:
    page = pair.mentee_page
    page.goto(pair.site.url(pair.slug, "/messages/"))
    page.get_by_role("link", name=pair.mentor.name).first.click()
    page.get_by_label("Your message").fill("Here is the plan that I spoke of.")
    page.locator("input[type=file]").set_input_files(
        FilePayload(name="plan.txt", mimeType="text/plain", buffer=b"Listen first.")
    )
    page.get_by_role("main").get_by_role("button", name="Send").first.click()
    expect(page.get_by_role("link", name="plan.txt")).to_be_visible()
    pair.accessible(page)
    file = pair.mentor_page
    file.goto(page.url.replace(page.url, pair.site.url(pair.slug, "/messages/")))
    file.get_by_role("link", name=pair.mentee.name).first.click()
    with file.expect_download() as got:
        file.get_by_role("link", name="plan.txt").click()
    assert got.value.suggested_filename == "plan.txt"
    assert got.value.path().read_bytes() == b"Listen first."


def _meeting(pair: Pair) -> None:
    page = pair.mentee_page
    page.goto(pair.site.url(pair.slug, "/meetings/"))
    page.get_by_role("main").get_by_role("link", name=pair.mentor.name).or_(
        page.get_by_role("link", name="Arrange a meeting")
    ).first.click()
    on = datetime.now(UTC) + timedelta(days=6)
    page.get_by_label("Title").fill("Our first conversation")
    for box, value in (("Day", on.day), ("Month", on.month), ("Year", on.year)):
        page.get_by_label(box, exact=True).fill(str(value))
    page.get_by_label("Start time").fill("14:30")
    page.get_by_label("Duration").fill("45")
    pair.click(page, "Arrange the meeting")
    mail = pair.site.inbox.wait_for(pair.mentor.email, "(?i)first conversation|meeting")
    invitation = next(part for part in mail.walk() if part.get_content_type() == "text/calendar")
    assert "Our first conversation" in invitation.get_content()


def _withdraw_and_go_on(pair: Pair) -> None:
    page = pair.mentee_page
    page.goto(pair.site.url(pair.slug, "/relationships/"))
    page.get_by_role("main").get_by_role("link", name=pair.mentor.name).first.click()
    here = page.url
    pair.click(page, "Withdraw from the relationship")
    pair.click(page, "Withdraw from the relationship")
    page.goto(here)
    assert pair.mentor.email not in page.content()
    other = pair.mentor_page
    other.goto(here)
    assert pair.mentee.email not in other.content()
    # Going on needs the other's yes.
    pair.click(page, f"Ask {pair.mentor.name} to go on")
    pair.click(page, "Send it again")
    other.goto(here)
    pair.click(other, f"Accept {pair.ask}")
    expect(other.get_by_role("link", name=pair.mentee.email).first).to_be_visible()
