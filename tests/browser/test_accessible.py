"""Every kind of page in all five brands: WCAG 2.2 A and AA, light and dark, desktop and phone."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from config.demo.people import PASSWORD
from tests.browser.site import Site
from tests.browser.steps import sign_in

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Page]
SLUGS = ("ciltuk", "linguists", "uhb", "guided", "connect")
DESKTOP: dict[str, Any] = {"width": 1280, "color_scheme": "light"}
PHONE: dict[str, Any] = {"width": 390, "color_scheme": "dark"}
PAGES = {
    "guest": (
        "/", "/account/login/", "/account/signup/", "/account/password/reset/", "/help/",
        "/about/privacy/", "/no-such-page/",
    ),
    "mentee": (
        "/mentors/", "/relationships/", "/profile/", "/profile/preview/", "/resources/",
        "/account/edit/", "/account/password/", "/account/second-step/", "/account/places/",
    ),
    "mentor": ("/relationships/",),
    "both": ("/account/role/",),
    "staff": ("/staff/",),
}  # fmt: skip
# One site is walked whole, a drill walks all. The others show what their colours make of it.
WHOLE = "ciltuk"
OTHERS = tuple(slug for slug in SLUGS if slug != WHOLE)
SAMPLE = {
    "guest": ("/", "/account/signup/"),
    "mentee": ("/mentors/", "/relationships/", "/profile/", "/resources/"),
    "staff": ("/staff/",),
}
KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
STARTS = {"mentee": ("/mentors/", "/relationships/", "/resources/"), "mentor": ("/relationships/",)}
# What is looked at behind them (pages, not files), and from where one goes on.
BEHIND = re.compile(
    r"^/(mentors|relationships|goals|resources|diary|cpd|help/contact)/(?!.*\.(pdf|csv|md|ics)(\?|$))"
)
DEEPER = re.compile(r"^/(relationships|goals|diary|cpd)/")
STAFF_PAGES = (
    "brand/",
    "words/",
    "front/",
    "identity/",
    "policies/",
    "profile-form/",
    "matching/",
    "mails/",
    "invitations/",
    "people/import/",
    "people/find/",
    "people/duplicates/",
    "pairing/",
    "pairing/new/",
    "relationships/match/",
    "stand-ins/",
    "kernel/auditentry/",
    "journey/",
    "canvases/",
    "surveys/",
    "cpd/",
    "smart/",
    "notices/notice/add/",
    "sign-in/",
    "sign-in/new/oidc/",
    "sign-in/new/saml/",
    "membership/",
    "agreements/",
    "erasures/",
    "retention/",
)
# The same parts again and again: pale words, dark ground under them, a box that lost its name.
SMALL = """<!doctype html><html lang="en"><head><title>Small</title><style>{style}</style></head>
<body><main><h1>Words</h1><p>And more words</p><label for="{label}">Name</label><input id="box">
</main></body></html>"""
FAULTS = (
    ("p { color: #999 }", "box", "color-contrast"),
    ("main { background: #444 }", "box", "color-contrast"),
    ("", "books", "label"),
)
# What changes most on a phone and in the dark; the rest shares its parts.
PHONE_PAGES = {"guest": ("/",), "mentee": ("/mentors/", "/relationships/", "/profile/")}


def test_fault_on_a_page_of_known_parts_is_found(
    visitor: NewVisitor, accessible: Callable[[Page], None]
) -> None:
    page = visitor(**DESKTOP)
    for style, label, rule in FAULTS:
        page.set_content(SMALL.format(style="", label="box"))
        accessible(page)
        page.set_content(SMALL.format(style=style, label=label))
        with pytest.raises(AssertionError, match=rule):
            accessible(page)


@pytest.mark.parametrize(
    "slug", [WHOLE, *(pytest.param(slug, marks=pytest.mark.drill) for slug in OTHERS)]
)
def test_every_page_can_be_used_by_everybody(
    slug: str, site: Site, visitor: NewVisitor, accessible: Callable[[Page], None]
) -> None:
    for who, paths in PAGES.items():
        page = _arrived(visitor(**DESKTOP), site, slug, who)
        _walk(page, site.url(slug, ""), paths, STARTS.get(who, ()), accessible)
        page.context.close()


@pytest.mark.parametrize("slug", OTHERS)
def test_pages_in_other_colours_can_be_used_by_everybody(
    slug: str, site: Site, visitor: NewVisitor, accessible: Callable[[Page], None]
) -> None:
    for who, paths in SAMPLE.items():
        page = _arrived(visitor(**DESKTOP), site, slug, who)
        for path in paths:
            page.goto(site.url(slug, path))
            _check(page, accessible)
        page.context.close()


@pytest.mark.parametrize("slug", SLUGS)
def test_main_pages_can_be_used_on_a_phone_in_the_dark(
    slug: str, site: Site, visitor: NewVisitor, accessible: Callable[[Page], None]
) -> None:
    for who, paths in PHONE_PAGES.items():
        page = _arrived(visitor(**PHONE), site, slug, who)
        for path in paths:
            page.goto(site.url(slug, path))
            _check(page, accessible)
        page.context.close()


def test_every_staff_page_of_our_own_can_be_used_by_everybody(
    site: Site, visitor: NewVisitor, accessible: Callable[[Page], None]
) -> None:
    page = _arrived(visitor(**DESKTOP), site, "guided", "staff")
    for path in STAFF_PAGES:
        page.goto(site.url("guided", f"/staff/{path}"))
        _check(page, accessible)


def _arrived(page: Page, site: Site, slug: str, who: str) -> Page:
    if who != "guest":
        sign_in(page, site, slug, who, PASSWORD)
    return page


def _check(page: Page, accessible: Callable[[Page], None]) -> None:
    accessible(page)
    wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0, f"{page.url} is {wide} px wider than the window"


def _walk(
    page: Page,
    root: str,
    paths: tuple[str, ...],
    starts: tuple[str, ...],
    accessible: Callable[[Page], None],
) -> None:
    """Look at these pages and at those that only links lead to, one of each shape: a mentor, a
    guide, a relationship, and what stands under it: the road, canvases, goals, feedback."""
    waiting = list(dict.fromkeys((*paths, *starts)))
    seen = {_shape(path) for path in waiting}
    while waiting:
        path = waiting.pop(0)
        page.goto(root + path)
        _check(page, accessible)
        if path not in starts and not DEEPER.match(path):
            continue
        links = page.locator("main a[href], header a[href]").evaluate_all(
            "all => all.map(a => a.getAttribute('href'))"
        )
        for link in links:
            if BEHIND.match(link) and _shape(link) not in seen:
                seen.add(_shape(link))
                waiting.append(link)


def _shape(link: str) -> str:
    """The address without what makes it this one: keys, and names of guides and stages."""
    link = KEY.sub("#", link.partition("?")[0])
    return re.sub(r"^(/resources/|.*/journey/stages/|.*/canvases/)[^#/]+", r"\1#", link)
