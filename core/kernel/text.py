"""Markdown of institutes and members, made into HTML that cannot do harm."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": 20}).enable(
    ["table", "strikethrough"]
)
_TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "s",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_PICTURE = {"src", "alt", "width", "height", "loading"}
MAX_SOURCE = 100_000


@dataclass(frozen=True)
class Picture:
    """A picture of the site that a text may show: `![what it shows](key)`."""

    address: str
    alt: str
    width: int
    height: int


def render_markdown(source: str, pictures: Mapping[str, Picture] | None = None) -> SafeString:
    """HTML of a Markdown text: no raw HTML, no scripts, headings from h2 down.

    In: `pictures` by the key that a text names them with. Every other picture becomes its
    description, so nothing is ever fetched from elsewhere.
    Raises ValueError for a source of more than 100,000 characters.
    """
    if len(source) > MAX_SOURCE:
        raise ValueError(f"a text may have at most {MAX_SOURCE} characters")
    tokens = _MARKDOWN.parse(source)
    for token in tokens:
        if token.children:
            token.children = [_shown(child, pictures or {}) for child in token.children]
    html = nh3.clean(
        _MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}),
        tags=_TAGS | {"img"},
        attributes={"a": {"href"}, "img": _PICTURE},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
    return mark_safe(html)


def _shown(token: Token, pictures: Mapping[str, Picture]) -> Token:
    if token.type != "image":
        return token
    known = pictures.get(str(token.attrs.get("src", "")))
    if known is None:
        return Token("text", "", 0, content=_plain(token.children or []))
    token.attrs = {
        "src": known.address,
        "alt": "",  # the renderer writes the children here
        "width": known.width,
        "height": known.height,
        "loading": "lazy",
    }
    if not token.content.strip():
        token.children = [Token("text", "", 0, content=known.alt)]
    return token


def _plain(tokens: Sequence[Token]) -> str:
    return "".join(token.content or _plain(token.children or []) for token in tokens)
