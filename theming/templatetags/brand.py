"""Tags of the frames. Each works without a request too, so mails can use them."""

from typing import Any, cast

from django import template
from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from theming.fonts import first_files
from theming.queries import Look, look_or_plain

register = template.Library()


def _look(context: template.Context) -> Look:
    if "look" not in context:
        context["look"] = look_or_plain()
    return cast(Look, context["look"])


@register.simple_tag(takes_context=True)
def brand_head(context: template.Context) -> SafeString:
    """The links of a page's head: fonts, stylesheets, icon."""
    look = _look(context)
    fonts = format_html_join(
        "\n",
        '<link rel="preload" href="{}" as="font" type="font/woff2" crossorigin>',
        ((static(path),) for path in first_files(look.seeds.pairing)),
    )
    sheets = [static("theming/site.css"), look.css_url or static("theming/plain.css")]
    links = format_html_join(
        "\n", '<link rel="stylesheet" href="{}">', ((sheet,) for sheet in sheets)
    )
    icon = (
        format_html('\n<link rel="icon" href="{}" type="image/svg+xml">', look.icon_url)
        if look.icon_url
        else ""
    )
    return format_html("{}\n{}{}", fonts, links, icon)


@register.simple_tag(takes_context=True)
def brand_attributes(context: template.Context) -> SafeString:
    """Attributes of <html> by which the stylesheet knows the institute's layout choices."""
    seeds = _look(context).seeds
    return format_html(
        ' data-masthead="{}" data-hero="{}" data-type="{}" data-radius="{}"',
        seeds.masthead,
        seeds.hero,
        seeds.pairing,
        seeds.radius,
    )


@register.simple_tag(takes_context=True)
def brand_mark(context: template.Context) -> SafeString:
    """The logo beside the name, silent to screen readers because the name follows it."""
    look = _look(context)
    if not look.logo_url:
        return SafeString("")
    if look.seeds.logo == "own":
        return format_html(
            '<img class="brand-picture" src="{}" alt="" width="40" height="40">', look.logo_url
        )
    return SafeString('<span class="brand-mark" aria-hidden="true"></span>')


@register.simple_tag(takes_context=True)
def mail_colours(context: template.Context) -> dict[str, str]:
    """Colours for the inline styles of a mail (mail programs know no stylesheet): light scheme."""
    return {name.replace("-", "_"): value for name, value in _look(context).palette.light.items()}


@register.simple_tag(takes_context=True)
def mail_type(context: template.Context) -> str:
    """The family for mails: the nearest face that every mail program has."""
    return "Georgia, serif" if _look(context).seeds.pairing == "folio" else "Arial, sans-serif"


@register.simple_tag(takes_context=True)
def mail_corner(context: template.Context) -> str:
    """The corner of a mail's button."""
    return {"none": "0", "small": "4px", "medium": "8px", "large": "24px"}[
        _look(context).seeds.radius
    ]


@register.simple_tag(takes_context=True)
def page_link(context: template.Context, number: int, key: str = "page") -> str:
    """The present address with another page number; every other parameter stays."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return f"?{key}={number}"
    query: Any = request.GET.copy()
    query[key] = str(number)
    return f"?{query.urlencode()}"
