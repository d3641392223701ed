"""Changes of the look."""

from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from theming import svg
from theming.models import Brand, BrandRevision
from theming.queries import CACHE_KEY, Look, compose, read_drawing
from theming.stylesheet import digest
from theming.tokens import Seeds


def choose_look(*, seeds: Seeds, logo: bytes | None = None) -> Look:
    """Put a look in force: `logo` is SVG as it came, None keeps the present one, b"" removes it.

    Raises SvgRefused for a drawing that cannot be made safe. The stylesheet in force until now
    stays under its address as a revision (product A2, F4).
    """
    drawing = svg.clean(logo) if logo else ""
    with transaction.atomic():
        brand = Brand.objects.select_for_update().first() or Brand()
        brand.seeds_data = seeds.data()
        if logo is None:
            drawing = read_drawing(brand)
        else:
            brand.logo.name = _stored(drawing) if drawing else ""
        brand.save()
        chosen = compose(seeds, drawing)
        BrandRevision.objects.get_or_create(
            digest=chosen.css_digest, defaults={"seeds_data": seeds.data(), "css": chosen.css}
        )
        transaction.on_commit(lambda: cache.delete(CACHE_KEY))
    return chosen


def _stored(drawing: str) -> str:
    name = f"brand/{digest(drawing)}.svg"
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(drawing.encode()))
    return name
