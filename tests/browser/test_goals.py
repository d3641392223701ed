"""From a card to a goal with milestones and its PDF, with and without JavaScript (E4 to E7)."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from config.demo.people import PASSWORD
from tests.browser.site import Site
from tests.browser.steps import sign_in

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Page]
Accessible = Callable[[Page], None]


@pytest.mark.parametrize(
    ("slug", "menu", "word", "scripts"),
    [("ciltuk", "Goals", "Achievable", True), ("uhb", "Tools", "Attainable", False)],
)
def test_mentee_sets_a_goal_ticks_a_milestone_and_takes_the_pdf_along(
    slug: str,
    menu: str,
    word: str,
    scripts: bool,
    site: Site,
    visitor: NewVisitor,
    accessible: Accessible,
) -> None:
    page = visitor(width=390, color_scheme="dark", java_script_enabled=scripts)
    sign_in(page, site, slug, "mentee", PASSWORD)
    page.goto(site.url(slug, "/relationships/"))
    card = page.locator("article", has=page.locator("a[href^='mailto:']")).first
    card.locator("summary", has_text=menu).first.click()
    card.get_by_role("link", name="SMART goals").click()
    if scripts:
        accessible(page)
    page.get_by_role("link", name="Add a goal").first.click()
    expect(page.locator("main")).to_contain_text(word)
    label = f"Speak twice a week at {slug} 🎉"
    page.get_by_label("Goal", exact=True).fill(label)
    page.get_by_role("button", name="Save goal").click()
    expect(page.locator(".error-summary")).to_contain_text("tick that this goal has none")
    if scripts:
        accessible(page)
    day = datetime.now(UTC) + timedelta(days=10)
    for box, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        page.get_by_label(box, exact=True).fill(str(number))
    page.get_by_role("button", name="Save goal").click()
    expect(page.locator("main")).to_contain_text("Goal successfully saved")
    page.get_by_role("textbox", name="Milestone").fill("Watch two others")
    page.get_by_role("button", name="Add milestone").click()
    page.get_by_role("button", name="Mark as done").click()
    expect(page.locator("main")).to_contain_text("1 of 1 milestone done")
    if scripts:
        accessible(page)
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download (PDF)").click()
    made = PdfReader(io.BytesIO(Path(waiting.value.path()).read_bytes()))
    said = " ".join(one.extract_text() for one in made.pages)
    assert f"Speak twice a week at {slug}" in said
    assert "Watch two others" in said
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("button", name=f"Undo deleting {label}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(label)
