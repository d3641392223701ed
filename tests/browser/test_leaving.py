"""Silence, absence and leaving: the ladder, unavailable mentors, deleted accounts."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from config.demo.people import PASSWORD as DEMO_PASSWORD
from tests.browser.site import Site, link_in
from tests.browser.steps import PASSWORD, Newcomer, arrived, fill_profile, sign_in, write_letter

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Page]
Accessible = Callable[[Page], None]
BOTH = pytest.mark.parametrize(
    ("slug", "ask"),
    [("ciltuk", "request"), pytest.param("guided", "proposal", marks=pytest.mark.drill)],
)
ON_DAY = """
from datetime import timedelta
from core.kernel import clock
from core.kernel.models import OutboxMail
from core.kernel.outbox import deliver
from core.mentorships.services import climb
from tenants.context import platform_scope, tenant_context
from tenants.models import Institute
with platform_scope():
    institute = Institute.objects.get(slug="{slug}")
with tenant_context(institute), clock.frozen(clock.now() + timedelta(days={days}, hours=1)):
    climb()
    for mail in OutboxMail.objects.filter(state="queued"):
        deliver(mail.id)
"""


def newcomer(site: Site, slug: str, page: Page, who: Newcomer) -> None:
    """Registered, with a complete profile."""
    arrived(page, site, slug, who)
    page.goto(site.url(slug, "/profile/"))
    fill_profile(page)


def press(page: Page, name: str) -> None:
    """Press a button or follow a link of the page itself."""
    main = page.get_by_role("main")
    main.get_by_role("button", name=name).or_(main.get_by_role("link", name=name)).first.click()
    page.wait_for_load_state()


@BOTH
def test_silent_mentor_is_reminded_and_the_mentee_set_free(
    slug: str, ask: str, site: Site, visitor: NewVisitor, accessible: Accessible
) -> None:
    mentor, mentee = (
        Newcomer("Sable", f"Rook{slug}", "mentor"),
        Newcomer("Ilo", f"Fen{slug}", "mentee"),
    )
    mentor_page, page = visitor(), visitor(width=390)
    newcomer(site, slug, mentor_page, mentor)
    newcomer(site, slug, page, mentee)
    page.goto(site.url(slug, "/mentors/"))
    page.get_by_role("link", name=mentor.name).first.click()
    write_letter(page, "I would like to learn how you plan a year, and where you begin.")
    page.get_by_role("button", name="Look it over").click()
    press(page, f"Send {ask}")
    site.inbox.wait_for(mentor.email, ask)
    for days, count in ((3, 1), (7, 2), (15, 3)):
        site.inside(ON_DAY.format(slug=slug, days=days))
        site.inbox.wait_until(lambda: reminders(site, mentor) == count)  # noqa: B023 - called now
    site.inside(ON_DAY.format(slug=slug, days=21))
    mail = site.inbox.wait_for(mentee.email, "has had no answer")
    page.goto(link_in(mail, "/"))
    accessible(page)
    page.goto(site.url(slug, "/relationships/"))
    expect(page.get_by_text("Lapsed").first).to_be_visible()
    assert reminders(site, mentor) == 3


def reminders(site: Site, mentor: Newcomer) -> int:
    """How many reminders reached the mentor."""
    return sum(
        mentor.email in str(mail["To"]) and "waiting" in str(mail["Subject"]).lower()
        for mail in list(site.inbox.mails)
    )


@BOTH
def test_mentor_goes_away_and_comes_back_then_leaves_for_good(
    slug: str, ask: str, site: Site, visitor: NewVisitor, accessible: Accessible
) -> None:
    mentor = Newcomer("Perran", f"Gale{slug}", "mentor")
    page, seeker = visitor(), visitor()
    newcomer(site, slug, page, mentor)
    sign_in(seeker, site, slug, "mentee", DEMO_PASSWORD)

    def found() -> int:
        seeker.goto(site.url(slug, "/mentors/"))
        return seeker.locator("article", has_text=mentor.name).count()

    page.goto(site.url(slug, "/account/edit/"))
    press(page, "Make Unavailable")
    accessible(page)
    press(page, "Make Unavailable")
    for path in ("/account/edit/", "/profile/"):
        page.goto(site.url(slug, path))
        expect(page.get_by_text("You are currently unavailable to mentees").first).to_be_visible()
        accessible(page)
    assert found() == 0
    page.goto(site.url(slug, "/account/edit/"))
    press(page, "Make Available")
    if page.get_by_role("button", name="Make Available").count():
        press(page, "Make Available")
    page.goto(site.url(slug, "/account/edit/"))
    expect(page.get_by_text("You are currently unavailable to mentees")).to_have_count(0)

    # Leaving for good: with the password, said in a mail with a way back, and signed out.
    press(page, "Delete Account")
    accessible(page)
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_label("Yes, delete my account").check()
    press(page, "Delete Account")
    mail = site.inbox.wait_for(mentor.email, "(?i)account")
    page.goto(site.url(slug, "/relationships/"))
    assert "/relationships/" not in page.url.split("?")[0]
    assert found() == 0
    page.goto(link_in(mail, "/account/return/"))
    accessible(page)
