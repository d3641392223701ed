"""axe in the browser: WCAG 2.2, levels A and AA."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


AXE = Axe().axe_script
# What passed stays in the browser: it is most of the answer, and nobody reads it.
RUN = "options => axe.run(options).then(found => found.violations)"


def violations(page: Page) -> list[str]:
    """A line for each element that breaks a rule: rule, help, element."""
    page.evaluate(AXE)
    found = page.evaluate(
        RUN, {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"]}
    )
    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
        for rule in found
        for node in rule["nodes"]
    ]
