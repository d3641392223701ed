"""Calendar files and feeds, read by another library than the one that writes them."""

from base64 import b64decode
from datetime import UTC, datetime
from email.message import Message
from typing import Any

import pytest
import vobject
from django.core import mail as django_mail
from django.urls import reverse

from core.accounts.models import Person
from core.kernel import outbox
from core.kernel.models import OutboxMail
from core.meetings import queries, services
from core.meetings.models import CalendarFeed, Meeting
from core.meetings.queries.calendars import calendar_file
from core.mentorships import services as of_mentorships
from core.mentorships.models import Mentorship
from core.mentorships.states import State
from core.programme.queries import current
from tests.core.meetings.conftest import NOON, Visit
from tests.factories.meetings import make_meeting, plan
from tests.factories.mentorships import make_mentorship

pytestmark = pytest.mark.django_db


def parts(row: OutboxMail, settings: Any) -> list[Message]:
    """The parts of the mail as a mail server gets it."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert outbox.deliver(row.pk)
    return list(django_mail.outbox[-1].message().walk())


def invitation(row: OutboxMail, settings: Any) -> Any:
    """The calendar that mail programmes act on."""
    found = [part for part in parts(row, settings) if part.get_content_type() == "text/calendar"]
    alternative, attachment = found
    assert alternative.get_filename() is None
    assert attachment.get_filename() in ("meeting.ics", "cancelled.ics")
    content = alternative.get_payload(decode=True)
    assert isinstance(content, bytes)
    calendar = vobject.readOne(content.decode())
    assert str(alternative.get_param("method")) == calendar.method.value
    assert str(attachment.get_param("method")) == calendar.method.value
    return calendar


def test_calendar_programme_updates_and_cancels_the_same_entry(
    pair: Mentorship, settings: Any
) -> None:
    meeting = services.arrange(pair, by=pair.mentee, plan=plan(place="Room 4; left"), send=True)
    moved = plan(starts_at=datetime(2026, 7, 1, 9, tzinfo=UTC), minutes=90)
    services.change(meeting, by=pair.mentee, plan=moved, seen=0, send=True)
    services.cancel(meeting, by=pair.mentee)
    kinds = ("meeting_arranged", "meeting_changed", "meeting_cancelled")
    calendars = [invitation(OutboxMail.objects.get(kind=kind), settings) for kind in kinds]
    events = [calendar.vevent for calendar in calendars]
    assert [one.method.value for one in calendars] == ["REQUEST", "REQUEST", "CANCEL"]
    assert {one.uid.value for one in events} == {f"{meeting.pk}@meetings"}
    assert [int(one.sequence.value) for one in events] == [0, 1, 2]
    assert [one.status.value for one in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert events[0].location.value == "Room 4; left"
    assert events[1].dtstart.value == datetime(2026, 7, 1, 9, tzinfo=UTC)
    assert events[1].dtend.value == datetime(2026, 7, 1, 10, 30, tzinfo=UTC)
    invited = {one.attendee.value for one in events}
    assert invited == {f"mailto:{pair.mentor.email}"}
    assert {one.organizer.value for one in events} == {f"mailto:{current().mail_sender_address}"}


def test_calendar_file_holds_no_contact_detail_of_the_partner(pair: Mentorship) -> None:
    meeting = make_meeting(pair)
    for method in ("REQUEST", "PUBLISH"):
        drawn = calendar_file([meeting], reader=pair.mentor, method=method).decode()
        assert pair.mentee.full_name in drawn
        assert pair.mentee.email not in drawn
        assert "ithaca" not in drawn.lower()


def test_text_of_a_person_cannot_break_out_of_its_line(pair: Mentorship) -> None:
    nasty = "One\nBEGIN:VEVENT\r\nSUMMARY:Two; three, four\\n " + "ü" * 200
    meeting = make_meeting(pair, details=nasty, title='A "title"; with, all\\of it')
    drawn = calendar_file([meeting], reader=pair.mentor, method="PUBLISH")
    assert all(len(line) <= 75 for line in drawn.split(b"\r\n"))
    calendar = vobject.readOne(drawn.decode())
    assert len(calendar.vevent_list) == 1
    assert calendar.vevent.summary.value == 'A "title"; with, all\\of it'
    assert "SUMMARY:Two; three, four\\n üüü" in calendar.vevent.description.value


def test_video_meeting_carries_the_address_of_its_room(pair: Mentorship) -> None:
    meeting = make_meeting(pair, is_video=True)
    room = queries.video_url(meeting)
    calendar = vobject.readOne(
        calendar_file([meeting], reader=pair.mentor, method="PUBLISH").decode()
    )
    assert room.startswith("http")
    assert room in calendar.vevent.description.value
    assert calendar.vevent.location.value == room


def test_person_downloads_a_meeting(visit: Visit, pair: Mentorship) -> None:
    meeting = make_meeting(pair)
    answer = visit(pair.mentee).get(reverse("meetings:file", args=[meeting.pk]))
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert 'filename="meeting.ics"' in answer.headers["Content-Disposition"]
    assert vobject.readOne(answer.content.decode()).vevent.summary.value == meeting.title


def feed_path(person: Person) -> str:
    return reverse("meetings:feed", args=[CalendarFeed.objects.get(person=person).key])


def test_feed_tells_its_own_person_s_meetings_and_nobody_else_s(
    visit: Visit, member_client: Any, ciltuk: Any, pair: Mentorship
) -> None:
    mine = make_meeting(pair, title="Mine")
    make_meeting(pair, title="Called off", cancelled_at=NOON)
    make_meeting(make_mentorship(state=State.ACTIVE), title="Theirs")
    page = reverse("meetings:calendar")
    made = visit(pair.mentor).post(page, {"do": "renew"}, follow=True).content.decode()
    path = feed_path(pair.mentor)
    assert path in made
    answer = member_client(ciltuk).get(path)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]
    calendar = vobject.readOne(answer.content.decode())
    assert [one.uid.value for one in calendar.vevent_list] == [f"{mine.pk}@meetings"]
    services.cancel(mine, by=pair.mentor)
    assert b"VEVENT" not in member_client(ciltuk).get(path).content


def test_renewed_and_closed_feeds_open_nothing_any_more(
    visit: Visit, member_client: Any, ciltuk: Any, pair: Mentorship
) -> None:
    browser, stranger = visit(pair.mentor), member_client(ciltuk)
    page = reverse("meetings:calendar")
    browser.post(page, {"do": "renew"})
    first = feed_path(pair.mentor)
    browser.post(page, {"do": "renew"})
    second = feed_path(pair.mentor)
    assert [stranger.get(path).status_code for path in (first, second)] == [404, 200]
    browser.post(page, {"do": "close"})
    assert stranger.get(second).status_code == 404
    assert not CalendarFeed.objects.exists()


def test_feed_of_another_site_is_no_page_here(
    member_client: Any, guided: Any, pair: Mentorship
) -> None:
    services.renew_feed(pair.mentor)
    assert member_client(guided).get(feed_path(pair.mentor)).status_code == 404


def test_feed_of_somebody_who_left_is_closed(
    member_client: Any, ciltuk: Any, pair: Mentorship
) -> None:
    services.renew_feed(pair.mentor)
    Person.objects.filter(pk=pair.mentor.pk).update(is_active=False)
    assert member_client(ciltuk).get(feed_path(pair.mentor)).status_code == 404


def test_feed_costs_the_same_however_many_meetings(
    member_client: Any, ciltuk: Any, pair: Mentorship, django_assert_max_num_queries: Any
) -> None:
    services.renew_feed(pair.mentor)
    for number in range(12):
        make_meeting(pair, title=f"Meeting {number}", is_video=True)
    stranger, path = member_client(ciltuk), feed_path(pair.mentor)
    stranger.get(path)
    with django_assert_max_num_queries(6):
        assert stranger.get(path).content.count(b"BEGIN:VEVENT") == 12


def test_cancellation_after_the_end_names_no_contact_detail(pair: Mentorship) -> None:
    services.arrange(pair, by=pair.mentor, plan=plan(), send=True)
    of_mentorships.end(pair, reason="", by=pair.mentor)
    row = OutboxMail.objects.get(kind="meeting_cancelled")
    calendar = b64decode(row.attachments[0]["base64"]).decode()
    assert pair.mentor.email not in calendar + row.text + row.html
    assert Meeting.objects.get().is_cancelled


def test_outbox_refuses_what_is_too_large(pair: Mentorship) -> None:
    large = outbox.Attached(name="a.ics", type="text/calendar", content=b"x" * 100_001)
    with pytest.raises(ValueError, match="too large"):
        outbox.queue(
            kind="test", to=("", "a@mail.example"), sender=("", "b@mail.example"),
            subject="s", text="t", html="h", attachments=[large],
        )  # fmt: skip
