"""Markdown of institutes and members, made into HTML that cannot do harm."""

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt

_MARKDOWN = MarkdownIt("commonmark", {"html": False, "linkify": False, "maxNesting": 20}).enable(
    ["table", "strikethrough"]
)
_TAGS = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre", "s",
    "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
MAX_SOURCE = 100_000


def render_markdown(source: str) -> SafeString:
    """HTML of a Markdown text: no raw HTML, no scripts, headings from h2 down.

    Raises ValueError for a source of more than 100,000 characters.
    """
    if len(source) > MAX_SOURCE:
        raise ValueError(f"a text may have at most {MAX_SOURCE} characters")
    html = nh3.clean(
        _MARKDOWN.render(source),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer",
    )
    return mark_safe(html)
