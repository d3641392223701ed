"""The page of a suspended institute: needs no database, no static files and no session."""

import base64
import hashlib

from django.http import HttpResponse

_STYLE = (
    "body{margin:0;min-height:100vh;display:grid;place-items:center;background:#f6f5f2;"
    "color:#23272e;font:1.125rem/1.6 Georgia,serif}main{max-width:34rem;padding:2rem}"
    "h1{font-size:1.9rem;line-height:1.25;margin:0 0 1rem}p{margin:0 0 1rem}"
)
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_PAGE = f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>This site is resting</title>
<style>{_STYLE}</style>
</head>
<body>
<main>
<h1>This site is resting</h1>
<p>It is closed for the moment. Nothing is lost: what you wrote here is kept.</p>
<p>Please try again later, or ask the people who run your programme.</p>
</main>
</body>
</html>
"""


def suspended_page() -> HttpResponse:
    """A calm 503 that does not say why, with a policy that allows its own style alone."""
    return HttpResponse(
        _PAGE,
        status=503,
        headers={
            "Retry-After": "3600",
            "Cache-Control": "no-store",
            "Content-Security-Policy": (
                f"default-src 'none'; style-src 'sha256-{_HASH}'; frame-ancestors 'none'; "
                "base-uri 'none'; form-action 'none'"
            ),
        },
    )
