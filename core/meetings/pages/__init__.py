"""Pages of members, and the calendar feed."""

from core.meetings.pages.arranging import arrange, cancel, edit
from core.meetings.pages.calendars import feed, file, subscription
from core.meetings.pages.notes import note, remove_note
from core.meetings.pages.reading import detail, listing

__all__ = [
    "arrange",
    "cancel",
    "detail",
    "edit",
    "feed",
    "file",
    "listing",
    "note",
    "remove_note",
    "subscription",
]
