"""Pages for when a site cannot be served: a suspended institute, in its own look; no database.

They need no session, no static files and no templates. Where the look cannot be read (the database
is away, the schema is not there), a plain one stands in: these pages never fail.
"""

import base64
import hashlib
import logging
from html import escape
from threading import Lock
from time import monotonic

from django.http import HttpResponse

from tenants.context import tenant_context
from tenants.models import Institute
from theming.queries import Look, compose, look_or_plain
from theming.tokens import Seeds

log = logging.getLogger(__name__)
SECONDS = 30.0
_FORM = (
    "body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--page);"
    "color:var(--ink);font:1.125rem/1.6 var(--font-body)}main{max-width:34rem;padding:2rem}"
    "h1{font:var(--heading-weight) 1.9rem/1.25 var(--font-heading);margin:0 0 1rem}"
    "p{margin:0 0 1rem}.sign{display:block;color:var(--accent);font-weight:700;margin:0 0 2rem}"
    ".sign svg{display:block;height:3rem;width:auto;max-width:100%}"
)
_PAGE = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{sign}
<h1>{title}</h1>
{sentences}
</main>
</body>
</html>
"""
_RESTING = (
    "This site is resting",
    "It is closed for the moment. Nothing is lost: what you wrote here is kept.",
    "Please try again later, or ask the people who run your programme.",
)
_AWAY = (
    "We cannot be reached for a moment",
    "Whatever you last saw confirmed is safe. What you sent just now may not have been saved.",
    "Please try again in a minute.",
)
_pages: dict[str, tuple[float, str, str]] = {}
_lock = Lock()


def suspended_page(institute: Institute) -> HttpResponse:
    """A calm 503 that does not say why, with a policy that allows its own style alone."""
    return _answer(*_page_of(institute), retry_after=3600)


def away_page() -> HttpResponse:
    """A calm 503 for when the database does not answer; it asks nobody anything."""
    return _answer(*_written("", compose(Seeds()), _AWAY), retry_after=30)


def _answer(page: str, policy: str, *, retry_after: int) -> HttpResponse:
    return HttpResponse(
        page,
        status=503,
        headers={
            "Retry-After": str(retry_after),
            "Cache-Control": "no-store",
            "Content-Security-Policy": policy,
        },
    )


def _page_of(institute: Institute) -> tuple[str, str]:
    key = str(institute.pk)
    kept = _pages.get(key)
    if kept is None or kept[0] < monotonic():
        page, policy = _written(institute.name, _look(institute), _RESTING)
        kept = (monotonic() + SECONDS, page, policy)
        with _lock:
            if len(_pages) > 500:
                _pages.clear()
            _pages[key] = kept
    return kept[1], kept[2]


def _look(institute: Institute) -> Look:
    try:
        with tenant_context(institute):
            return look_or_plain()
    except Exception:  # whatever is away: the page must come
        log.exception("the look of %s could not be read", institute.slug)
        return compose(Seeds())


def _written(name: str, look: Look, words: tuple[str, ...]) -> tuple[str, str]:
    # The stylesheet's own media queries carry the dark scheme; its logo is an address of the site.
    style = look.css.replace(f"url({look.logo_url})", "none") + _FORM
    sign = f'<p class="sign">{escape(name)}</p>' if name else ""
    if look.drawing:
        sign = f'<p class="sign" role="img" aria-label="{escape(name)}">{look.drawing}</p>'
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; style-src 'sha256-{digest}'; frame-ancestors 'none'; "
        "base-uri 'none'; form-action 'none'"
    )
    title, *sentences = words
    said = "\n".join(f"<p>{sentence}</p>" for sentence in sentences)
    return _PAGE.format(style=style, sign=sign, title=title, sentences=said), policy
