"""A legal page changes: the team has everybody asked, and a member looks at what is new."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from config.demo.people import PASSWORD
from core.accounts.models import Person
from core.help.models import LegalPage
from core.kernel.clock import now
from core.privacy.models import Consent, Document, How, Purpose
from core.privacy.services import consenting
from core.programme.models import Programme
from tenants.context import platform_scope, tenant_context
from tenants.models import Institute
from tests.browser.site import Site
from tests.browser.steps import sign_in, sign_in_by_form

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Page]
Accessible = Callable[[Page], None]
SLUG = "guided"


def arrange() -> None:
    """The members of the demo agreed a month ago; the privacy page has a new paragraph."""
    with platform_scope():
        institute = Institute.objects.get(slug=SLUG)
    with tenant_context(institute):
        documents = consenting.note_versions().values()
        for username in ("mentee", "staff"):
            consenting.agree(Person.objects.get(username=username), documents, how=How.REGISTRATION)
        Consent.objects.update(at=now() - timedelta(days=30))
        Document.objects.update(noted_at=now() - timedelta(days=60))
        page = LegalPage.objects.get(slug="privacy")
        page.body += "\n\nSince this month a printing house in Leeds prints our certificates.\n"
        page.save()
        Purpose.objects.create(
            key="news",
            label="News of the programme by e-mail",
            text="Four times a year, from the programme team. You can take this back at any time.",
        )


def settle() -> None:
    """Nobody is asked any more: other walks go over the same site."""
    with platform_scope():
        institute = Institute.objects.get(slug=SLUG)
    with tenant_context(institute):
        programme = Programme.objects.get()
        programme.asked_data = {}
        programme.save()


@pytest.fixture
def changed(site: Site) -> Iterator[Site]:
    """The site with a new privacy page; afterwards nobody is asked about it."""
    site.inside("from tests.browser.test_agreements import arrange; arrange()")
    yield site
    site.inside("from tests.browser.test_agreements import settle; settle()")


def test_changed_page_is_asked_of_everybody_and_says_what_is_new(
    changed: Site, visitor: NewVisitor, accessible: Accessible
) -> None:
    site = changed
    team = visitor()
    sign_in(team, site, SLUG, "staff", PASSWORD)
    team.goto(site.url(SLUG, "/staff/agreements/"))
    expect(team.get_by_text("Not decided yet")).to_be_visible()
    accessible(team)
    team.get_by_role("link", name="Version 2 of Privacy policy").click()
    team.get_by_label("Yes, before they go on").check()
    accessible(team)
    team.get_by_role("button", name="Save").click()

    member = visitor(width=390)
    sign_in_by_form(member, site, SLUG, "mentee", PASSWORD)
    expect(member.get_by_role("heading", name="A page has changed")).to_be_visible()
    expect(member.get_by_text("a printing house in Leeds")).to_be_visible()
    accessible(member)
    member.get_by_role("button", name="Go on").click()
    expect(member.get_by_role("alert")).to_contain_text("Tick the box once you have read")
    accessible(member)
    member.get_by_role("button", name="Not now").click()
    expect(member.get_by_text("You are signed out.")).to_be_visible()
    sign_in_by_form(member, site, SLUG, "mentee", PASSWORD)
    member.get_by_label("I have read").check()
    member.get_by_role("button", name="Go on").click()
    member.goto(site.url(SLUG, "/account/agreements/"))
    expect(member.get_by_text("version 2")).to_be_visible()
    wish = member.get_by_label("News of the programme by e-mail")
    expect(wish).not_to_be_checked()
    wish.check()
    member.get_by_role("button", name="Save").click()
    expect(member.get_by_text("Your choice is saved.")).to_be_visible()
    accessible(member)
