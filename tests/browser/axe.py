"""axe in the browser: WCAG 2.2, levels A and AA, and nothing looked at twice."""

from dataclasses import dataclass
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Error, Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
CONTRAST = "color-contrast"

AXE = Axe().axe_script
# What passed stays in the browser: it is most of the answer, and nobody reads it. The rule about
# contrast takes longer than all others together: it asks one of each of those that are new.
RUN = """([options, rule, fresh]) => {
  const contrast = axe._audit.rules.find((one) => one.id === rule);
  const matches = contrast.matches, left = new Set(fresh);
  contrast.matches = (element, ...more) => {
    const colours = window.coloursOf.get(element);
    if (colours !== undefined && !left.has(colours)) return false;
    const asked = matches.call(contrast, element, ...more);
    if (asked) left.delete(colours);
    return asked;
  };
  return axe.run(options).then((found) => found.violations);
}"""
# What kinds of elements stand in what on this page, at this width and in this light; and for each
# element with words the colours, sizes and layers of all that it stands in, wherever that is.
LOOK = """() => {
  const told = (element) => [
    element.localName, element.getAttribute("class"), element.getAttribute("role"),
    element.getAttribute("type"), element.getAttributeNames().sort(),
  ].join();
  const words = (element) => [...element.childNodes].map(
    (node) => node.nodeType === 3 ? node.data.trim() : ""
  ).join("");
  const named = (element) => element.labels ? element.labels.length > 0
    : element.matches("a, button, summary") ? Boolean(element.textContent.trim()) : "";
  const mark = (text) => {
    let a = 0xdeadbeef, b = 0x41c6ce57;
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at);
      a = Math.imul(a ^ code, 2654435761);
      b = Math.imul(b ^ code, 1597334677);
    }
    return (a >>> 0).toString(36) + (b >>> 0).toString(36);
  };
  const tales = new Map(), layers = new Map(), kinds = new Set();
  window.coloursOf = new Map();
  for (const element of document.querySelectorAll("*")) {
    const parent = element.parentElement, tale = told(element), said = words(element);
    tales.set(element, [tale, named(element), Boolean(said)].join());
    kinds.add(`${parent ? tales.get(parent) : ""}>${tales.get(element)}`);
    const style = getComputedStyle(element);
    const layer = mark([
      layers.get(parent), tale, style.color, style.backgroundColor, style.backgroundImage,
      style.opacity, style.filter, style.mixBlendMode, style.position, style.zIndex,
      style.textShadow, style.fontSize, style.fontWeight,
    ].join());
    layers.set(element, layer);
    if (said || element.matches("input, select, textarea"))
      window.coloursOf.set(element, said.length > 1 ? layer : layer + "-");
  }
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  return {
    kind: mark([location.host, innerWidth, dark, ...[...kinds].sort()].join("\\n")),
    colours: [...new Set(window.coloursOf.values())],
  };
}"""


@dataclass(frozen=True)
class Look:
    """What a page is put together from: the same for two pages that differ in words alone."""

    kind: str
    colours: frozenset[str]


def look(page: Page) -> Look:
    """Look at the page when it is loaded."""
    seen = _settled(page, lambda loaded: loaded.evaluate(LOOK))
    return Look(seen["kind"], frozenset(seen["colours"]))


def violations(page: Page, *, fresh: frozenset[str], every_rule: bool = True) -> list[str]:
    """A line for each element that breaks a rule: rule, help, element.

    In: the colours that the rule about contrast asks about; whether the other rules are asked too.
    """
    only = {"type": "tag", "values": TAGS} if every_rule else {"type": "rule", "values": [CONTRAST]}
    options = {"runOnly": only, "resultTypes": ["violations"]}

    def run(loaded: Page) -> Any:
        loaded.evaluate(LOOK)
        loaded.evaluate(AXE)
        return loaded.evaluate(RUN, [options, CONTRAST, sorted(fresh)])

    return [
        f"{rule['id']}: {rule['help']}: {node['html'][:200]} {node.get('failureSummary', '')[:300]}"
        for rule in _settled(page, run)
        for node in rule["nodes"]
    ]


def _settled(page: Page, look: Any) -> Any:
    """Look at the page when it is loaded; once more when it went away meanwhile."""
    page.wait_for_load_state()
    try:
        return look(page)
    except Error:  # a click leads on when it likes to: the page that we saw was still the last one
        page.wait_for_load_state("networkidle")
        return look(page)
