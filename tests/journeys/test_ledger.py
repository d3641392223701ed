"""How many queries each page costs, written down, and the same for one row as for many.

`python -m pytest tests/journeys/test_ledger.py --rewrite-ledger` writes the file anew; the change
of a number is then read in the difference.
"""

import json
from collections.abc import Callable, Container, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from core.accounts.models import Person
from core.canvases.models import Sheet
from core.cpd.models import Issued, OwnLine
from core.diary.models import Entry
from core.feedback.models import Invitation
from core.goals.models import Goal
from core.help.models import Faq, LegalPage
from core.journey.models import Run
from core.kernel.clock import today
from core.meetings.models import Meeting, MeetingNote
from core.mentorships.models import Mentorship
from core.mentorships.states import State
from core.resources.models import Guide
from tenants.models import Institute
from tests.factories.canvases import make_canvas
from tests.factories.cpd import make_issued
from tests.factories.diary import make_entry
from tests.factories.feedback import make_invitation
from tests.factories.goals import make_goal
from tests.factories.journeys import make_run
from tests.factories.meetings import make_meeting
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship
from tests.isolation.census import Route, routes

pytestmark = pytest.mark.django_db

FILE = Path(__file__).with_name("ledger.json")
Inside = Callable[[Institute], AbstractContextManager[Institute]]
ASKS = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
STATES = (State.PROPOSED, State.ACTIVE, State.DECLINED, State.ACTIVE, State.ENDED)
TITLE = "A meeting of the ledger"
ROLES = ("guest", "mentee", "mentor", "staff")
# Not pages: files and answers to what was posted, each tried where it belongs.
NO_PAGES = {
    "bridges:start", "bridges:callback", "bridges:rescue", "bridges:saml_metadata",
    "bridges:signed_out", "bridges:saml_answer", "bridges:saml_finish", "bridges:saml_sign_out",
    "membership:arrive", "scim:config", "scim:resource_types", "scim:resource_type",
    "scim:schemas", "scim:schema", "scim:search", "scim:users", "scim:search_users", "scim:user",
    "scim:elsewhere",
    "brand_css", "brand_logo", "brand_icon", "institute_file", "account_confirm_email",
    "account_reset_password_from_key", "accounts:unblock", "accounts:return", "calls:signals",
    "meetings:file", "meetings:feed", "meetings:remove_note", "messaging:file",
    "messaging:content", "messaging:news", "messaging:draft",
    "canvases:paper", "cpd:csv", "cpd:paper", "diary:draft", "diary:markdown", "diary:paper",
    "mfa_edit_webauthn", "mfa_remove_webauthn", "mfa_login_webauthn",
    "goals:all_file", "goals:goal_file", "notices:dismiss",
    "papers:paper", "papers:file", "resources:picture", "resources:video", "resources:captions",
    "people:invitation", "privacy:copy_file", "privacy:erase_confirm",
    "security:visit", "security:visit_shown",
}  # fmt: skip


@pytest.fixture
def clients(
    peopled_copy: None, ciltuk: Institute, inside: Inside, member_client: Any, settings: Any
) -> dict[str, Client]:
    """A signed-in client for each role, in an institute full of people."""
    settings.HOST_MEMORY_SECONDS = 3600
    with inside(ciltuk):
        people = {who: Person.objects.get(username=who) for who in ROLES if who != "guest"}
        more_of_everything(people)
    return {who: member_client(ciltuk, people.get(who)) for who in ROLES}


@pytest.fixture
def in_ciltuk(ciltuk: Institute, inside: Inside) -> Iterator[None]:
    with inside(ciltuk):
        yield


def test_every_page_costs_what_the_ledger_says_and_no_more_when_there_is_more(
    clients: dict[str, Client], in_ciltuk: None, request: pytest.FixtureRequest
) -> None:
    written = json.loads(FILE.read_text())
    before = ledger(clients, written)
    if request.config.getoption("--rewrite-ledger"):
        FILE.write_text(json.dumps(before, indent=1, sort_keys=True) + "\n")
        written = before
    assert before == written
    more_of_everything({who: Person.objects.get(username=who) for who in ("mentee", "mentor")})
    after = ledger(clients, before, among=before)
    assert {
        page: (before[page], count) for page, count in after.items() if count != before[page]
    } == {}
    assert after.keys() == before.keys()


def more_of_everything(people: dict[str, Person]) -> None:
    """One more of each kind of row that members' pages list."""
    for role in ("mentee", "mentor"):
        over = {role: people[role]}
        make_invitation(
            make_mentorship(**over, state=State.COMPLETED), person=people[role], role=role
        )
    for person in people.values():
        make_entry(person, themes=["Listening"])
        OwnLine.objects.create(member=person, day=today(), title="A book", minutes=60)
        make_issued(person)
    for state in STATES:
        for role, partner in (("mentee", make_mentee()), ("mentor", make_mentor())):
            pair = {"mentor": people["mentor"], "mentee": people["mentee"]}
            other = "mentor" if role == "mentee" else "mentee"
            made = make_mentorship(**{**pair, role: partner}, state=state)
            if state == State.ACTIVE:
                meeting = make_meeting(made, by=people[other], title=TITLE, is_video=True)
                MeetingNote.objects.create(meeting=meeting, author=people[other], body="Listen.")
                make_canvas(made, by=people[other])
                make_run(made)
                # Each time more of them on one list.
                for _ in range(1 + Goal.objects.filter(owner=people[other]).count()):
                    make_goal(made, owner=people[other])


def ledger(
    clients: dict[str, Client], known: Mapping[str, int], among: Container[str] | None = None
) -> dict[str, int]:
    """{"role path": queries} of every page that answers with one, after it was warmed up.

    In: `known`, what it cost before: a page that costs something else is asked once more, for what
    is kept for a minute may just have ended; `among` names the pages when they are known.
    """
    counted = {}
    for route in routes():
        if route.name in NO_PAGES or (route.is_staff and route.parameters):
            continue
        for role, client in clients.items():
            page = f"{role} {route.template or 'front'}"
            if among is not None and page not in among:
                continue
            path = route.path(samples(route, role))
            if client.get(path).status_code != 200:
                continue
            counted[page] = cost(client, path)
            if counted[page] != known.get(page):
                counted[page] = cost(client, path)
    return counted


def cost(client: Client, path: str) -> int:
    """How many queries a page asks."""
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return sum(one["sql"].startswith(ASKS) for one in queries.captured_queries)


def samples(route: Route, role: str) -> dict[str, str]:
    """A value for each parameter. Raises KeyError for a parameter that nobody described yet."""
    own = "mentor" if role == "mentor" else "mentee"
    state = State.ACTIVE if route.name.startswith("meetings:") else State.PROPOSED
    mine = Mentorship.objects.filter(**{f"{own}__username": own}, state=state)
    meetings = Meeting.objects.filter(
        arranged_by__username=own, cancelled_at=None, is_video=True
    ).order_by("-starts_at", "id")
    if route.name.startswith("feedback:"):
        asked = Invitation.objects.filter(person__username=own, answered_at=None)
        return {"mentorship_id": str(asked.order_by("asked_at", "id")[0].mentorship_id)}
    if route.name.startswith("canvases:"):
        sheet = Sheet.objects.filter(made_by__username=own).order_by("-made_at", "-id")[0]
        canvas = {"sheet_id": sheet.pk, "mentorship_id": sheet.mentorship_id, "kind": sheet.kind}
        canvas["version_id"] = sheet.versions.get(number=1).pk
        return {name: str(canvas[name]) for name, _ in route.parameters}
    if route.name.startswith("journey:"):
        run = Run.objects.filter(**{f"mentorship__{own}__username": own}).order_by("-id")[0]
        sheet_of_run = run.sheets.get()
        way = {
            "mentorship_id": run.mentorship_id, "stage": run.plan.stages[0].key,
            "activity": sheet_of_run.activity, "number": 1,
        }  # fmt: skip
        return {name: str(way[name]) for name, _ in route.parameters}
    if route.name.startswith("goals:"):
        goal = Goal.objects.filter(owner__username=own).order_by("-created_at", "-id")[0]
        parts = {
            "mentorship_id": goal.mentorship_id, "goal_id": goal.pk, "deed": "done",
            "milestone_id": goal.milestones.get().pk, "review_id": goal.reviews.get().pk,
        }  # fmt: skip
        return {name: str(parts[name]) for name, _ in route.parameters}
    known: dict[str, Any] = {
        "goal_id": lambda: Goal.objects.filter(owner__username=own).order_by("id")[0].pk,
        "meeting_id": lambda: meetings[0].pk,
        "room_key": lambda: meetings[0].room_key,
        "note_id": lambda: (
            MeetingNote.objects.filter(author__username=own, meeting__title=TITLE)
            .order_by("id")[0]
            .pk
        ),
        "person_id": lambda: (
            Person.objects.filter(is_mentor=True).order_by("joined_at", "id")[0].pk
        ),
        "mentorship_id": lambda: mine.order_by("sent_at", "id")[0].pk,
        "action": lambda: "decline",
        "entry_id": lambda: Entry.objects.filter(writer__username=own).order_by("id")[0].pk,
        "line_id": lambda: OwnLine.objects.filter(member__username=own).order_by("id")[0].pk,
        "issued_id": lambda: Issued.objects.filter(member__username=own).order_by("id")[0].pk,
        "key": lambda: Faq.objects.order_by("order", "key")[0].key,
        "slug": lambda: (
            (LegalPage if route.name == "help:legal" else Guide).objects.order_by("slug")[0].slug
        ),
    }
    return {name: str(known[name]()) for name, _ in route.parameters}
