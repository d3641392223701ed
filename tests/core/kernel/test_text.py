"""Markdown of institutes and members cannot do harm."""

from html.parser import HTMLParser
from time import process_time

import pytest

from core.kernel.text import MAX_SOURCE, Picture, render_markdown


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


def test_only_the_sites_own_pictures_are_shown() -> None:
    own = {"hill": Picture("/resources/pictures/hill/", "A hill", 300, 200)}
    html = render_markdown("![](hill) ![Two *hills*](hill) ![spy](https://spy.example/p.gif)", own)
    elements = Elements()
    elements.feed(html)
    pictures = [attributes for tag, attributes in elements.found if tag == "img"]
    assert [one["src"] for one in pictures] == ["/resources/pictures/hill/"] * 2
    assert [one["alt"] for one in pictures] == ["A hill", "Two hills"]
    assert "spy.example" not in html
    assert "spy" in html


@pytest.mark.parametrize(
    "source",
    ["[" * 60_000, "![" * 15_000, "*a_ " * 15_000, "a**b" * 15_000, "[a](<b" * 10_000,
     "|a" * 300 + "|\n" + "|-" * 300 + "|\n" + "|a|\n" * 5_000],
    ids=["brackets", "pictures", "stars", "emphasis", "links", "table"],
)  # fmt: skip
def test_text_made_to_take_long_takes_seconds_at_most(source: str) -> None:
    began = process_time()
    render_markdown(source)
    assert process_time() - began < 10
