"""From a card to a meeting in the partner's mailbox and calendar, and away again (D5, D6)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
import vobject
from playwright.sync_api import Page, expect

from config.demo.people import PASSWORD
from tests.browser.site import Site
from tests.browser.steps import sign_in

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Page]
Accessible = Callable[[Page], None]


@pytest.mark.parametrize(
    ("slug", "way", "scripts"), [("ciltuk", "Meet / Video", True), ("guided", "The journey", False)]
)
def test_mentee_arranges_moves_and_cancels_a_meeting(
    slug: str,
    way: str,
    scripts: bool,
    site: Site,
    visitor: NewVisitor,
    accessible: Accessible,
) -> None:
    page = visitor(width=390, color_scheme="dark", java_script_enabled=scripts)
    sign_in(page, site, slug, "mentee", PASSWORD)
    page.goto(site.url(slug, "/relationships/"))
    card = page.locator("article", has=page.locator("a[href^='mailto:']")).first
    partner = (card.locator("a[href^='mailto:']").first.get_attribute("href") or "")[7:]
    if way == "Meet / Video":
        card.get_by_role("link", name=way).click()
    else:
        card.locator("summary", has_text=way).click()
        card.get_by_role("link", name="Meetings").click()
    page.get_by_role("link", name="Arrange a meeting").first.click()
    if scripts:
        accessible(page)
    title = f"Walking talk at {slug}"
    page.get_by_label("Title").fill(title)
    _fill_day(page, 9, start="16:45")
    page.get_by_label("Video chat meeting").check()
    page.get_by_role("button", name="Arrange the meeting").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.locator("main")).to_contain_text("16:45 to 17:45")
    if scripts:
        accessible(page)
    first = _event(site.inbox.wait_for(partner, f": {title}"), "REQUEST")
    page.get_by_role("link", name="Change the meeting").click()
    _fill_day(page, 10, start="25:00")
    page.get_by_role("button", name="Save changes").click()
    expect(page.locator(".error-summary")).to_contain_text("A day has 24 hours")
    page.get_by_label("Start time").fill("8:15")
    page.get_by_role("button", name="Save changes").click()
    moved = _event(site.inbox.wait_for(partner, "Changed: "), "REQUEST")
    page.get_by_role("link", name="Cancel the meeting").click()
    page.get_by_role("button", name="Cancel the meeting").click()
    gone = _event(site.inbox.wait_for(partner, "Cancelled: "), "CANCEL")
    assert {one.uid.value for one in (moved, gone)} == {first.uid.value}
    assert [int(one.sequence.value) for one in (first, moved, gone)] == [0, 1, 2]
    assert moved.dtstart.value > first.dtstart.value


def _fill_day(page: Page, days: int, *, start: str) -> None:
    day = datetime.now(UTC) + timedelta(days=days)
    for label, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        page.get_by_label(label, exact=True).fill(str(number))
    page.get_by_label("Start time").fill(start)


def _event(mail: EmailMessage, method: str) -> vobject.base.Component:
    part = next(one for one in mail.walk() if one.get_content_type() == "text/calendar")
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    calendar = vobject.readOne(content.decode())
    assert calendar.method.value == method
    return calendar.vevent
