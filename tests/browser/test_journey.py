"""From registration to contact details, in a real browser, at two institutes."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site, html_of, link_in, text_of
from tests.browser.steps import Newcomer, fill_profile, read_guides, register, sign_in_by_form

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Page]
Accessible = Callable[[Page], None]


def test_ciltuk_mentee_finds_a_mentor_and_both_see_contact_details(
    site: Site, visitor: NewVisitor, accessible: Accessible
) -> None:
    _journey("ciltuk", "request", site, visitor, accessible)


@pytest.mark.drill  # the first half of what test_relationship and test_roads walk there
def test_guided_mentee_finds_a_mentor_and_both_see_contact_details(
    site: Site, visitor: NewVisitor, accessible: Accessible
) -> None:
    _journey("guided", "proposal", site, visitor, accessible)


def _journey(slug: str, ask: str, site: Site, visitor: NewVisitor, accessible: Accessible) -> None:
    mentor_page, mentee_page = visitor(), visitor(width=390)
    mentor = Newcomer("Maren", f"Holt{slug}", "mentor")
    mentee = Newcomer("Joss", f"Pereira{slug}", "mentee")

    # Both register, confirm their address and fill in the institute's profile.
    for page, who in ((mentor_page, mentor), (mentee_page, mentee)):
        register(page, site, slug, who)
        if slug == "guided":
            read_guides(page, site, slug)
        page.goto(site.url(slug, "/profile/"))
        expect(page.get_by_role("heading", name=f"Your profile as a {who.role}")).to_be_visible()
        accessible(page)
        fill_profile(page)
    expect(mentor_page.get_by_role("heading", name="Mentees can find you now")).to_be_visible()

    # The mentee finds the mentor, closest first, and narrows the list to what must be.
    page = mentee_page
    page.goto(site.url(slug, "/mentors/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("mentor")
    accessible(page)
    found = page.locator("article", has_text=mentor.name)
    expect(found).to_contain_text("Meets")
    page.locator("summary", has_text="Your criteria").click()
    page.get_by_label("Add exact matching").first.check()
    page.get_by_role("button", name="Update search results").click()
    expect(page.get_by_text("1 exact")).to_be_visible()
    expect(page.locator("article", has_text=mentor.name)).to_be_visible()
    assert "must=" in page.url

    # The mentor's page tells nothing that only a partner may know.
    page.get_by_role("link", name=mentor.name).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(mentor.name)
    assert mentor.email not in page.content()
    accessible(page)

    # Too short is said beside the field; then it is written, looked over and sent.
    page.get_by_label("statement").fill("")
    page.get_by_role("button", name="Look it over").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    accessible(page)
    if page.locator("select[name=area]").count():
        page.locator("select[name=area]").select_option(index=1)
    elif page.locator("input[name=area]").count():
        page.locator("input[name=area]").first.check()
    page.get_by_label("statement").fill(
        "I lead a team of nine for the first time and would like to learn how to listen."
    )
    page.get_by_role("button", name="Look it over").click()
    accessible(page)
    page.get_by_role("button", name=f"Send {ask}").click()
    expect(
        page.get_by_text("not answered yet").or_(page.get_by_text(f"Your {ask}")).first
    ).to_be_visible()
    accessible(page)

    # The mentor hears of it by mail, without the mentee's address, and accepts.
    mail = site.inbox.wait_for(mentor.email, ask)
    assert mentee.email not in text_of(mail) + html_of(mail)
    mentor_page.goto(link_in(mail, "/relationships/"))
    accessible(mentor_page)
    mentor_page.get_by_role("button", name=f"Accept {ask}").click()
    expect(mentor_page.get_by_role("link", name=mentee.email).first).to_be_visible()
    accessible(mentor_page)

    # The mentee hears of it and now sees the contact details.
    mail = site.inbox.wait_for(mentee.email, "(?i)accept|said yes|begin")
    page.goto(link_in(mail, "/relationships/"))
    expect(page.get_by_role("link", name=mentor.email).first).to_be_visible()
    page.goto(site.url(slug, "/relationships/"))
    expect(page.get_by_role("link", name=mentor.name).first).to_be_visible()
    accessible(page)

    # Signing out and in again leads back; the other institute knows nobody of them.
    page.get_by_role("button", name="Log Out").click()
    sign_in_by_form(page, site, slug, mentee.username)
    expect(page.get_by_text(mentor.name).first).to_be_visible()
