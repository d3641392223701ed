"""What happens to meetings: one function a thing, each in one transaction."""

from core.meetings.services.arranging import arrange, cancel, cancel_coming, change
from core.meetings.services.feeds import renew_feed, revoke_feed
from core.meetings.services.notes import change_note, remove_note, write_note
from core.meetings.services.reminding import remind

__all__ = [
    "arrange",
    "cancel",
    "cancel_coming",
    "change",
    "change_note",
    "remind",
    "remove_note",
    "renew_feed",
    "revoke_feed",
    "write_note",
]
