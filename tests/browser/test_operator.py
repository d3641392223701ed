"""An operator makes an institute, gives it a domain and a head, keeps, copies and deletes it."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from config.demo.people import PASSWORD
from tests.browser.site import Site, link_in

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Page]
Accessible = Callable[[Page], None]
ITS_TIME_HAS_COME = """
from core.kernel.clock import now
from tenants.backups.sweeping import sweep
from tenants.context import platform_scope
from tenants.keeping import Deletion
with platform_scope():
    Deletion.objects.update(due_at=now())
sweep()
"""


def done(page: Page) -> None:
    """Wait until the work that is shown has come to a good end."""
    expect(page.locator("#step .mark")).to_have_text("Done", timeout=30_000)


def test_operator_makes_an_institute_keeps_it_copies_it_and_deletes_it(
    site: Site, visitor: NewVisitor, accessible: Accessible
) -> None:
    page = visitor()
    page.goto(site.url("operators"))
    page.get_by_label("Username").fill("operator")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

    page.goto(site.url("operators", "/institutes/new/"))
    page.get_by_label("uhb").check()
    page.get_by_label("Short name").fill("quayside")
    page.get_by_role("button", name="Make the institute").click()
    done(page)

    page.goto(site.url("operators", "/institutes/quayside/domains/"))
    page.get_by_label("Domain").fill("mentoring.quayside.example")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("main")).to_contain_text("mentoring.quayside.example")
    expect(page.get_by_role("main")).to_contain_text("TXT")

    page.goto(site.url("operators", "/institutes/quayside/head/"))
    page.get_by_label("First name").fill("Una")
    page.get_by_label("Last name").fill("Brook")
    page.get_by_label("E-mail address").fill("una.brook@people.example")
    page.get_by_role("main").get_by_role("button").first.click()
    mail = site.inbox.wait_for("una.brook@people.example", "")
    assert "quayside.localhost" in link_in(mail, "/account/")

    page.goto(site.url("operators", "/institutes/quayside/"))
    page.get_by_role("link", name="Backups").click()
    accessible(page)
    page.get_by_label("What for").fill("before the copy")
    page.get_by_role("button", name="Back up now").click()
    done(page)
    page.get_by_role("link", name="See the archive").click()
    page.get_by_role("link", name="Restore").click()
    page.get_by_label("as another institute").check()
    page.get_by_role("button", name="Restore it").click()
    expect(page.get_by_role("alert")).to_contain_text("Enter a short name")
    accessible(page)
    page.get_by_role("textbox", name="Short name").fill("quayside-two")
    page.get_by_role("textbox", name="Name of the new institute", exact=True).fill("Quayside Two")
    page.get_by_label("Open the new institute at once").check()
    page.get_by_role("button", name="Restore it").click()
    done(page)
    expect(page.get_by_text("are equal to the archive")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="quayside-two.localhost").click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    page.goto(site.url("operators", "/institutes/quayside/suspend/"))
    page.get_by_label("Reason").fill("The copy takes its place.")
    page.get_by_role("button", name="Suspend it").click()
    member = visitor()
    assert member.goto(site.url("quayside")).status == 503  # type: ignore[union-attr]

    page.get_by_role("link", name="Delete").click()
    page.get_by_label("Reason").fill("The copy took its place.")
    page.get_by_label("Short name, to be sure").fill("quayside-two")
    page.get_by_label("keep nothing").check()
    page.get_by_role("button", name="Suspend it and delete it then").click()
    expect(page.get_by_role("alert")).to_contain_text("type the short name exactly: quayside")
    accessible(page)
    page.get_by_label("Short name, to be sure").fill("quayside")
    page.get_by_role("button", name="Suspend it and delete it then").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("is to be deleted")
    site.inside(ITS_TIME_HAS_COME)
    page.goto(site.url("operators", "/kept/"))
    accessible(page)
    with page.expect_download() as saved:
        page.get_by_role("link", name="Receipt").click()
    assert saved.value.suggested_filename == "quayside-deleted.json"
    page.goto(site.url("operators", "/?q=quayside"))
    expect(page.get_by_text("Quayside Two")).to_be_visible()
