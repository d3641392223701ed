"""Staff change words, menus, texts of the front page and names, see them first, and go back."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.canvases import services as canvases
from core.canvases.rules import Box, Design
from core.kernel.models import AuditEntry
from core.kernel.rights import StaffRole
from core.mentorships.pages.entries import menu_entries
from core.mentorships.states import State
from core.programme.forms.front import FrontForm, IdentityForm
from core.programme.forms.words import WordsForm
from core.programme.queries import current, edition, shown_as
from core.programme.services import settings
from tenants.models import Institute
from tests.factories.mentorships import make_mentorship, make_person

pytestmark = pytest.mark.django_db
WORDS, FRONT, IDENTITY = "/staff/words/", "/staff/front/", "/staff/identity/"


@pytest.fixture
def team(member_client: Any, ciltuk: Institute) -> Client:
    """A browser of somebody on the programme team."""
    browser: Client = member_client(
        ciltuk, make_person(is_staff=True, first_name="Ada", last_name="Marlow")
    )
    return browser


def words(**other: Any) -> dict[str, Any]:
    """The form as it opens, with other words in it."""
    row = current()
    tools = list(row.menus.tools.items)
    rest = [key for key in ("meetings", "diary", "road_map", "lighthouse") if key not in tools]
    return {
        **WordsForm.begun_with(row.words, row.menus),
        "tools-item": [*tools, *rest],
        "tools-on": tools,
        "details-item": list(row.menus.details.items),
        "details-on": list(row.menus.details.items),
        "seen": str(seen("words")),
        "do": "save",
        **other,
    }


def front(**other: Any) -> dict[str, Any]:
    return {**FrontForm.begun_with(current()), "seen": str(seen("front")), "do": "save", **other}


def identity(**other: Any) -> dict[str, Any]:
    return {**IdentityForm.begun_with(current()), "seen": str(seen("identity")), **other}


def seen(kind: str) -> int:
    standing = edition(kind, kind)
    return standing.number if standing else 0


def test_team_says_another_word_everybody_reads_it_and_it_can_be_taken_back(team: Client) -> None:
    said = {"request_singular": "approach", "request_plural": "approaches"}
    answer = team.post(WORDS, words(**said, request_article="an"))
    assert answer.headers["Location"] == WORDS
    assert current().words.request.form("article") == "an approach"
    entry = AuditEntry.objects.get(verb="words.changed")
    assert entry.facts["before"]["words_data.request.plural"] == "requests"
    assert entry.facts["after"]["words_data.request.plural"] == "approaches"
    assert "words_data.mentor.plural" not in entry.facts["after"]
    assert "Ada Marlow" in team.get(WORDS).content.decode()
    old = team.get(f"{WORDS}?version=1")
    assert old.context["form"].initial["request_plural"] == "requests"
    team.post(WORDS, words(**old.context["form"].initial))
    assert current().words.request.plural == "requests"
    assert seen("words") == 3
    assert team.post(WORDS, words()).status_code == 302
    assert seen("words") == 3  # nothing was different


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"request_plural": "  "}, "Write a word"),
        ({"mentor_singular": "<b>mentor</b>"}, "no markup"),
        ({"mentor_singular": "{{ mentor }}"}, "no markup"),
        ({"area_singular": "x" * 41}, "at most 40"),
        ({"area_singular": "ar\u200bea"}, "nobody can see"),
        ({"mentee_article": "the"}, "Choose a or an"),
        ({"tools-name-goals": "<i>"}, "no markup"),
        ({"tools-name-goals": "g" * 41}, "at most 40"),
    ],
)
def test_team_sends_a_word_that_is_none_it_is_told_and_nothing_changes(
    team: Client, given: dict[str, str], said: str
) -> None:
    answer = team.post(WORDS, words(**given))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert seen("words") == 0


def test_two_of_the_team_write_at_a_time_the_second_one_is_told(team: Client) -> None:
    opened = words(mentor_plural="guides", mentor_singular="guide")
    team.post(WORDS, words(area_singular="topic", area_plural="topics", area_article="a"))
    answer = team.post(WORDS, opened)
    assert answer.status_code == 409
    assert current().words.mentor.singular == "mentor"
    assert 'value="guides"' in answer.content.decode()
    team.post(WORDS, {**opened, "seen": str(answer.context["seen"])})
    assert current().words.mentor.singular == "guide"


def test_team_puts_a_canvas_of_its_own_on_the_menu_and_renames_and_moves_items(
    team: Client,
) -> None:
    member = make_person(is_staff=True)
    box = Box(key="sea", label="The sea", guidance="", column=1, row=1, wide=1, tall=1)
    design = Design(label="Lighthouse", introduction="Light.", boxes=(box,))
    canvases.publish_design("lighthouse", design, by=member)
    assert "Lighthouse" in team.get(WORDS).content.decode()
    form = words(**{"tools-name-goals": "Steps", "tools_label": "Kit"})
    form["tools-on"] = [*form["tools-on"], "lighthouse"]
    while form["tools-item"][0] != "lighthouse":
        moved = team.post(WORDS, {**form, "do": "up:tools:lighthouse"})
        form["tools-item"] = [item.key for item in moved.context["lists"][0]["items"]]
        assert seen("words") == 0
    team.post(WORDS, form)
    pair = make_mentorship(state=State.ACTIVE)
    menu = current().menus.tools
    labels = [entry.label for entry in menu_entries(menu, pair, pair.mentee)]
    assert menu.label == "Kit"
    assert labels[0] == "Lighthouse"
    assert "Steps" in labels
    assert "Goals" not in labels
    assert current().menus.meet == "button"
    team.post(WORDS, words(**{"tools-on": ["meetings", "goals"]}))
    assert current().menus.meet == "tools"


def test_team_hears_words_before_anybody_else_does(team: Client) -> None:
    said = {"request_singular": "application", "request_plural": "applications"}
    told = team.post(WORDS, words(**said, do="preview"), headers={"X-Preview": "1"}).json()
    assert "send a application" in told["notes"]
    assert "or rather “an application”?" in told["notes"]
    for show in ("member", "mail"):
        frame = team.get(f"{WORDS}preview/?draft={told['draft']}&show={show}")
        assert "application" in frame.content.decode()
        assert "no-store" in frame["Cache-Control"]
    assert current().words.request.singular == "request"
    wrong = team.post(WORDS, words(do="preview", area_plural=""), headers={"X-Preview": "1"}).json()
    assert "Write a word" in wrong["notes"]
    assert wrong["kept"] == ""


def test_team_writes_the_front_page_and_sees_it_first(team: Client) -> None:
    said = {"headline": "Walk the road together", "tagline": ""}
    told = team.post(FRONT, front(**said, do="preview"), headers={"X-Preview": "1"}).json()
    frame = team.get(f"{WORDS}preview/?draft={told['draft']}&show=front").content.decode()
    assert "Walk the road together" in frame
    assert current().front.headline != "Walk the road together"
    assert team.post(FRONT, front(**said)).status_code == 302
    assert current().front.headline == "Walk the road together"
    assert current().tagline == ""
    assert AuditEntry.objects.filter(verb="front.changed").exists()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"headline": ""}, "Write something here"),
        ({"headline": "x" * 121}, "at most 120"),
        ({"step_text_0": ""}, "A step has a title and a text"),
        ({f"step_{part}_{at}": "" for part in ("title", "text") for at in range(1, 6)},
         "at least two steps"),
        ({"link_url_0": "https://law.example/"}, "Give either a page or an address"),
        ({"link_page_0": "", "link_url_0": ""}, "Choose a page, or write"),
        ({"link_page_0": "", "link_url_0": "javascript:alert(1)"}, "beginning with https://"),
        ({"link_page_0": "no-such-page"}, "Select a valid choice"),
        ({f"link_{part}_{at}": "" for part in ("label", "page", "url") for at in range(8)},
         "needs one link"),
    ],
)  # fmt: skip
def test_team_leaves_halves_on_the_front_page_it_is_told(
    team: Client, given: dict[str, str], said: str
) -> None:
    answer = team.post(FRONT, front(**given))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert seen("front") == 0


def test_team_changes_names_and_the_sender_of_mails(team: Client) -> None:
    sender = "hello@ciltuk.example"
    assert team.post(IDENTITY, identity(mail_sender_address=sender)).status_code == 302
    assert current().mail_sender_address == sender
    for given in (
        {"mail_sender_address": "hello"},
        {"programme_name": "One\nBcc: all"},
        {"contact_email": ""},
        {"time_zone": "Mars/Olympus"},
        {"mail_footer": "x" * 601},
    ):
        answer = team.post(IDENTITY, identity(**given))
        assert answer.status_code == (302 if "\n" in given.get("programme_name", "") else 422)
    assert "\n" not in current().programme_name


def test_roles_an_editor_writes_words_and_not_addresses(
    member_client: Any, ciltuk: Institute
) -> None:
    editor = member_client(ciltuk, make_person(is_staff=True, staff_role=StaffRole.EDITOR))
    assert editor.post(WORDS, words(tools_label="Kit")).status_code == 302
    assert editor.get(IDENTITY).status_code == 200
    assert "Put it in force" not in editor.get(IDENTITY).content.decode()
    assert editor.post(IDENTITY, identity(programme_name="Mine")).status_code == 403


def test_unsaved_settings_are_current_only_inside(team: Client) -> None:
    row = settings.with_values(current(), {"programme_name": "Another"})
    with shown_as(row):
        assert current().programme_name == "Another"
    assert current().programme_name != "Another"
    page = team.get(reverse("staff:words_preview") + "?show=nothing&draft=x" + "y" * 60)
    assert page.status_code == 200
