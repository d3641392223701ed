"""A member signs in and out through SAML in a real browser, from one site to the other and back.

What no test client shows: which cookies a browser keeps at home when another site sends the form,
and that the pages' own rules let people, and the form that is sent for them, leave for the society.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.bridges.models import Provider
from core.bridges.rules import Kind, State
from core.bridges.services.saml import metadata, ours
from core.bridges.services.saml.documents import POST
from core.bridges.services.saml.keeping import put_metadata
from tenants.context import platform_scope, tenant_context
from tenants.models import Institute
from tests.browser.site import Site
from tests.providers.simplesaml import running

pytestmark = [pytest.mark.browser, pytest.mark.providers]

NewVisitor = Callable[..., Page]
Accessible = Callable[[Page], None]
SLUG = "ciltuk"


def arrange(source: str) -> None:
    """Inside the product: the provider. Prints what we say of ourselves to it."""
    data = Path(source).read_bytes()
    with platform_scope():
        institute = Institute.objects.get(slug=SLUG)
    with tenant_context(institute):
        provider = Provider(
            key="institute",
            kind=Kind.SAML,
            name="The Institute of Rivers",
            button="Sign in with the Institute of Rivers",
            state=State.ON,
            trusts_addresses=True,
            mapping={"email": "mail", "first_name": "givenName", "last_name": "sn"},
        )
        put_metadata(provider, data, metadata.read(data))
        provider.save()
        print(ours.metadata(provider).decode())  # noqa: T201 - the test reads it


def test_member_signs_in_at_the_society_and_out_at_both(
    site: Site, visitor: NewVisitor, accessible: Accessible, tmp_path: Path
) -> None:
    # The one address beside the product that its settings let it speak to.
    with running(tmp_path, host="society.localhost", port=site.port + 1) as idp:
        idp.people(
            rhea={"mail": "rhea.lund@rivers.example", "givenName": "Rhea", "sn": "Lund"},
        )
        idp.options(SingleSignOnServiceBinding=[POST], assertion__encryption=True)
        source = tmp_path / "metadata.xml"
        source.write_bytes(idp.metadata())
        said = site.inside(f"from tests.browser.test_saml import arrange; arrange({str(source)!r})")
        idp.trust(said.encode())
        page = visitor(width=390)
        page.goto(site.url(SLUG, "/account/login/?next=/help/"))
        accessible(page)
        page.get_by_role("link", name="Sign in with the Institute of Rivers").click()
        page.wait_for_url(f"{idp.base}/**")
        page.locator("[name=username]").fill("rhea")
        page.locator("[name=password]").fill("member")
        page.locator("[name=password]").press("Enter")
        page.wait_for_url(site.url(SLUG, "/**"))
        page.goto(site.url(SLUG, "/account/places/"))
        expect(page.get_by_text("Here, now")).to_be_visible()
        page.get_by_role("button", name="Log Out").click()
        page.wait_for_url(site.url(SLUG, "/"))
        expect(page.get_by_text("You are signed out here and at")).to_be_visible()
        accessible(page)
        page.goto(site.url(SLUG, "/sign-in/institute/"))
        expect(page.locator("[name=username]")).to_be_visible()
