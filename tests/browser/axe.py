"""axe in the browser: WCAG 2.2, levels A and AA."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


AXE = Axe().axe_script
# What passed stays in the browser: it is most of the answer, and nobody reads it.
RUN = "options => axe.run(options).then(found => found.violations)"
OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
# What kinds of elements stand in what on this page, at this width and in this light.
KIND = """() => {
  const told = (element) => [
    element.localName, element.getAttribute("class"), element.getAttribute("role"),
    element.getAttribute("type"), element.getAttributeNames().sort(),
    [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()),
  ].join();
  const kinds = new Set([...document.querySelectorAll("*")].map(
    (element) => `${element.parentElement ? told(element.parentElement) : ""}>${told(element)}`
  ));
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  return [location.host, innerWidth, dark, ...[...kinds].sort()].join("\\n");
}"""


def violations(page: Page) -> list[str]:
    """A line for each element that breaks a rule: rule, help, element."""
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
        for rule in _settled(page, _run)
        for node in rule["nodes"]
    ]


def kind(page: Page) -> str:
    """Out: the same for two pages of one site that are put together from the same parts."""
    return str(_settled(page, lambda loaded: loaded.evaluate(KIND)))


def _run(page: Page) -> Any:
    page.evaluate(AXE)
    return page.evaluate(RUN, OPTIONS)


def _settled(page: Page, look: Any) -> Any:
    """Look at the page when it is loaded; once more when it went away meanwhile."""
    page.wait_for_load_state()
    try:
        return look(page)
    except Error:  # a click leads on when it likes to: the page that we saw was still the last one
        page.wait_for_load_state("networkidle")
        return look(page)
