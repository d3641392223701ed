"""A stretch of a conversation as it is drawn: days, and the messages of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from core.accounts.models import Person
from core.kernel.clock import now
from core.messaging.models import Attachment, Message


@dataclass(frozen=True)
class Line:
    """One message as the reader sees it."""

    message: Message
    mine: bool
    day: str = ""
    first_new: bool = False
    follows: bool = False

    @property
    def files(self) -> list[Attachment]:
        """What went along with it."""
        return list(self.message.files.all())


def lines(
    messages: Iterable[Message], reader: Person, *, after_day: str = "", read: int | None = None
) -> list[Line]:
    """The messages in order; `day` stands at the first one of a day in the reader's zone."""
    zone = ZoneInfo(reader.time_zone)
    today = now().astimezone(zone).date()
    drawn = []
    before: Message | None = None
    last_day = after_day
    for message in messages:
        on = message.sent_at.astimezone(zone).date()
        new_day = on.isoformat() != last_day
        last_day = on.isoformat()
        drawn.append(
            Line(
                message,
                mine=message.sender_id == reader.pk,
                day=in_words(on, today) if new_day else "",
                first_new=_begins_new(message, before, reader, read),
                follows=not new_day
                and before is not None
                and before.sender_id == message.sender_id,
            )
        )
        before = message
    return drawn


def last_day(messages: list[Message], reader: Person) -> str:
    """The day of the newest message, for the next news."""
    if not messages:
        return ""
    return messages[-1].sent_at.astimezone(ZoneInfo(reader.time_zone)).date().isoformat()


def in_words(day: date, today: date) -> str:
    """ "Today", "Yesterday" or the date."""
    match (today - day).days:
        case 0:
            return "Today"
        case 1:
            return "Yesterday"
    return f"{day:%A} {day.day} {day:%B %Y}"


def _begins_new(message: Message, before: Message | None, reader: Person, read: int | None) -> bool:
    if read is None or message.number <= read or message.sender_id == reader.pk:
        return False
    return before is None or before.number <= read
