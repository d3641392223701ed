"""Find Mentor under eyes and hands: results change in place, and without scripts as well."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from config.demo.people import PASSWORD
from tests.browser.site import Site
from tests.browser.steps import sign_in

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Page]


def test_mentee_adds_exact_matching_and_stays_where_they_are(
    site: Site, visitor: NewVisitor
) -> None:
    page = visitor()
    sign_in(page, site, "linguists", "mentee", PASSWORD)
    page.goto(site.url("linguists", "/mentors/"))
    before = page.locator(".results > li").count()
    page.evaluate("window.sameDocument = true")
    page.get_by_label("Add exact matching on Region").check()
    page.get_by_role("button", name="Update search results").click()
    expect(page.get_by_text("without this:")).to_be_visible()
    assert page.evaluate("window.sameDocument")
    assert "must=region" in page.url
    assert page.locator(".results > li").count() < before
    expect(page.locator("#announcer")).to_contain_text("found, page 1")
    expect(page.get_by_role("button", name="Update search results")).to_be_focused()
    address = page.url
    page.reload()
    assert page.url == address
    expect(page.get_by_label("Exact matching on Region")).to_be_checked()
    page.go_back()
    expect(page.get_by_text("without this:")).to_have_count(0)


def test_mentee_on_a_phone_updates_the_search_and_sees_results_first(
    site: Site, visitor: NewVisitor
) -> None:
    page = visitor(width=390)
    sign_in(page, site, "ciltuk", "mentee", PASSWORD)
    page.goto(site.url("ciltuk", "/mentors/"))
    sheet = page.locator("details.criteria-sheet")
    expect(sheet).not_to_have_attribute("open", "")
    sheet.locator("summary").click()
    page.get_by_label("Any area of support").check()
    page.get_by_role("button", name="Update search results").click()
    page.wait_for_url("**areas_of_support=&**")
    expect(sheet).not_to_have_attribute("open", "")
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_mentee_without_scripts_searches_all_the_same(site: Site, visitor: NewVisitor) -> None:
    page = visitor(java_script_enabled=False)
    sign_in(page, site, "linguists", "mentee", PASSWORD)
    page.goto(site.url("linguists", "/mentors/"))
    page.get_by_label("Add exact matching on Region").check()
    page.get_by_role("button", name="Update search results").click()
    expect(page.get_by_text("without this:")).to_be_visible()
    page.get_by_text("How is this ordered?").click()
    expect(page.get_by_text("drawn by lot")).to_be_visible()
