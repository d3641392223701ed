"""How pages behave under eyes and hands: nothing moves, nothing is cut off, keys work."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from config.demo.people import PASSWORD
from tests.browser.site import Site
from tests.browser.steps import sign_in, sign_in_by_form

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Page]
SLUGS = ("ciltuk", "linguists", "uhb", "guided", "connect")
WATCH = (
    "window.moved = 0; new PerformanceObserver(list => {"
    "for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.moved += entry.value"
    "}).observe({type: 'layout-shift', buffered: true})"
)


@pytest.mark.parametrize("slug", SLUGS)
def test_front_page_meets_late_fonts_nothing_moves(
    slug: str, site: Site, visitor: NewVisitor
) -> None:
    page = visitor(width=390)
    late: list[Route] = []
    page.add_init_script(WATCH)
    page.route("**/*.woff2", lambda route: late.append(route))
    page.goto(site.url(slug), wait_until="domcontentloaded")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert 1 <= len(late) <= 2, "a brand has one or two font files, asked for at once"
    for font in late:
        font.continue_()
    page.evaluate("document.fonts.ready")
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("document.fonts.size") > 0
    assert page.evaluate("window.moved") < 0.03


@pytest.mark.parametrize("slug", SLUGS)
def test_front_page_asks_its_own_host_only_and_is_whole_at_400_percent(
    slug: str, site: Site, visitor: NewVisitor
) -> None:
    page = visitor(width=320)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site.url(slug))
    assert asked
    assert [url for url in asked if not url.startswith(site.url(slug))] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_member_closes_a_menu_with_escape_the_focus_returns(
    site: Site, visitor: NewVisitor
) -> None:
    page = visitor()
    sign_in(page, site, "ciltuk", "mentee", PASSWORD)
    page.goto(site.url("ciltuk", "/relationships/"))
    menu = page.locator("details.menu").first
    menu.locator("summary").press("Enter")
    expect(menu.get_by_role("link").first).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(menu.get_by_role("link").first).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()


def test_newcomer_sends_an_empty_form_the_summary_has_the_focus_and_leads_to_the_box(
    site: Site, visitor: NewVisitor
) -> None:
    page = visitor(width=390)
    page.goto(site.url("uhb", "/account/signup/"))
    page.get_by_role("button", name="Create account").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="First name").click()
    expect(page.get_by_label("First name")).to_be_focused()


def test_member_without_scripts_signs_in_and_searches(site: Site, visitor: NewVisitor) -> None:
    page = visitor(width=390, java_script_enabled=False)
    sign_in_by_form(page, site, "linguists", "mentee", PASSWORD)
    page.goto(site.url("linguists", "/mentors/"))
    page.get_by_role("button", name="Update search results").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("mentor")
    assert "?" in page.url
