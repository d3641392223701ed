"""What people do on a site, in the words of the pages."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page

from tests.browser.site import Site, link_in

PASSWORD = "three quiet lanterns by the sea"


@dataclass(frozen=True)
class Newcomer:
    """Somebody who is about to register."""

    first: str
    last: str
    role: str

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"

    @property
    def username(self) -> str:
        return f"{self.first}.{self.last}".lower()

    @property
    def email(self) -> str:
        return f"{self.username}@people.example"


def register(page: Page, site: Site, slug: str, who: Newcomer) -> None:
    """From the front page to a signed-in account with a confirmed address."""
    page.goto(site.url(slug))
    page.get_by_role("link", name="Create an account").first.click()
    page.get_by_label("First name").fill(who.first)
    page.get_by_label("Last name").fill(who.last)
    page.get_by_label("E-mail address").fill(who.email)
    page.get_by_label("Username").fill(who.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_label(f"I want to be a {who.role}").check()
    for box in page.get_by_role("group", name="Before you go on").get_by_role("checkbox").all():
        box.check()
    page.get_by_role("button", name="Create account").click()
    mail = site.inbox.wait_for(who.email, "")
    page.goto(link_in(mail, "/account/confirm/"))
    page.get_by_role("main").get_by_role("button").first.click()


def read_guides(page: Page, site: Site, slug: str) -> None:
    """Where the institute puts guides before the profile: read each and say so."""
    page.goto(site.url(slug, "/resources/"))
    while (unread := page.locator("li", has_text="To be read first").get_by_role("link")).count():
        unread.first.click()
        page.get_by_role("button", name="Mark as read").click()
        page.goto(site.url(slug, "/resources/"))


def fill_profile(page: Page, **texts: str) -> None:
    """Answer every field: the first option of each choice, a sentence in each text."""
    form = page.locator("main form:has(button[name=save])")
    for control in form.locator("select, textarea, input:not([type=hidden])").all():
        _answer(control, texts)
    page.get_by_role("button", name="Save profile").click()


def _answer(control: Locator, texts: dict[str, str]) -> None:
    name = control.get_attribute("name") or ""
    kind = control.evaluate("e => e.tagName === 'INPUT' ? e.type : e.tagName.toLowerCase()")
    given = next((text for part, text in texts.items() if part in name), None)
    if kind == "select":
        control.select_option(index=1)
    elif kind in {"checkbox", "radio"}:
        first = control.evaluate(
            'e => document.querySelector(`main [name="${e.name}"]:not([value=""])`) === e'
        )
        if first:
            control.check()
    elif name.endswith("_day"):
        control.fill("12")
    elif name.endswith("_month"):
        control.fill("6")
    elif name.endswith("_year"):
        control.fill("2012")
    elif kind == "url":
        control.fill("https://people.example/about-me")
    elif kind == "number" or control.get_attribute("inputmode") == "numeric":
        control.fill("2")
    else:
        control.fill(given or "I have learned most from people who asked good questions.")


def sign_in(page: Page, site: Site, slug: str, login: str, password: str = PASSWORD) -> None:
    """Through the form on the front page."""
    page.goto(site.url(slug))
    page.get_by_label("Username or e-mail address").fill(login)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("main").get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: urlsplit(url).path not in {"/", "/account/login/"})


def write_letter(page: Page, text: str) -> None:
    """Fill in the area and the personal statement on a mentor's page."""
    if page.locator("select[name=area]").count():
        page.locator("select[name=area]").select_option(index=1)
    elif page.locator("input[name=area]").count():
        page.locator("input[name=area]").first.check()
    page.get_by_label("statement").fill(text)
