"""One running site and one Chromium for all browser tests of a process."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests import servers
from tests.browser.axe import look, violations
from tests.browser.browsers import RUNNING
from tests.browser.site import Site, running


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """While Playwright runs, Django takes this process for an asynchronous one: it ends when the
    next test is another folder's."""
    try:
        return (yield)
    finally:
        if nextitem is None or nextitem.path.parent != item.path.parent:
            RUNNING.close()


@pytest.fixture(scope="session")
def site(peopled_name: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The running product with all five institutes."""
    with (
        servers.running_redis(9) as redis_url,
        running(
            database=peopled_name, redis_url=redis_url, folder=tmp_path_factory.mktemp("site")
        ) as site,
    ):
        yield site


@pytest.fixture
def chromium_browser(site: Site) -> Browser:
    """A real Chromium, headless; the site is there first, as Django makes its database."""
    return RUNNING.one()


NewVisitor = Callable[..., Page]


@pytest.fixture
def visitor(
    chromium_browser: Browser, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[NewVisitor]:
    """``visitor(width=1280)`` → a page of a new context; errors in its scripts fail the test."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def opened(width: int = 1280, **options: Any) -> Page:
        context = chromium_browser.new_context(
            viewport={"width": width, "height": 900}, locale="en-GB", **options
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
        page.on(
            "console",
            lambda message: (
                problems.append(f"{page.url}: {message.text}")
                if "Content Security Policy" in message.text
                else None
            ),
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture(scope="session")
def _looked_at() -> tuple[set[str], set[str]]:
    return set(), set()


@pytest.fixture
def accessible(_looked_at: tuple[set[str], set[str]]) -> Callable[[Page], None]:
    """``accessible(page)`` fails with every violation of WCAG 2.2 A and AA on the page. A page made
    of nothing but parts that stood together on a page before is not looked at again, nor are
    colours that lay on the same ones."""
    kinds, colours = _looked_at

    def check(page: Page) -> None:
        seen = look(page)
        fresh = seen.colours - colours
        if seen.kind in kinds and not fresh:
            return
        found = violations(page, fresh=fresh, every_rule=seen.kind not in kinds)
        assert not found, f"{page.url}\n" + "\n".join(found)
        kinds.add(seen.kind)
        colours.update(fresh)

    return check
