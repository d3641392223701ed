"""The journey of two people from the first conversation to a new one, at two institutes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.site import Site, link_in
from tests.browser.steps import Newcomer, fill_profile, read_guides, register, sign_in, write_letter
from tests.browser.writing import threads_of
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Page]
Accessible = Callable[[Page], None]


@dataclass
class Walker:
    """One of the two in a browser of their own."""

    page: Page
    site: Site
    slug: str
    accessible: Accessible

    def goto(self, path: str) -> None:
        """Open a page of the institute."""
        self.page.goto(self.site.url(self.slug, path))

    def click(self, name: str) -> None:
        """Follow a link or press a button, then look at the page with axe."""
        main = self.page.get_by_role("main")
        found = main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name))
        found.first.click()
        self.page.wait_for_load_state()
        self.accessible(self.page)
        assert self.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

    def menu(self, label: str, item: str) -> None:
        """Choose from a menu of the only card on the dashboard."""
        self.goto("/relationships/")
        self.page.locator("summary", has_text=label).first.click()
        self.page.get_by_role("link", name=item, exact=True).first.click()

    def sees(self, text: str) -> None:
        """The page says so."""
        expect(self.page.get_by_role("main").get_by_text(text).first).to_be_visible()

    def messaged(self, text: str) -> None:
        """The page answers so, wherever its messages stand."""
        expect(self.page.get_by_text(text).first).to_be_visible()


def test_pair_marks_its_own_stages_from_first_conversation_to_a_new_journey(
    site: Site, visitor: NewVisitor, accessible: Accessible
) -> None:
    threads_of(site, "ciltuk", "ilse", "jory")
    mentor = Walker(visitor(width=390), site, "ciltuk", accessible)
    mentee = Walker(visitor(), site, "ciltuk", accessible)
    for walker, name in ((mentor, "ilse"), (mentee, "jory")):
        sign_in(walker.page, site, "ciltuk", name, PASSWORD)

    # The first conversation leads to the meeting and the tools.
    mentee.menu("Goals", "First conversation")
    mentee.sees("First conversation with Ilse Moss")
    first = mentee.page.url
    expect(mentee.page.get_by_role("link", name="Arrange the meeting")).to_be_visible()
    mentee.click("Our working agreement")
    mentee.page.get_by_label("How often do we meet").fill("Every three weeks, on Thursdays.")
    mentee.click("Save")
    for canvas, box in (("SWOT", "Strengths"), ("G-STAR", "Goals")):
        mentee.page.goto(first)
        mentee.click(canvas)
        mentee.click(f"Begin a {canvas}")
        mentee.page.get_by_label(box, exact=True).fill("I know the night shift from inside.")
        expect(mentee.page.get_by_text("Saved at")).to_be_visible()
    mentee.page.goto(first)
    mentee.click("SMART goals")
    _a_goal_with_milestones(mentee)

    # Each marks the stage; the other is told by mail.
    mentee.page.goto(first)
    mentee.click("Mark this stage as completed")
    mentee.messaged("It counts when Ilse has marked it too.")
    asked = site.inbox.wait_for("ilse@people.example", "First conversation")
    mentor.page.goto(link_in(asked, "/stages/"))
    mentor.sees("Waiting for you")
    mentor.click("Mark this stage as completed")
    mentor.sees("You are at stage 2 of 3: Progression")
    mentee.goto("/relationships/")
    mentee.sees("Stage 2 of 3: Progression")
    mentee.click("Stage 2 of 3: Progression")
    for walker in (mentee, mentor):
        walker.goto("/relationships/")
        walker.page.get_by_role("link", name="Stage 2 of 3").click()
        walker.click("Go to this stage")
        walker.click("Mark this stage as completed")
    mentor.sees("You are at stage 3 of 3: Journey completion")

    # The end, with what is still open; feedback; and on to a new journey.
    mentee.goto("/relationships/")
    mentee.page.get_by_role("link", name="Stage 3 of 3").click()
    mentee.click("Go to this stage")
    mentee.sees("Goals still open")
    mentee.click("Mark as complete")
    done = site.inbox.wait_for("ilse@people.example", "complete")
    mentor.page.goto(link_in(done, "/journey/ending/"))
    mentor.click("Complete the journey")
    mentor.sees("Your journey with Jory Moss is complete")
    _feedback(mentor)
    mentee.page.reload()
    mentee.sees("Ready to give feedback?")
    _feedback(mentee)
    mentee.page.goto(first.replace("first-conversation/", ""))
    mentee.sees("This journey is over")
    mentee.page.goto(first.replace("first-conversation", "ending"))
    mentee.click("Start a new journey")
    write_letter(mentee.page, "A year later I lead the depot, and the questions are other ones.")
    mentee.page.get_by_role("button", name="Look it over").click()
    mentee.click("Send request")
    mentor.page.goto(
        link_in(site.inbox.wait_for("ilse@people.example", "request"), "/relationships/")
    )
    mentor.click("Accept request")
    mentor.goto("/relationships/")
    mentor.sees("Stage 1 of 3: First conversation")
    mentor.page.get_by_role("link", name="Stage 1 of 3").click()
    mentor.sees("Journey 1")


def _a_goal_with_milestones(mentee: Walker) -> None:
    page = mentee.page
    mentee.click("Add a goal")
    page.get_by_label("Goal", exact=True).fill("Lead the Monday meeting 🌱 in fifty minutes")
    page.get_by_label("This goal has no date").check()
    mentee.click("Save goal")
    for milestone in ("Send the agenda on Friday", "Let Ines chair once"):
        if not page.get_by_label("Milestone", exact=True).is_visible():
            page.locator("summary", has_text="Add a milestone").click()
        page.get_by_label("Milestone", exact=True).fill(milestone)
        mentee.click("Add milestone")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download (PDF)").click()
    document = PdfReader(download.value.path())
    text = "\n".join(one.extract_text() for one in document.pages)
    assert "Lead the Monday meeting" in text
    assert "Let Ines chair once" in text
    root: Any = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root


def _feedback(walker: Walker) -> None:
    walker.click("Give feedback")
    main = walker.page.get_by_role("main")
    for group in main.get_by_role("group").all():
        if group.get_by_role("radio").count():
            group.locator("label").last.click()  # it lies over the dot
    walker.click("Send my feedback")
    walker.sees("Thank you")


def test_pair_is_guided_and_the_mentor_completes_when_asked(
    site: Site, visitor: NewVisitor, accessible: Accessible
) -> None:
    slug = "guided"
    one, other = Newcomer("Enid", "Roadley", "mentor"), Newcomer("Tomas", "Wayland", "mentee")
    mentor = Walker(visitor(), site, slug, accessible)
    mentee = Walker(visitor(width=390), site, slug, accessible)
    for walker, who in ((mentor, one), (mentee, other)):
        register(walker.page, site, slug, who)
        walker.goto("/profile/")
        walker.messaged("Please read these first")  # guides before the profile
        read_guides(walker.page, site, slug)
        walker.goto("/profile/")
        fill_profile(walker.page)
    mentee.goto("/mentors/")
    mentee.page.get_by_role("link", name=one.name).first.click()
    write_letter(mentee.page, "I would like to find out whether leading people is for me at all.")
    mentee.page.get_by_role("button", name="Look it over").click()
    mentee.click("Send proposal")
    mentor.page.goto(link_in(site.inbox.wait_for(one.email, "proposal"), "/relationships/"))
    mentor.click("Accept proposal")

    # The road map: a stage, its activity, a thought for the diary.
    mentee.menu("The journey", "Road map")
    mentee.sees("You are at stage 1 of 6: First conversation")
    mentee.click("How we walk together")
    mentee.page.get_by_label("What stays between us?").fill("All of it.")
    mentee.click("Save")
    mentor.menu("The journey", "Road map")
    mentor.click("How we walk together")
    expect(mentor.page.get_by_label("What stays between us?")).to_have_value("All of it.")
    mentee.click("Reflect on this")
    mentee.page.get_by_label("What would you like to remember?").fill("I was less afraid today.")
    mentee.click("Save")
    mentor.goto("/diary/")
    expect(mentor.page.get_by_text("less afraid")).to_have_count(0)

    # Every stage is asked for by the mentee and completed by the mentor.
    for number in range(1, 6):
        mentee.menu("The journey", "Road map")
        mentee.sees(f"You are at stage {number} of 6")
        mentee.page.get_by_role("link", name="Go to this stage").click()
        mentee.page.get_by_role("button", name="Ask Enid to complete this stage").click()
        mentee.messaged("Enid is asked to complete this stage.")
        mentor.goto("/relationships/")
        mentor.page.get_by_role("link", name="Look at the stage").click()
        mentor.page.get_by_role("button", name="Complete this stage").click()
        mentor.messaged("Stage marked as completed.")
    mentor.page.get_by_role("link", name="Go to this stage").click()
    expect(mentor.page.get_by_role("button", name="Complete the journey")).to_have_count(0)
    mentee.menu("The journey", "Road map")
    mentee.click("Go to this stage")
    mentee.click("Ask Enid to complete the journey")
    mentor.page.goto(link_in(site.inbox.wait_for(one.email, "complete"), "/journey/ending/"))
    mentor.click("Complete the journey")
    mentor.sees("Your journey with Tomas Wayland is complete")
    end = mentor.page.url
    for walker in (mentor, mentee):
        walker.page.goto(end)
        _feedback(walker)
