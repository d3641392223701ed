"""A programme manager's day: who is silent, who is new, who goes with whom, how the site looks."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from config.demo.people import PASSWORD
from core.kernel.models import OutboxMail
from core.kernel.outbox import deliver
from core.matching.services import rebuild_listings
from tenants.context import platform_scope, tenant_context
from tenants.models import Institute
from tests.browser.site import Site, text_of
from tests.browser.steps import sign_in
from tests.factories.mentorships import make_mentee, make_mentor

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Page]
Check = Callable[[Page], None]
SLUG = "linguists"
PEOPLE = (
    "First name;Last name;E-mail address\n"
    "Zoë;Ångström;zoe.angstrom@people.example\n"
    "Tomos;;tomos@people.example\n"
    "Rhian;Pugh;rhian.pugh@people.example\n"
)


def arrange() -> None:
    """Two who wait for somebody, and one who has room; called by the running product."""
    with platform_scope():
        institute = Institute.objects.get(slug=SLUG)
    with tenant_context(institute):
        make_mentor("Greta Open", capacity=2)
        make_mentee("Idris Waiting")
        make_mentee("Juno Waiting")
        rebuild_listings()


def send_what_waits() -> None:
    """What the sweep sends within a minute, sent now; called by the running product."""
    with platform_scope():
        institute = Institute.objects.get(slug=SLUG)
    with tenant_context(institute):
        for mail in OutboxMail.objects.filter(state="queued"):
            deliver(mail.id)


SENT = "from tests.browser.test_manager import send_what_waits; send_what_waits()"


@pytest.fixture
def manager(site: Site, visitor: NewVisitor) -> Page:
    """A window in which the head of the programme team looks at the overview."""
    site.inside("from tests.browser.test_manager import arrange; arrange()")
    page = visitor()
    sign_in(page, site, SLUG, "staff", PASSWORD)
    page.goto(site.url(SLUG, "/staff/"))
    return page


def test_manager_nudges_the_silent_imports_people_matches_the_pool_and_tries_a_new_look(
    manager: Page, site: Site, accessible: Check
) -> None:
    page = manager
    expect(page.get_by_role("heading", name="Visits per month")).to_be_visible()
    accessible(page)

    # Who is silent gets a kind word.
    page.get_by_role("link", name="All silent mentors").click()
    row = page.get_by_role("row").nth(1)
    name = row.get_by_role("rowheader").inner_text().strip()
    row.get_by_role("button", name="Nudge").click()
    expect(page.get_by_text(f"A kind word is on its way to {name}.")).to_be_visible()
    expect(page.get_by_role("row").nth(1)).to_contain_text("Nudged on")
    site.inside(SENT)
    site.inbox.wait_for(name, "")
    accessible(page)

    # People come from a file; a row that cannot be is named, and left out.
    page.goto(site.url(SLUG, "/staff/invitations/"))
    page.get_by_role("link", name="import many from a file").click()
    page.get_by_label("CSV file").set_input_files(
        {"name": "new.csv", "mimeType": "text/csv", "buffer": PEOPLE.encode("cp1252")}
    )
    page.get_by_role("button", name="Upload and look at it").click()
    page.get_by_label("Leave refused rows out").check()
    page.get_by_label("Who is a mentor").select_option("mentee")
    page.get_by_role("button", name="Check every row").click()
    page.get_by_role("link", name="Go on").click()
    expect(page.get_by_role("row", name="Tomos")).to_contain_text("Last name")
    expect(page.get_by_text("Zoë Ångström")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Import the file").click()
    page.get_by_role("link", name="Go on").click()
    expect(page.get_by_role("button", name="Take the import back")).to_be_visible()

    # Everybody who waits is matched at once; the draft is looked at and published.
    page.goto(site.url(SLUG, "/staff/pairing/"))
    page.get_by_role("link", name="Begin a run").click()
    accessible(page)
    page.get_by_role("radio", name="Most people").check()
    page.get_by_role("button", name="Work out the draft").click()
    page.get_by_role("link", name="Go on").click()
    row = page.get_by_role("listitem").filter(has_text="Idris Waiting").first
    expect(row).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="Publish…").click()
    page.get_by_role("radio").first.check()
    page.get_by_label("Words to all of them").fill("We think that you two have much to talk about.")
    page.get_by_role("button", name="Publish all of them").click()
    page.get_by_role("link", name="Go on").click()
    expect(page.get_by_text("Published by")).to_be_visible()
    site.inside(SENT)
    told = site.inbox.wait_for("", "Idris Waiting")
    assert "much to talk about" in text_of(told)

    # A new look, and back.
    page.goto(site.url(SLUG, "/staff/brand/"))
    accessible(page)
    before = page.get_by_label("First colour", exact=True).input_value()
    page.get_by_label("First colour", exact=True).fill("#7a1f5c")
    page.get_by_role("button", name="Put this look in force").click()
    expect(page.get_by_text("The look is in force everywhere")).to_be_visible()
    assert page.get_by_label("First colour", exact=True).input_value() == "#7a1f5c"
    page.get_by_role("link", name="go back to it").last.click()
    page.get_by_role("button", name="Put this look in force").click()
    expect(page.get_by_label("First colour", exact=True)).to_have_value(before)
