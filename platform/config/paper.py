"""The look of PDFs, from the settings and the brand, which know nothing of each other."""

from urllib.parse import urlsplit

from core.kernel.ports import PaperLook, current_site
from core.programme.queries import current
from theming.printing import printed
from theming.queries import look_or_plain


def present_look() -> PaperLook:
    """How a PDF of the present site looks."""
    programme, brand = current(), printed(look_or_plain())
    address = urlsplit(current_site().base_url).netloc
    return PaperLook(
        programme=programme.programme_name,
        organisation=programme.organisation_name,
        footer=f"{programme.contact_name}, {programme.contact_email}",
        address=address,
        families=brand.families,
        fonts=brand.fonts,
        accent=brand.colours["accent"],
        ink=brand.colours["ink"],
        muted=brand.colours["muted"],
        line=brand.colours["line"],
        tint=brand.colours["tint"],
        good=brand.colours["good"],
        warn=brand.colours["warn"],
        mark=brand.mark,
    )
