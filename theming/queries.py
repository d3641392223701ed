"""Reads of the look in force."""

import logging
import re
from dataclasses import dataclass
from typing import cast

from django.core.cache import cache
from django.core.files.storage import default_storage
from django.urls import NoReverseMatch, reverse

from theming import svg
from theming.models import Brand, BrandRevision, LookVersion
from theming.stylesheet import digest, stylesheet
from theming.tokens import Palette, Seeds, SeedsRefused, palette

CACHE_KEY = "theming:look"
_SECONDS = 300
MOST_VERSIONS = 60
_log = logging.getLogger(__name__)
LOGO_NAME = re.compile(r"brand/[0-9a-f]{20}\.svg")


@dataclass(frozen=True)
class Look:
    """All that a page or a mail needs of a brand.

    `drawing` is clean SVG text or empty; the addresses are paths of the site.
    """

    seeds: Seeds
    css: str
    css_digest: str
    css_url: str
    drawing: str
    logo_digest: str
    logo_url: str
    icon_digest: str
    icon_url: str

    @property
    def palette(self) -> Palette:
        """The colours of both schemes."""
        return palette(self.seeds)


def compose(seeds: Seeds, drawing: str = "") -> Look:
    """The look of given seeds and a clean drawing, stored or not (also for previews)."""
    logo_digest = digest(drawing) if drawing else ""
    logo_url = _path("brand_logo", logo_digest) if drawing else ""
    css = stylesheet(seeds, logo=logo_url)
    css_digest = digest(css)
    icon_digest = digest(icon(seeds, drawing))
    return Look(
        seeds=seeds,
        css=css,
        css_digest=css_digest,
        css_url=_path("brand_css", css_digest),
        drawing=drawing,
        logo_digest=logo_digest,
        logo_url=logo_url,
        icon_digest=icon_digest,
        icon_url=_path("brand_icon", icon_digest),
    )


def _path(name: str, key: str) -> str:
    try:
        return reverse(name, args=[key])
    except NoReverseMatch:  # a site without the brand's addresses has no looks of its own
        return ""


def look() -> Look:
    """The look of the present site, from the cache; the house's own look where none is chosen."""
    found = cast(Look | None, cache.get(CACHE_KEY))
    if found is None:
        brand = Brand.objects.first()
        found = compose(brand.seeds if brand else Seeds(), read_drawing(brand))
        cache.set(CACHE_KEY, found, _SECONDS)
    return found


def look_or_plain() -> Look:
    """As `look`, but never fails: error pages need a look when the database has none to give."""
    try:
        return look()
    except Exception:  # whatever broke: the page that tells of it must not break too
        _log.exception("No look could be read; the plain one is used.")
        return compose(Seeds())


def read_drawing(brand: Brand | None) -> str:
    """The stored logo as clean SVG text; empty when there is none."""
    return drawing_at((brand.logo.name or "") if brand else "")


def drawing_at(name: str) -> str:
    """A stored drawing as clean SVG text; empty for a name that is none of ours."""
    if not LOGO_NAME.search(name):
        return ""
    try:
        with default_storage.open(name, "rb") as file:
            return svg.clean(file.read())
    except FileNotFoundError:  # a lost file costs the logo, not the site
        _log.error("The logo %s is not in the storage.", name)
        return ""


def css_of(wanted: str) -> str | None:
    """The stylesheet of a digest: the present one or an older revision's."""
    present = look()
    if present.css_digest == wanted:
        return present.css
    revision = BrandRevision.objects.filter(digest=wanted).first()
    return revision.css if revision else None


def logo_of(wanted: str) -> str | None:
    """The drawing of a digest: the present logo, or one that cached pages still ask for."""
    present = look()
    if present.drawing and present.logo_digest == wanted:
        return present.drawing
    version = LookVersion.objects.filter(logo_digest=wanted).first() if wanted else None
    return drawing_at(version.logo) or None if version else None


def icon_of(wanted: str) -> str | None:
    """The favicon of a digest, present or earlier."""
    present = look()
    if present.icon_digest == wanted:
        return icon(present.seeds, present.drawing)
    version = LookVersion.objects.filter(icon_digest=wanted).first()
    if version is None:
        return None
    try:
        return icon(version.seeds, drawing_at(version.logo))
    except SeedsRefused:
        return None


def versions() -> list[LookVersion]:
    """The looks that were in force, latest first."""
    return list(LookVersion.objects.all()[:MOST_VERSIONS])


def version(number: int) -> LookVersion | None:
    """One of them."""
    return LookVersion.objects.filter(number=number).first()


def latest() -> LookVersion | None:
    """The one in force; None where the look was never chosen."""
    return LookVersion.objects.first()


def icon(seeds: Seeds, drawing: str) -> str:
    """The favicon: the drawing on a tile of the accent colour, or as it is when it has its own."""
    colours = palette(seeds).light
    if drawing and seeds.logo == "own":
        return svg.in_colour(drawing, colours["accent"])
    corner = {"none": 0, "small": 6, "medium": 14, "large": 26}[seeds.radius]
    inner = svg.in_colour(drawing, colours["on-accent"]) if drawing else ""
    inner = inner.replace("<svg ", '<svg x="12" y="12" width="40" height="40" ', 1)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">'
        f'<rect width="64" height="64" rx="{corner}" fill="{colours["accent"]}"/>{inner}</svg>'
    )
