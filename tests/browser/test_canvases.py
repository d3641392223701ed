"""Two people write into one canvas at the same time, in two browsers."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site
from tests.browser.steps import sign_in
from tests.browser.writing import threads_of
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Page]
Check = Callable[[Page], None]
LATER, PAUSE, LOOK = 30_000, 1_200, 20_000
"""Pages save when nothing was written for a moment, and look for the partner's words later."""


def write(page: Page, box: str, words: str) -> None:
    """Words in a box, and then the moment without any, for this page's clock."""
    page.get_by_label(box).fill(words)
    page.clock.fast_forward(PAUSE)


def some_seconds_later(page: Page) -> None:
    """It is time to look for the partner's words, for this page's clock."""
    page.clock.fast_forward(LOOK)


def begin(page: Page, site: Site, slug: str, menu: str, canvas: str) -> str:
    """From the card on the dashboard to a new canvas; out: its address."""
    page.goto(site.url(slug, "/relationships/"))
    page.locator("summary", has_text=menu).click()
    page.get_by_role("link", name=canvas, exact=True).click()
    page.get_by_role("button", name=f"Begin a {canvas}").click()
    expect(page.get_by_label("Strengths")).to_be_visible()
    return page.url


def test_both_write_at_the_same_time_and_no_text_is_lost(
    site: Site, visitor: NewVisitor, accessible: Check
) -> None:
    threads_of(site, "ciltuk", "odo", "pia")
    odo, pia = visitor(width=1280), visitor(width=390)
    for page in (odo, pia):
        page.clock.install()
    sign_in(odo, site, "ciltuk", "odo", PASSWORD)
    sign_in(pia, site, "ciltuk", "pia", PASSWORD)
    address = begin(odo, site, "ciltuk", "Goals", "SWOT")
    pia.goto(address)

    # Different boxes come together by themselves.
    write(odo, "Strengths", "You ask good questions.")
    expect(odo.get_by_text("Saved at")).to_be_visible()
    write(pia, "Threats", "Too much at once.")
    expect(pia.get_by_label("Strengths")).to_have_value("You ask good questions.", timeout=LATER)
    some_seconds_later(odo)
    expect(odo.get_by_label("Threats")).to_have_value("Too much at once.", timeout=LATER)

    # The same box, while one of the two has no connection.
    odo.context.set_offline(True)
    write(odo, "Weaknesses", "You say yes too quickly.")
    expect(odo.get_by_text("kept in this window")).to_be_visible()
    with pia.expect_response(lambda answer: answer.url.endswith("/autosave/") and answer.ok):
        write(pia, "Weaknesses", "Speaking in front of many.")
    odo.context.set_offline(False)
    theirs = odo.locator("[data-theirs]:visible")
    expect(theirs).to_have_text("Speaking in front of many.", timeout=LATER)
    expect(odo.get_by_label("Weaknesses")).to_have_value("You say yes too quickly.")
    accessible(odo)
    odo.reload()  # both texts are still there
    expect(odo.get_by_label("Weaknesses")).to_have_value("You say yes too quickly.")
    odo.get_by_role("radio", name="Both texts, one after the other").check()
    together = "Speaking in front of many.\n\nYou say yes too quickly."
    expect(odo.get_by_label("Weaknesses")).to_have_value(together, timeout=LATER)
    odo.get_by_role("button", name="Save").click()
    expect(odo.get_by_text("The canvas is saved.")).to_be_visible()
    some_seconds_later(pia)
    expect(pia.get_by_label("Weaknesses")).to_have_value(together, timeout=LATER)
    for page in (odo, pia):
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

    # Signed out while writing: the words are on the canvas after signing in again.
    pia.context.clear_cookies()
    write(pia, "Opportunities", "The course in spring.")
    pia.get_by_role("link", name="Sign in again").click()
    pia.get_by_label("Username or e-mail address").fill("pia")
    pia.get_by_label("Password", exact=True).fill(PASSWORD)
    with pia.expect_response(lambda answer: answer.url.endswith("/autosave/") and answer.ok):
        pia.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    expect(pia.get_by_label("Opportunities")).to_have_value("The course in spring.")
    some_seconds_later(odo)
    expect(odo.get_by_label("Opportunities")).to_have_value("The course in spring.", timeout=LATER)
