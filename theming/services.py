"""Changes of the look."""

from typing import Any, Protocol

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from redis.exceptions import RedisError

from theming import svg
from theming.models import Brand, BrandRevision, LookVersion
from theming.queries import CACHE_KEY, Look, compose, drawing_at, latest, read_drawing
from theming.stylesheet import digest
from theming.tokens import Seeds, SeedsRefused


class Chooser(Protocol):
    """Whoever chooses a look."""

    @property
    def pk(self) -> Any: ...

    @property
    def full_name(self) -> str: ...


class LookChanged(Exception):
    """Somebody put another look in force meanwhile; `version` is theirs."""

    def __init__(self, version: LookVersion) -> None:
        super().__init__(f"version {version.number} is in force")
        self.version = version


def choose_look(
    *,
    seeds: Seeds,
    logo: bytes | None = None,
    by: Chooser | None = None,
    seen: int | None = None,
    back_to: int | None = None,
) -> Look:
    """Put a look in force: `logo` is SVG or PNG as it came, None keeps the present one, b"" removes
    it. `seen` is the version on which the choice was made.

    Raises SvgRefused for a picture that cannot be made safe, LookChanged when another version than
    `seen` is in force. The stylesheet and the look in force until now stay (product A2, F4).
    """
    drawing = svg.clean(logo) if logo else ""
    with transaction.atomic():
        _, is_first = Brand.objects.get_or_create(
            only=True, defaults={"seeds_data": Seeds().data()}
        )
        brand = Brand.objects.select_for_update().get()
        standing = latest()
        if standing is None and not is_first:  # a look of the time before versions were kept
            standing = _keep(brand, number=1)
        if seen is not None and standing is not None and standing.number != seen:
            raise LookChanged(standing)
        if logo is None:
            drawing = read_drawing(brand)
        else:
            brand.logo.name = _stored(drawing) if drawing else ""
        brand.seeds_data = seeds.data()
        brand.save()
        chosen = compose(seeds, drawing)
        BrandRevision.objects.get_or_create(
            digest=chosen.css_digest, defaults={"seeds_data": seeds.data(), "css": chosen.css}
        )
        if standing is None or not _is_same(standing, brand):
            number = standing.number + 1 if standing else 1
            _keep(brand, number=number, by=by, back_to=back_to)
        _forget()
        transaction.on_commit(_forget, robust=True)
    return chosen


def _keep(
    brand: Brand, *, number: int, by: Chooser | None = None, back_to: int | None = None
) -> LookVersion | None:
    try:
        look = compose(brand.seeds, read_drawing(brand))
    except SeedsRefused:  # spoiled by hand: nothing that could come back
        return None
    return LookVersion.objects.create(
        number=number,
        seeds_data=brand.seeds_data,
        logo=brand.logo.name or "",
        css_digest=look.css_digest,
        logo_digest=look.logo_digest,
        icon_digest=look.icon_digest,
        chosen_by=by.pk if by else None,
        chosen_by_name=by.full_name if by else "",
        back_to=back_to,
    )


def look_of(version: LookVersion) -> Look:
    """A look as it was. Raises SeedsRefused for settings that are no longer known."""
    return compose(version.seeds, drawing_at(version.logo))


def _is_same(version: LookVersion, brand: Brand) -> bool:
    try:
        return version.seeds == brand.seeds and version.logo == (brand.logo.name or "")
    except SeedsRefused:
        return False


def _forget() -> None:
    try:
        cache.delete(CACHE_KEY)
    except RedisError:  # what cannot be reached holds nothing for long
        return


def _stored(drawing: str) -> str:
    name = f"brand/{digest(drawing)}.svg"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(drawing.encode()))
    return name
