"""The brand's files: addressed by their content, so a browser may keep them for ever."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from theming import queries
from theming.svg import in_colour

_FOR_EVER = "public, max-age=31536000, immutable"


def _kept(body: str, content_type: str) -> HttpResponse:
    return HttpResponse(body, content_type=content_type, headers={"Cache-Control": _FOR_EVER})


@require_safe
def brand_css(request: HttpRequest, digest: str) -> HttpResponse:
    """The stylesheet of a digest, 404 for one that this site never had."""
    css = queries.css_of(digest)
    if css is None:
        raise Http404
    return _kept(css, "text/css; charset=utf-8")


@require_safe
def brand_logo(request: HttpRequest, digest: str) -> HttpResponse:
    """A logo, in black where the drawing takes its colour from the page."""
    drawing = queries.logo_of(digest)
    if drawing is None:
        raise Http404
    return _kept(in_colour(drawing, "black"), "image/svg+xml")


@require_safe
def brand_icon(request: HttpRequest, digest: str) -> HttpResponse:
    """A favicon."""
    drawing = queries.icon_of(digest)
    if drawing is None:
        raise Http404
    return _kept(drawing, "image/svg+xml")
