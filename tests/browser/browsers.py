"""Playwright and the Chromiums of this process, from its first browser test to its last."""

from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.install import chromium

# Whole pixels for letters are nothing that a phone has: a late font would move words by them.
ARGUMENTS = [
    "--font-render-hinting=none",
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


class Browsers:
    """Started when somebody asks, and again when one broke down."""

    def __init__(self) -> None:
        self._playwright: Playwright | None = None
        self._running: dict[tuple[str, ...], Browser] = {}

    def one(self, *more: str) -> Browser:
        """A headless Chromium, started with these arguments beside the usual ones."""
        if self._playwright is None:
            self._playwright = sync_playwright().start()
        browser = self._running.get(more)
        if browser is None or not browser.is_connected():
            browser = self._running[more] = self._playwright.chromium.launch(
                executable_path=chromium(), args=[*ARGUMENTS, *more]
            )
        return browser

    def close(self) -> None:
        """End all of them, and Playwright."""
        while self._running:
            self._running.popitem()[1].close()
        if self._playwright is not None:
            self._playwright.stop()
            self._playwright = None


RUNNING = Browsers()
