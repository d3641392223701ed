"""Somebody who cannot get on writes to the team, and the team answers."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site, text_of
from tests.browser.steps import PASSWORD, sign_in

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Page]
Accessible = Callable[[Page], None]
A_HELPER = """
from core.accounts.services import create_person
from tenants.context import platform_scope, tenant_context
from tenants.models import Institute
with platform_scope():
    institute = Institute.objects.get(slug="{slug}")
with tenant_context(institute):
    create_person(username="helper", email="helper@people.example", password="{password}",
                  first_name="Una", last_name="Brook", is_staff=True)
"""


def test_strangers_message_reaches_the_team_and_the_answer_reaches_them(
    site: Site, visitor: NewVisitor, accessible: Accessible
) -> None:
    site.inside(A_HELPER.format(slug="guided", password=PASSWORD))
    page = visitor(width=390)
    page.goto(site.url("guided", "/help/?q=zeppelin"))
    page.get_by_role("link", name="Open the contact form").click()
    expect(page.get_by_label("Subject")).to_have_value("zeppelin")
    accessible(page)
    page.get_by_label("Your name").fill("Ivo Reed")
    page.get_by_label("Message").fill("Where do I find the first guide?\n\nI am lost.")
    page.get_by_role("button", name="Send message").click()
    expect(page.get_by_role("alert")).to_contain_text("Your e-mail address")
    expect(page.get_by_label("Message")).to_have_value(
        "Where do I find the first guide?\n\nI am lost."
    )
    accessible(page)
    page.get_by_label("Your e-mail address").fill("ivo.reed@people.example")
    send(page)
    while page.get_by_text("That was very quick").count():  # a script is quicker than a person
        send(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text("has arrived")
    accessible(page)

    staff = visitor()
    sign_in(staff, site, "guided", "helper")
    staff.goto(site.url("guided", "/staff/help/enquiry/"))
    staff.get_by_role("link", name="zeppelin").click()
    expect(staff.get_by_text("I am lost.")).to_be_visible()
    accessible(staff)
    staff.get_by_label("Answer or note").fill("Under Resources, on top of the list.")
    staff.get_by_role("button", name="Send the answer").click()
    expect(staff.get_by_text("Under Resources, on top of the list.")).to_be_visible()
    mail = site.inbox.wait_for("ivo.reed@people.example", "Re: zeppelin")
    assert "Under Resources, on top of the list." in text_of(mail)


def send(page: Page) -> None:
    """Press the button, and wait for the page that it leads to."""
    with page.expect_navigation():
        page.get_by_role("button", name="Send message").click()
