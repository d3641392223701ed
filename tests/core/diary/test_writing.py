"""Writing in one's own diary, from anywhere, and losing nothing."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from core.accounts.models import Person
from core.diary import services
from core.diary.models import Draft, Entry
from core.diary.rules import TEXT_LENGTH
from core.kernel import clock
from core.mentorships.states import State
from tests.core.diary.conftest import Visit, set_tools
from tests.factories.diary import make_entry, written
from tests.factories.mentorships import make_mentor, make_mentorship
from tests.factories.people import browser as anybody

pytestmark = pytest.mark.django_db
WRITE = "/diary/write/"


def test_member_writes_after_a_guide_and_finds_the_way_back(visit: Visit, writer: Person) -> None:
    browser = visit(writer)
    address = f"{WRITE}?from=guide:choosing-a-mentor&title=Choosing a mentor"
    page = browser.get(address)
    assert "Guide: Choosing a mentor" in page.content.decode()
    answer = browser.post(address, written(themes="Feedback, saying no, feedback"), follow=True)
    entry = Entry.objects.get()
    assert (entry.prompt_kind, entry.prompt_key) == ("guide", "choosing-a-mentor")
    assert entry.themes == ["Feedback", "saying no"]
    assert "/resources/choosing-a-mentor/" in answer.content.decode()


def test_themes_join_those_that_were_written_before(visit: Visit, writer: Person) -> None:
    make_entry(writer, themes=["Feedback"])
    visit(writer).post(WRITE, written(themes="feedback"))
    assert [entry.themes for entry in Entry.objects.all()] == [["Feedback"], ["Feedback"]]


def test_form_sent_twice_makes_one_entry(visit: Visit, writer: Person) -> None:
    form = written(form_key=str(uuid4()))
    for _ in range(2):
        visit(writer).post(WRITE, form)
    assert Entry.objects.count() == 1


@pytest.mark.parametrize(
    "bad",
    [
        {"text": ""},
        {"text": "x" * (TEXT_LENGTH + 1)},
        {"title": " \u2028 "},
        {"day_day": "31", "day_month": "2"},
        {"day_year": "2999"},
        {"themes": ",".join("abcdefghi")},
        {"themes": "x" * 41},
        {"mentorship": str(uuid4())},
    ],
)
def test_what_cannot_stand_in_an_entry_is_refused_and_kept_in_the_form(
    visit: Visit, writer: Person, bad: dict[str, str]
) -> None:
    make_mentorship(mentee=writer, state=State.ACTIVE)
    answer = visit(writer).post(WRITE, written(**bad))
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert not Entry.objects.exists()


def test_entry_belongs_to_a_relationship_of_ones_own_only(visit: Visit, writer: Person) -> None:
    own = make_mentorship(mentee=writer, state=State.COMPLETED)
    foreign = make_mentorship(state=State.ACTIVE)
    visit(writer).post(WRITE, written(mentorship=str(own.pk)))
    visit(writer).post(WRITE, written(mentorship=str(foreign.pk)))
    assert [entry.mentorship for entry in Entry.objects.all()] == [own]
    assert own.mentor.full_name in visit(writer).get(f"/diary/?about={own.pk}").content.decode()


@pytest.mark.parametrize("is_markdown", [True, False])
def test_markup_of_any_kind_is_harmless(visit: Visit, writer: Person, is_markdown: bool) -> None:
    text = "<script>alert(1)</script> **bold** [x](javascript:alert(1)) " + "> " * 4000
    entry = make_entry(writer, title="<img src=x onerror=alert(1)>", text=text,
                       is_markdown=is_markdown)  # fmt: skip
    page = visit(writer).get(entry.get_absolute_url()).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page
    assert ("<strong>bold</strong>" in page) is is_markdown


def test_entry_is_changed_deleted_and_brought_back(visit: Visit, writer: Person) -> None:
    entry = make_entry(writer)
    browser = visit(writer)
    address = reverse("diary:edit", args=[entry.pk])
    assert entry.title in browser.get(address).content.decode()
    browser.post(address, written(title="Seen with new eyes"))
    page = browser.post(reverse("diary:delete", args=[entry.pk]), follow=True).content.decode()
    assert "is deleted" in page
    assert browser.get(entry.get_absolute_url()).status_code == 404
    restored = browser.post(reverse("diary:restore", args=[entry.pk]), follow=True)
    assert "Seen with new eyes" in restored.content.decode()


def test_deleted_entry_is_forgotten_after_a_day(writer: Person) -> None:
    entry = make_entry(writer)
    services.delete(entry, by=writer)
    assert services.forget_deleted() == 0
    with clock.frozen(clock.now() + timedelta(hours=25)):
        assert services.forget_deleted() == 1
    assert not Entry.objects.exists()


def test_draft_waits_until_the_entry_is_saved_and_late_ones_are_dropped(
    visit: Visit, writer: Person
) -> None:
    browser, key = visit(writer), str(uuid4())
    kept = browser.post("/diary/draft/", {"title": "Half", "text": "a thought", "form_key": key})
    assert "Draft kept" in kept.content.decode()
    assert "a thought" in browser.get(WRITE).content.decode()
    browser.post(WRITE, written(form_key=key))
    browser.post("/diary/draft/", {"text": "too late", "form_key": key})
    assert not Draft.objects.exists()


def sent_after_the_session_ended(visit: Visit, writer: Person) -> Client:
    page = visit(writer).get(WRITE)
    stranger = anybody()
    answer = stranger.post(WRITE, written(text="Nearly lost", who=page.context["mark"]))
    assert answer.status_code == 302
    assert "/account/login/" in answer["Location"]
    return stranger


def test_words_sent_after_the_session_ended_wait_for_their_writer(
    visit: Visit, writer: Person
) -> None:
    browser = sent_after_the_session_ended(visit, writer)
    browser.force_login(writer, backend=settings.AUTHENTICATION_BACKENDS[0])
    page = browser.get(WRITE).content.decode()
    assert "Nearly lost" in page
    assert "You had been signed out" in page


def test_somebody_else_who_signs_in_there_finds_nothing(visit: Visit, writer: Person) -> None:
    browser = sent_after_the_session_ended(visit, writer)
    browser.force_login(make_mentor(), backend=settings.AUTHENTICATION_BACKENDS[0])
    for _ in range(2):
        assert "Nearly lost" not in browser.get(WRITE).content.decode()
    assert "unsaved_diary" not in browser.session


def test_where_the_diary_is_no_longer_offered_entries_stay_readable(
    visit: Visit, writer: Person
) -> None:
    entry = make_entry(writer)
    set_tools("goals")
    browser = visit(writer)
    assert browser.get(WRITE).status_code == 404
    assert entry.title in browser.get("/diary/").content.decode()
    assert visit(make_mentor()).get("/diary/").status_code == 404
