"""The staff pages (django-unfold). What they show comes from the institute, by these functions."""

from typing import Any

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "core.routes.staff.site_title",
    "SITE_HEADER": "core.routes.staff.site_header",
    "SITE_SUBHEADER": "core.routes.staff.site_subheader",
    "SITE_URL": "/",
    "SITE_ICON": "theming.staff.logo",
    "SITE_FAVICONS": "theming.staff.favicons",
    "COLORS": "theming.staff.colours",
    "STYLES": ["core.routes.staff.stylesheet", "core.routes.staff.stand_in_stylesheet"],
    "SCRIPTS": ["core.routes.staff.file_script"],
    "SHOW_HISTORY": True,
    "SHOW_VIEW_ON_SITE": False,
    "ACCOUNT": {"navigation": "core.routes.staff.account_links"},
    "COMMAND": {"search_models": "core.routes.staff.found_everywhere"},
    "SIDEBAR": {
        "show_search": True,
        "command_search": True,
        "show_all_applications": False,
        "navigation": "core.routes.staff.navigation",
    },
}
