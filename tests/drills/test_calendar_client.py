"""khal and vdirsyncer, calendar programs of other people, with our files and our feed (product D6).

They live in an environment of their own that `make drills` builds, and are given what a member
gives them: the files out of the mails, and the address of the private feed.
"""

import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.kernel.models import OutboxMail
from core.meetings import services
from core.meetings.models import CalendarFeed, Meeting
from core.mentorships.models import Mentorship
from core.mentorships.states import State
from tests.core.meetings.test_calendars import parts
from tests.factories.meetings import plan
from tests.factories.mentorships import make_mentorship

pytestmark = [pytest.mark.drill, pytest.mark.django_db]

PROGRAMS = Path(__file__).resolve().parents[2] / ".stamps" / "calendars" / "bin"
KHAL = """
[calendars]
[[own]]
path = {folder}/own
type = calendar
[locale]
timeformat = %H:%M
dateformat = %Y-%m-%d
longdateformat = %Y-%m-%d
datetimeformat = %Y-%m-%d %H:%M
longdatetimeformat = %Y-%m-%d %H:%M
local_timezone = UTC
default_timezone = UTC
[sqlite]
path = {folder}/khal.db
"""
VDIRSYNCER = """
[general]
status_path = "{folder}/status"
[pair feed]
a = "web"
b = "disk"
collections = null
[storage web]
type = "http"
url = "{address}"
[storage disk]
type = "filesystem"
path = "{folder}/own"
fileext = ".ics"
"""
FIRST = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=30)
ROW = "{uid}|{start-long}|{end-long}|{title}|{location}|{status}"


@pytest.fixture
def pair(ciltuk: Any, inside: Any) -> Iterator[Mentorship]:
    with inside(ciltuk):
        yield make_mentorship(state=State.ACTIVE)


class Calendar:
    """Somebody's calendar program."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "own").mkdir()
        (folder / "khal.conf").write_text(KHAL.format(folder=folder))

    def run(self, program: str, *words: str) -> str:
        """What the program printed. Raises AssertionError when it failed."""
        done = subprocess.run(
            [str(PROGRAMS / program), *words],
            capture_output=True, text=True, check=False, timeout=120, cwd=self.folder,
            env={"HOME": str(self.folder), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def take(self, file: bytes) -> None:
        """Open the file of a mail."""
        (self.folder / "mail.ics").write_bytes(file)
        self.run("khal", "-c", "khal.conf", "import", "--batch", "-a", "own", "mail.ics")

    def subscribe(self, address: str) -> None:
        """Give the program the address of a feed."""
        text = VDIRSYNCER.format(folder=self.folder, address=address)
        (self.folder / "vdirsyncer.conf").write_text(text)
        self.run("vdirsyncer", "-c", "vdirsyncer.conf", "discover", "feed")

    def fetch(self) -> None:
        """Look what is new in the feed."""
        self.run("vdirsyncer", "-c", "vdirsyncer.conf", "sync")

    @property
    def entries(self) -> list[list[str]]:
        """What stands in the calendar: uid, start, end, title, place, status."""
        said = self.run(
            "khal", "-c", "khal.conf", "list", "--day-format", "", "--format", ROW,
            "--notstarted", f"{FIRST:%Y-%m-%d}", "30d",
        )  # fmt: skip
        return [[part.strip() for part in line.split("|")] for line in said.splitlines() if line]


@pytest.fixture
def calendar(tmp_path: Path) -> Calendar:
    assert (PROGRAMS / "khal").exists(), "`make drills` installs the calendar programs"
    return Calendar(tmp_path)


def at(hour: int, minute: int = 0, *, day: int = 2) -> datetime:
    return FIRST + timedelta(days=day, hours=hour, minutes=minute)


def shown(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def arranged(pair: Mentorship, **fields: Any) -> Meeting:
    return services.arrange(pair, by=pair.mentee, plan=plan(**fields), send=True)


def test_mails_make_change_and_cancel_one_entry(
    calendar: Calendar, pair: Mentorship, settings: Any
) -> None:
    meeting = arranged(pair, starts_at=at(12), title="Ümit; über, alles", place="Room 4; left")
    moved = plan(starts_at=at(9, day=4), minutes=90, title="Ümit; über, alles")
    services.change(meeting, by=pair.mentee, plan=moved, seen=0, send=True)
    services.cancel(meeting, by=pair.mentee)
    seen = []
    for kind in ("meeting_arranged", "meeting_changed", "meeting_cancelled"):
        row = OutboxMail.objects.get(kind=kind)
        files = [one for one in parts(row, settings) if one.get_content_type() == "text/calendar"]
        content = files[-1].get_payload(decode=True)
        assert isinstance(content, bytes)
        calendar.take(content)
        (entry,) = calendar.entries
        seen.append(entry)
    uid, title = f"{meeting.pk}@meetings", "Ümit; über, alles"
    assert seen[0] == [
        uid, shown(at(12)), shown(at(13)), title, "Room 4; left", "CONFIRMED",
    ]  # fmt: skip
    assert seen[1] == [uid, shown(at(9, day=4)), shown(at(10, 30, day=4)), title, "", "CONFIRMED"]
    assert seen[2][0] == uid
    assert seen[2][-1].startswith("CANCELLED")


@dataclass
class Feed:
    """The mentor's feed: what the product answers, for programs on this machine."""

    browser: Client
    path: str
    body: bytes = b""

    def refresh(self) -> None:
        """Ask the product anew."""
        answer = self.browser.get(self.path)
        assert answer.status_code == 200
        self.body = answer.content


@pytest.fixture
def feed(ciltuk: Any, member_client: Any, pair: Mentorship) -> Feed:
    services.renew_feed(pair.mentor)
    key = CalendarFeed.objects.get(person=pair.mentor).key
    return Feed(member_client(ciltuk), reverse("meetings:feed", args=[key]))


@pytest.fixture
def address(feed: Feed) -> Iterator[str]:
    """Where programs find the feed."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == feed.path else 404)
            self.send_header("Content-Type", "text/calendar; charset=utf-8")
            self.end_headers()
            self.wfile.write(feed.body)

        def log_message(self, *said: Any) -> None:
            """Say nothing."""

    server = HTTPServer(("127.0.0.1", 0), Site)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}{feed.path}"
    server.shutdown()
    serving.join()
    server.server_close()


def test_feed_brings_changes_and_takes_away_what_was_cancelled(
    calendar: Calendar, pair: Mentorship, feed: Feed, address: str
) -> None:
    arranged(pair, starts_at=at(8), title="Stays")
    moves = arranged(pair, starts_at=at(12), title="Moves")

    def looked() -> list[list[str]]:
        feed.refresh()
        calendar.fetch()
        # vdirsyncer gives what it reads from the web names of its own.
        return [entry[1:4] for entry in sorted(calendar.entries, key=lambda entry: entry[1])]

    feed.refresh()
    calendar.subscribe(address)
    first = [shown(at(8)), shown(at(9)), "Stays"]
    assert looked() == [first, [shown(at(12)), shown(at(13)), "Moves"]]
    moved = plan(starts_at=at(16), minutes=30, title="Moves")
    services.change(moves, by=pair.mentee, plan=moved, seen=0, send=True)
    assert looked() == [first, [shown(at(16)), shown(at(16, 30)), "Moves"]]
    services.cancel(moves, by=pair.mentee)
    assert looked() == [first]
