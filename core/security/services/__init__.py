"""Signing out elsewhere, sign-ins from new browsers, and standing in for somebody."""

from core.security.services.places import (
    end_other_places,
    end_place,
    is_new_browser,
    note_sign_in,
)
from core.security.services.stand_ins import (
    begin_standing_in,
    begin_support_visit,
    end_stand_in,
    open_support_visit,
    put_down,
    take_as_shown,
    take_up,
    vouch_for_visit,
)
from core.security.services.unsent import forget_unsent, keep_unsent, kept_unsent

__all__ = [
    "begin_standing_in",
    "begin_support_visit",
    "end_other_places",
    "end_place",
    "end_stand_in",
    "forget_unsent",
    "is_new_browser",
    "keep_unsent",
    "kept_unsent",
    "note_sign_in",
    "open_support_visit",
    "put_down",
    "take_as_shown",
    "take_up",
    "vouch_for_visit",
]
