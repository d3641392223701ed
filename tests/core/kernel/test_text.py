"""Markdown of institutes and members cannot do harm."""

from html.parser import HTMLParser

import pytest

from core.kernel.text import MAX_SOURCE, render_markdown


class Elements(HTMLParser):
    """Collects the elements that a browser would make."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize(
    "source",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](https://elsewhere.example/pixel.png)",
        '<img src=x onerror="alert(1)">',
        '<a href="https://a.example" onclick="alert(1)">x</a>',
        "<svg/onload=alert(1)>",
        "<style>body{display:none}</style>",
        "[x](vbscript:msgbox)",
        '[a](<https://a.example" onmouseover="alert(1)>)',
        "<iframe src=//evil.example></iframe>",
    ],
)
def test_markdown_with_an_attack_renders_harmless(source: str) -> None:
    elements = Elements()
    elements.feed(render_markdown(source))
    for tag, attributes in elements.found:
        assert tag not in {"script", "img", "svg", "style", "iframe"}
        assert set(attributes) <= {"href", "rel"}
        href = attributes.get("href") or ""
        assert not href or href.startswith(("https://", "http://", "mailto:", "tel:"))


def test_markdown_keeps_what_authors_need() -> None:
    html = render_markdown(
        "## Title\n\nA *calm* **text** with [a link](https://a.example/).\n\n- one"
    )
    assert "<h2>Title</h2>" in html
    assert "<em>calm</em> <strong>text</strong>" in html
    assert 'href="https://a.example/"' in html
    assert "<li>one</li>" in html


def test_markdown_bomb_is_refused() -> None:
    with pytest.raises(ValueError, match="at most"):
        render_markdown("x" * (MAX_SOURCE + 1))


def test_deeply_nested_markdown_stays_shallow() -> None:
    html = render_markdown(">" * 5000 + " deep")
    assert html.count("<blockquote>") <= 20
