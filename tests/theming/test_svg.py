"""Drawings from outside lose everything that is not drawing."""

import xml.etree.ElementTree as ET

import pytest

from tests.theming.seeds import BUNDLES, logo_of
from theming.svg import MAX_BYTES, SvgRefused, clean, in_colour

HEAD = (
    '<svg xmlns="http://www.w3.org/2000/svg" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9"'
)
HARMFUL = [
    "<script>alert(1)</script>",
    '<script href="https://evil.example/x.js"/>',
    '<path d="M0 0" onload="alert(1)"/>',
    '<g ONCLICK="alert(1)"><path d="M0 0"/></g>',
    '<a href="javascript:alert(1)"><path d="M0 0"/></a>',
    '<a xlink:href="javascript:alert(1)"><path d="M0 0"/></a>',
    '<image href="https://evil.example/x.png"/>',
    '<image xlink:href="data:image/svg+xml;base64,PHN2Zy8+"/>',
    '<use href="https://evil.example/x.svg#a"/>',
    '<use xlink:href="#self"/>',
    "<foreignObject><body xmlns='http://www.w3.org/1999/xhtml'><script>alert(1)</script></body></foreignObject>",
    "<style>@import url(https://evil.example/x.css);</style>",
    '<path d="M0 0" style="background:url(https://evil.example/x)"/>',
    '<path d="M0 0" fill="url(https://evil.example/x#a)"/>',
    '<path d="M0 0" fill="url(javascript:alert(1))"/>',
    '<path d="M0 0" clip-path="url(https://evil.example/x#a)"/>',
    '<path d="M0 0" fill="u\\72l(https://evil.example)"/>',
    '<animate attributeName="href" values="javascript:alert(1)"/>',
    '<set attributeName="onload" to="alert(1)"/>',
    "<text>Ask for your password at evil.example</text>",
    "<iframe xmlns='http://www.w3.org/1999/xhtml' src='https://evil.example'/>",
    "<handler xmlns='http://www.w3.org/2001/xml-events' event='load'>alert(1)</handler>",
    '<filter id="f"><feImage href="https://evil.example/x"/></filter>',
    '<path d="M0 0" transform="url(https://evil.example)"/>',
    '<title><script>alert(1)</script></title>',
]  # fmt: skip
FORBIDDEN = ("script", "evil", "alert", "javascript", "href", "onload", "onclick", "style",
             "foreign", "image", "animate", "password", "iframe", "data:")  # fmt: skip


@pytest.mark.parametrize("harm", HARMFUL)
def test_a_drawing_with_harm_in_it_comes_out_without_it(harm: str) -> None:
    drawing = clean(f'{HEAD}><path d="M1 1h2z"/>{harm}</svg>'.encode())
    assert not [word for word in FORBIDDEN if word in drawing.lower()]
    assert "M1 1h2z" in drawing
    ET.fromstring(drawing)


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"not a drawing",
        b"<html><body/></html>",
        b'<svg viewBox="0 0 9 9"/>',
        f"{HEAD}>".encode(),
        f'<!DOCTYPE svg [<!ENTITY a "b">]>{HEAD}/>'.encode(),
        f'<!doctype svg SYSTEM "file:///etc/passwd">{HEAD}/>'.encode(),
        f"<?xml-stylesheet href='https://evil.example/x.css'?>{HEAD}/>".encode(),
        f"{HEAD}><![CDATA[<script/>]]></svg>".encode(),
        f"{HEAD}/>".encode("utf-16"),
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="a b c d"/>',
        f"{HEAD}>{'<g/>' * 2500}</svg>".encode(),
        f"{HEAD}>{'<!-- -->' * MAX_BYTES}</svg>".encode(),
    ],
)
def test_what_is_no_safe_drawing_is_refused_with_a_sentence(source: bytes) -> None:
    with pytest.raises(SvgRefused, match=r"^The .*\.$"):
        clean(source)


def test_a_drawing_deep_in_itself_is_refused_or_flattened_without_a_crash() -> None:
    deep = "<g>" * 1500 + "</g>" * 1500
    with pytest.raises(SvgRefused):
        clean(f"{HEAD}>{deep}</svg>".encode())


def test_a_drawing_with_sizes_alone_gets_a_view_box_and_loses_the_sizes() -> None:
    drawing = clean(b'<svg xmlns="http://www.w3.org/2000/svg" width="40px" height="20"/>')
    assert 'viewBox="0 0 40 20"' in drawing
    assert "width" not in drawing


def test_gradients_and_clips_of_the_drawing_itself_are_kept() -> None:
    inside = (
        '<defs><linearGradient id="a"><stop offset="0" stop-color="#fff"/></linearGradient></defs>'
        '<path d="M0 0h9" fill="url(#a)"/>'
    )
    drawing = clean(f"{HEAD}>{inside}</svg>".encode())
    assert 'fill="url(#a)"' in drawing
    assert 'id="a"' in drawing


@pytest.mark.parametrize("bundle", BUNDLES)
def test_shipped_logos_pass_unharmed_and_take_a_colour(bundle: str) -> None:
    drawing = clean(logo_of(bundle))
    assert clean(drawing.encode()) == drawing
    assert "currentColor" not in in_colour(drawing, "#123456")
