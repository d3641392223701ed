"""Markdown of institutes and members cannot do harm."""

import pytest

from core.kernel.text import MAX_SOURCE, render_markdown


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
    html = render_markdown(source).lower()
    for tag in ("<script", "<img", "<svg", "<style", "<iframe"):
        assert tag not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html
    assert 'href="vbscript' not in html
    assert '" onmouseover' not in html
    assert '" onclick' not in html


def test_markdown_keeps_what_authors_need() -> None:
    html = render_markdown("## Title\n\nA *calm* **text** with [a link](https://a.example/).\n\n- one")
    assert "<h2>Title</h2>" in html
    assert "<em>calm</em> <strong>text</strong>" in html
    assert 'href="https://a.example/"' in html
    assert "<li>one</li>" in html


def test_markdown_bomb_is_refused() -> None:
    with pytest.raises(ValueError, match="at most"):
        render_markdown("x" * (MAX_SOURCE + 1))


def test_deeply_nested_markdown_comes_back() -> None:
    assert "deep" in render_markdown(">" * 5000 + " deep")
