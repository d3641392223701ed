"""When two people can meet: dates and times as they are typed, in somebody's own zone (D5)."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

TITLE_LENGTH: Final = 120
PLACE_LENGTH: Final = 200
DETAILS_LENGTH: Final = 4000
NOTE_LENGTH: Final = 10_000
SHORTEST, LONGEST = 5, 480
FURTHEST: Final = timedelta(days=731)
CHANGES: Final = 50
MEETINGS_A_DAY: Final = 30
REMIND_BEFORE: Final = timedelta(days=1)

_TIME = re.compile(r"(\d{1,2})(?:[:. ]?([0-5]\d))? ?([ap]\.?m\.?)?", re.ASCII | re.IGNORECASE)


class TimeRefused(ValueError):
    """This cannot be a meeting's time; the message is a sentence for people."""


def time_from_text(text: str) -> time:
    """The time of day in "14:30", "9.05", "1430" or "2 pm"; raises TimeRefused."""
    found = _TIME.fullmatch(" ".join(text.split()))
    if found is None:
        raise TimeRefused("Enter a time such as 14:30.")
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "")[:1].lower()
    if found[2] is None and not half:
        raise TimeRefused("Enter hours and minutes, such as 14:30.")
    if half and not 1 <= hour <= 12:
        raise TimeRefused("Enter a time such as 2:30 pm or 14:30.")
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    if hour > 23:
        raise TimeRefused("A day has 24 hours: enter a time from 00:00 to 23:59.")
    return time(hour, minute)


def minutes_from_text(text: str) -> int:
    """A duration in minutes; raises TimeRefused for what is no meeting's length."""
    text = text.strip()
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise TimeRefused("Enter the duration in minutes as a whole number, such as 60.")
    minutes = int(text)
    if minutes < SHORTEST:
        raise TimeRefused(f"A meeting takes at least {SHORTEST} minutes.")
    if minutes > LONGEST:
        raise TimeRefused(
            f"A meeting takes {LONGEST} minutes ({LONGEST // 60} hours) at most. "
            "Arrange a second one for the rest."
        )
    return minutes


def moment(day: date, at: time, zone: ZoneInfo) -> datetime:
    """The moment in UTC at which a clock in the zone shows this; raises TimeRefused where the
    clock skips it or shows it twice that night."""
    local = datetime.combine(day, at, tzinfo=zone)
    early, late = local.astimezone(UTC), local.replace(fold=1).astimezone(UTC)
    shown = f"{at:%H:%M} on {day.day} {day:%B %Y}"
    place = in_words(zone.key)
    if early.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise TimeRefused(
            f"There is no {shown} in {place}: the clocks go forward over it. Choose another time."
        )
    if early != late:
        raise TimeRefused(
            f"There are two moments at {shown} in {place}: the clocks go back that night. "
            "Choose another time."
        )
    return early


def check_when(starts_at: datetime, at: datetime) -> None:
    """Raise TimeRefused for a start in the past or too far away, seen from the moment `at`."""
    if starts_at <= at:
        raise TimeRefused("That is in the past. Choose a time that is still to come.")
    if starts_at - at > FURTHEST:
        raise TimeRefused("That is more than two years away. Choose an earlier date.")


def ends_next_day(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> bool:
    """Whether the meeting ends on a later day than it begins, by the clock of the zone."""
    return ends_at.astimezone(zone).date() > starts_at.astimezone(zone).date()


def in_words(zone: str) -> str:
    """The name of a time zone as people read it."""
    return zone.replace("_", " ")


def duration_in_words(minutes: int) -> str:
    """ "45 minutes", "1 hour", "1 hour 30 minutes"."""
    hours, rest = divmod(minutes, 60)
    parts = []
    if hours:
        parts.append("1 hour" if hours == 1 else f"{hours} hours")
    if rest:
        parts.append(f"{rest} minutes")
    return " ".join(parts)


def when_in_words(starts_at: datetime, ends_at: datetime, zone: ZoneInfo) -> str:
    """ "Tuesday 4 May 2027, 14:30 to 15:30", by the clock of the zone."""
    first, last = starts_at.astimezone(zone), ends_at.astimezone(zone)
    text = f"{first:%A} {first.day} {first:%B} {first.year}, {first:%H:%M} to {last:%H:%M}"
    if ends_next_day(starts_at, ends_at, zone):
        text += f" on {last:%A} {last.day} {last:%B}"
    return text


def zone_named(name: str) -> ZoneInfo:
    """The time zone of this name; UTC where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError, ValueError):
        return ZoneInfo("UTC")


def day_from_boxes(day: str, month: str, year: str) -> date:
    """The date in the Day, Month and Year boxes; raises TimeRefused, with the reason."""
    boxes = {"day": day.strip(), "month": month.strip(), "year": year.strip()}
    absent = [name for name, text in boxes.items() if not text]
    if len(absent) == 3:
        raise TimeRefused("Enter the date.")
    if absent:
        raise TimeRefused(f"The date must include a {' and a '.join(absent)}.")
    if not all(re.fullmatch(r"[0-9]{1,4}", text) for text in boxes.values()):
        raise TimeRefused("Enter the date in numbers.")
    if len(boxes["year"]) != 4 or boxes["year"] == "0000":
        raise TimeRefused("The year must have four numbers.")
    wanted = [int(text) for text in boxes.values()]
    if not 1 <= wanted[1] <= 12:
        raise TimeRefused("The month must be a number from 1 to 12.")
    try:
        return date(wanted[2], wanted[1], wanted[0])
    except ValueError:
        month_name = date(2000, wanted[1], 1).strftime("%B")
        raise TimeRefused(f"There is no {wanted[0]} {month_name} {wanted[2]}.") from None


@dataclass(frozen=True)
class Span:
    """From when to when."""

    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is arranged: everything that both see and either can change."""

    title: str
    starts_at: datetime
    minutes: int
    time_zone: str
    place: str = ""
    details: str = ""
    is_video: bool = False


def clean_text(text: str) -> str:
    """What somebody typed, with one kind of line end and without control characters."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or c.isprintable()).strip()
