"""What people do on a site, in the words of the pages."""

import re
from dataclasses import dataclass
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urlsplit

from playwright.sync_api import Page

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


def arrived(page: Page, site: Site, slug: str, who: Newcomer) -> None:
    """Signed in to an account of their own, in a test that is not about registering."""
    account = {
        "username": who.username,
        "email": who.email,
        "password": PASSWORD,
        "first_name": who.first,
        "last_name": who.last,
    }
    site.inside(
        f"from tests.browser.arriving import arrange; arrange({slug!r}, {who.role!r}, **{account})"
    )
    sign_in(page, site, slug, who.username)


def read_guides(page: Page, site: Site, slug: str) -> None:
    """Where the institute puts guides before the profile: read each and say so."""
    page.goto(site.url(slug, "/resources/"))
    while (unread := page.locator("li", has_text="To be read first").get_by_role("link")).count():
        unread.first.click()
        page.get_by_role("button", name="Mark as read").click()
        page.goto(site.url(slug, "/resources/"))


ANSWER = """(form, given) => {
  const groups = new Set();
  for (const box of form.querySelectorAll("select, textarea, input:not([type=hidden])")) {
    if (box.type === "checkbox" || box.type === "radio") {
      if (box.value && !groups.has(box.name) && !box.checked) box.click();
      if (box.value) groups.add(box.name);
      continue;
    }
    const text = Object.keys(given).find((part) => box.name.includes(part));
    if (box.localName === "select") box.selectedIndex = 1;
    else if (box.name.endsWith("_day")) box.value = "12";
    else if (box.name.endsWith("_month")) box.value = "6";
    else if (box.name.endsWith("_year")) box.value = "2012";
    else if (box.type === "url") box.value = "https://people.example/about-me";
    else if (box.type === "number" || box.inputMode === "numeric") box.value = "2";
    else box.value = text ? given[text] : "I learned most from people who asked good questions.";
    for (const told of ["input", "change"]) box.dispatchEvent(new Event(told, {bubbles: true}));
  }
}"""


def fill_profile(page: Page, **texts: str) -> None:
    """Answer every field: the first option of each choice, a sentence in each text."""
    page.locator("main form:has(button[name=save])").evaluate(ANSWER, texts)
    page.get_by_role("button", name="Save profile").click()


def sign_in(page: Page, site: Site, slug: str, login: str, password: str = PASSWORD) -> None:
    """Send what the form on the front page sends, and keep the cookies: the page stays as it is."""
    line = HTTPConnection("127.0.0.1", site.port, timeout=60)
    told = {
        "Host": f"{slug}.localhost:{site.port}",
        "User-Agent": str(page.evaluate("navigator.userAgent")),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    line.request("GET", "/account/login/", headers=told)
    answer = line.getresponse()
    kept = SimpleCookie(answer.headers["Set-Cookie"])
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', answer.read().decode())
    assert found, f"{answer.status}: there is no form"
    form = {"csrfmiddlewaretoken": found[1], "login": login, "password": password}
    told |= {"Cookie": "; ".join(f"{name}={one.value}" for name, one in kept.items())}
    line.request("POST", "/account/login/", urlencode(form), told)
    answer = line.getresponse()
    answer.read()
    line.close()
    assert answer.status == 302, f"{answer.status}: {login} is not let in"
    for said in answer.headers.get_all("Set-Cookie", []):
        kept.load(said)
    assert "session" in kept
    page.context.add_cookies(
        [{"name": name, "value": one.value, "url": site.url(slug)} for name, one in kept.items()]
    )


def sign_in_by_form(
    page: Page, site: Site, slug: str, login: str, password: str = PASSWORD
) -> None:
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
