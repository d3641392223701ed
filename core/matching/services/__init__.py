"""The index of mentors, and what they are searched by."""

from core.matching.services.listings import (
    list_newcomers,
    rebuild_listings,
    relist,
    relist_all,
    set_room,
    tell_search,
)

__all__ = [
    "list_newcomers",
    "rebuild_listings",
    "relist",
    "relist_all",
    "set_room",
    "tell_search",
]
