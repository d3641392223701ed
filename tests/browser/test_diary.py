"""A diary in a browser: written from a guide, safe when the session ends, found again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from config.demo.people import PASSWORD
from tests.browser.site import Site
from tests.browser.steps import sign_in

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Page]
Check = Callable[[Page], None]
BEGUN = "I asked three questions"


def again(page: Page) -> None:
    """Sign in on the page that asks for it."""
    page.get_by_label("Username or e-mail address").fill("mentee")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()


def test_entry_outlives_the_session_and_is_found_by_search(
    site: Site, visitor: NewVisitor, accessible: Check
) -> None:
    page = visitor(width=390)
    sign_in(page, site, "guided", "mentee", PASSWORD)
    page.goto(site.url("guided", "/resources/preparing-the-first-conversation/"))
    page.get_by_role("link", name="Reflect on this").click()
    words = page.get_by_label("What would you like to remember?")
    words.fill(BEGUN)
    expect(page.get_by_text("Draft kept.")).to_be_visible()

    # The session ends while they write: what the server was not told stays in the window.
    page.context.clear_cookies(name="session")
    words.fill(f"{BEGUN} and waited.")
    page.get_by_role("link", name="Sign in again").click()
    again(page)
    expect(words).to_have_value(f"{BEGUN} and waited.")

    # It ends again, and they press Save.
    page.get_by_label("Title").fill("Quiet questions")
    page.get_by_label("Themes").fill("Silence")
    page.context.clear_cookies(name="session")
    page.get_by_role("button", name="Save").click()
    again(page)
    expect(page.get_by_text("You had been signed out")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Quiet questions")).to_be_visible()

    # Nothing of it is left over for the next entry; it is found, deleted and brought back.
    page.goto(site.url("guided", "/diary/write/"))
    expect(words).to_have_value("")
    page.goto(site.url("guided", "/diary/"))
    page.get_by_label("Search your diary").fill("question")
    page.get_by_role("button", name="Search").click()
    expect(page.locator("mark").first).to_have_text("questions")
    page.get_by_role("link", name="Quiet questions").click()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("“Quiet questions” is deleted.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Quiet questions")).to_be_visible()
