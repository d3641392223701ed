"""A member adds a passkey in a real browser and signs in with it alone, without a password."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.site import Site
from tests.browser.steps import PASSWORD, Newcomer, arrived

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Page]
Accessible = Callable[[Page], None]
DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def test_member_signs_in_with_a_passkey_alone(
    site: Site, visitor: NewVisitor, accessible: Accessible
) -> None:
    page = visitor(width=390)
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    who = Newcomer("Petra", "Keyes", "mentee")
    arrived(page, site, "ciltuk", who)
    page.goto(site.url("ciltuk", "/account/second-step/"))
    accessible(page)
    page.get_by_role("link", name="Add a passkey").click()
    accessible(page)
    page.get_by_label("Name").fill("Petra’s phone")
    page.get_by_role("button", name="Add the passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    accessible(page)
    page.goto(site.url("ciltuk", "/account/second-step/"))
    expect(page.get_by_text("Petra’s phone")).to_be_visible()
    page.get_by_role("button", name="Log Out").or_(page.get_by_role("link", name="Log Out")).click()
    page.goto(site.url("ciltuk", "/account/login/"))
    accessible(page)
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("link", name="Edit Account")).to_be_visible()
    page.goto(site.url("ciltuk", "/account/places/"))
    expect(page.get_by_text("Here, now")).to_be_visible()
    accessible(page)
    # A stolen password alone no longer lets in.
    other = visitor()
    other.goto(site.url("ciltuk", "/account/login/"))
    other.get_by_label("Username or e-mail address").fill(who.username)
    other.get_by_label("Password", exact=True).fill(PASSWORD)
    other.get_by_role("button", name="Sign in", exact=True).click()
    expect(other.get_by_role("heading", name="Second step")).to_be_visible()
    accessible(other)
