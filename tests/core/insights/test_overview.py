"""The staff site opens with the graph; only the programme team gets in."""

import csv
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from core.accounts.models import Person
from core.insights.rules import months_before
from core.kernel import clock
from core.kernel.models import AuditEntry, OutboxMail
from core.kernel.outbox import queue
from core.mentorships.states import State
from core.programme.models import Programme
from core.visits.models import DailyVisits
from core.visits.rules import Kind
from tenants.context import tenant_context
from tenants.models import Institute
from tests.factories.mentorships import make_mentor, make_mentorship, make_person
from tests.factories.programmes import ensure_programme

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("programme")]

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
PAGES = [
    "/staff/",
    "/staff/visits.csv",
    "/staff/tiles/figures.csv",
    "/staff/report.pdf",
    "/staff/figures/members/",
    "/staff/figures/members.csv",
    "/staff/kernel/auditentry/",
    "/staff/kernel/outboxmail/",
    "/staff/visits/dailyvisits/",
    "/staff/search/?s=a&extended=1",
    "/staff/jsi18n/",
    "/staff/nothing-like-this/",
]


def text_of(client: Client, path: str = "/staff/", **query: Any) -> str:
    response = client.get(path, query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def count_visits(months: int) -> None:
    """One visit more in each month than in the one before it, the present month last."""
    DailyVisits.objects.all().delete()
    for index in range(months):
        DailyVisits.objects.create(
            day=months_before(date(2026, 3, 1), months - 1 - index),
            kind=Kind.GUEST.value,
            count=100 + index,
        )


@pytest.mark.parametrize("path", PAGES)
def test_a_stranger_is_sent_to_the_normal_sign_in(
    path: str, ciltuk: Institute, member_client: Callable[..., Client]
) -> None:
    response = member_client(ciltuk).get(path)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login") + "?next=")


@pytest.mark.parametrize("path", PAGES)
def test_a_member_finds_no_staff_site(
    path: str, ciltuk: Institute, member_client: Callable[..., Client]
) -> None:
    client = member_client(ciltuk, make_mentor())
    client.raise_request_exception = False
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/staff/", "/staff/kernel/auditentry/"])
def test_staff_of_another_institute_are_strangers(
    path: str,
    ciltuk: Institute,
    guided: Institute,
    member_client: Callable[..., Client],
) -> None:
    """The cookie of one institute opens nothing on another one's host."""
    with tenant_context(guided):
        ensure_programme(request="proposal")
        foreign = member_client(guided, make_person(is_staff=True))
    with tenant_context(guided):
        assert foreign.get(path).status_code == 200
    home = member_client(ciltuk)
    home.cookies = foreign.cookies
    assert home.get(path).status_code == 302


def test_staff_who_may_no_longer_sign_in_are_out(staff: Client, colleague: Person) -> None:
    Person.objects.filter(pk=colleague.pk).update(is_active=False)
    assert staff.get("/staff/").status_code == 302


def test_staff_who_lost_the_right_are_out(staff: Client, colleague: Person) -> None:
    Person.objects.filter(pk=colleague.pk).update(is_staff=False, is_mentor=True)
    assert staff.get("/staff/").status_code == 404


def test_the_admin_sign_in_form_does_not_exist(
    staff: Client, ciltuk: Institute, member_client: Callable[..., Client]
) -> None:
    assert staff.get("/staff/login/")["Location"] == "/staff/"
    stranger = member_client(ciltuk)
    answer = stranger.post("/staff/login/", {"username": "a", "password": "b"})
    assert answer["Location"].startswith(reverse("account_login"))


def test_signing_out_needs_a_form_and_ends_the_session(staff: Client) -> None:
    assert staff.get("/staff/logout/").status_code == 405
    assert staff.post("/staff/logout/").status_code == 302
    assert staff.get("/staff/").status_code == 302


def test_the_graph_stands_before_the_figures(staff: Client) -> None:
    page = text_of(staff)
    places = [page.index(what) for what in ("Visits per month", "<svg class=", "Members today")]
    assert places == sorted(places)


@pytest.mark.parametrize("months", [0, 1, 24])
def test_the_graph_shows_the_months_there_are(months: int, staff: Client) -> None:
    count_visits(months)
    with clock.frozen(NOW):
        page = text_of(staff, months=24)
    bars = re.findall(r'<g class="in-bar', page)
    assert len(bars) == 2 * max(1, months), "one for wide screens and one for narrow ones"
    assert ("in-before" in page) is (months == 24)
    assert ("Counting has begun" in page) is (months < 2)


def test_a_graph_that_is_long_on_every_screen_is_drawn_once(staff: Client) -> None:
    count_visits(48)
    with clock.frozen(NOW):
        page = text_of(staff, **{"from": "2022-04", "to": "2026-03"})
    assert page.count('<g class="in-bar') == 48
    assert page.count('class="in-reel in-reel-any"') == 1
    assert page.count('<tr><th scope="row">') == 48


def test_each_bar_can_be_reached_and_says_its_value(staff: Client) -> None:
    count_visits(24)
    with clock.frozen(NOW):
        page = text_of(staff)
    assert (
        'tabindex="0" role="img" aria-label="February 2026: 122 visits; '
        'guests 122, year before 110"' in page
    )
    assert "<title>February 2026: 122 visits; guests 122, year before 110</title>" in page


def test_the_chosen_period_is_kept_and_nonsense_is_ignored_with_a_note(staff: Client) -> None:
    count_visits(36)
    with clock.frozen(NOW):
        assert text_of(staff, months=36).count('<g class="in-bar') == 72
        page = text_of(staff, **{"from": "2025-11", "to": "2026-01"})
        assert page.count('<g class="in-bar') == 6
        assert '<option value="2025-11" selected>' in page
        for nonsense in ("13", "0", "-12", "x", "²", "9" * 400):
            page = text_of(staff, months=nonsense)
            assert page.count('<g class="in-bar') == 24
            assert "There is no such period" in page


def test_the_table_and_the_file_hold_what_the_graph_shows(staff: Client) -> None:
    count_visits(24)
    with clock.frozen(NOW):
        page = text_of(staff)
        file = staff.get("/staff/visits.csv").content.decode("utf-8-sig")
    assert re.search(r"Feb 2026</th>\s*<td[^>]*>122</td>\s*<td[^>]*>110</td>", page)
    rows = list(csv.reader(StringIO(file)))
    assert rows[0][0] == "Month"
    assert rows[-2] == ["2026-02", "0", "0", "0", "122", "122", "110", "no"]
    assert rows[-1][0] == "2026-03"
    assert rows[-1][-1] == "yes"


def test_each_figure_leads_to_the_people_behind_it(staff: Client) -> None:
    make_mentorship(mentor=make_mentor("Silas Wherry"), state=State.ACTIVE)
    page = text_of(staff)
    links = set(re.findall(r'href="(/staff/figures/[^"]*)"', page))
    keys = {link.split("/")[3] for link in links}
    assert keys >= {"members", "profiles", "active", "joined", "sent", "matches", "completions"}
    assert keys >= {"mentee-registered", "mentor-completed", "waiting", "silent"}
    for link in sorted(links):
        assert staff.get(link.replace("&amp;", "&")).status_code == 200, link
    assert "Silas Wherry" in text_of(staff, "/staff/figures/active/")
    assert staff.get("/staff/figures/secrets/").status_code == 404
    assert staff.get("/staff/figures/secrets.csv").status_code == 404


def test_every_tile_is_a_file_too(staff: Client) -> None:
    page = text_of(staff)
    tiles = set(re.findall(r'href="(/staff/tiles/[^"]*)"', page))
    assert {tile.split("/")[3].partition(".")[0] for tile in tiles} == {
        "figures", "road", "topics", "times", "return", "feedback",
    }  # fmt: skip
    for tile in tiles:
        rows = list(csv.reader(StringIO(staff.get(tile).content.decode("utf-8-sig"))))
        assert {len(row) for row in rows} == {len(rows[0])}
    assert staff.get("/staff/tiles/secrets.csv").status_code == 404


def test_the_report_for_the_board_tells_what_the_page_tells(staff: Client) -> None:
    make_mentorship(mentor=make_mentor("Silas Wherry"), state=State.ACTIVE)
    count_visits(24)
    with clock.frozen(NOW):
        answer = staff.get("/staff/report.pdf", {"months": "24"})
    assert answer["Content-Type"] == "application/pdf"
    said = " ".join(one.extract_text() for one in PdfReader(BytesIO(answer.content)).pages)
    for part in (
        "Report: April 2024 to March 2026", "Visits per month", "February 2026",
        "From registration to completion", "Supply and demand", "Who comes back",
    ):  # fmt: skip
        assert part in said, part
    assert "Silas" not in said, "a report names nobody"


@pytest.mark.parametrize("role", ["editor", "reader"])
def test_whoever_may_not_write_or_read_people_is_drawn_no_button_that_refuses(
    role: str, staff: Client, colleague: Person
) -> None:
    pair = make_mentorship(sent_at=clock.now(), waiting_since=clock.now() - timedelta(days=9))
    Person.objects.filter(pk=colleague.pk).update(staff_role=role)
    page = text_of(staff)
    assert "/staff/nudges/" not in page
    assert ("/staff/figures/" in page) is (role == "reader")
    assert (pair.mentor.full_name in page) is (role == "reader")
    staff.raise_request_exception = False
    assert staff.post(f"/staff/nudges/{pair.pk}/").status_code == 403
    assert staff.post("/staff/nudges/").status_code == 403


def test_a_downloaded_list_runs_no_formula(staff: Client) -> None:
    make_person("=cmd|'/C calc'!A0 Quill", is_mentor=True, organisation="@SUM(1)")
    file = staff.get("/staff/figures/members.csv").content.decode("utf-8-sig")
    cells = [cell for row in csv.reader(StringIO(file)) for cell in row]
    assert "'@SUM(1)" in cells
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)


def test_the_institutes_words_stand_on_the_page(
    guided: Institute, member_client: Callable[..., Client]
) -> None:
    with tenant_context(guided):
        ensure_programme(request="proposal")
        client = member_client(guided, make_person(is_staff=True))
    page = text_of(client)
    assert "Proposals sent" in page
    assert not re.search(r"\brequests?\b", re.sub(r"<[^>]*>", " ", page), re.IGNORECASE)


def test_nobody_elses_name_or_host_is_on_the_page(staff: Client, programme: Programme) -> None:
    page = text_of(staff)
    seen = re.sub(r"<[^>]*>", " ", page)
    assert programme.programme_name in seen
    assert not re.search(r"\b(unfold|django|ithaca)\b", seen, re.IGNORECASE)
    addresses = re.findall(r'(?:src|href)="([^"]*)"', page)
    assert addresses
    assert not [address for address in addresses if re.match(r"(https?:)?//", address)]


def test_the_overview_costs_the_same_for_few_and_many(
    staff: Client, django_assert_num_queries: Callable[[int], Any]
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost() -> int:
        staff.get("/staff/")
        with CaptureQueriesContext(connection) as seen:
            staff.get("/staff/")
        return len(seen)

    make_mentorship(state=State.ACTIVE)
    count_visits(1)
    few = cost()
    for _ in range(30):
        make_mentorship(state=State.ACTIVE)
    count_visits(36)
    assert cost() == few
    assert few <= 10


def test_the_outbox_shows_whom_and_when_but_never_the_mail(staff: Client) -> None:
    mail = queue(
        kind="password_reset",
        to=("Silas Wherry", "silas@people.example"),
        sender=("The team", "team@lantern.example"),
        subject="A private subject",
        text="https://a.example/private-token",
        html="<p>private-token</p>",
    )
    listed = text_of(staff, "/staff/kernel/outboxmail/")
    one = text_of(staff, f"/staff/kernel/outboxmail/{mail.pk}/change/")
    for page in (listed, one):
        assert "silas@people.example" in page
        assert "private" not in page
    found = text_of(staff, "/staff/kernel/outboxmail/", q="private-token")
    assert "silas@people.example" not in found


def test_the_audit_trail_and_the_outbox_can_only_be_read(staff: Client) -> None:
    AuditEntry.objects.create(verb="person.joined", thing_type="accounts.Person", thing_id="1")
    for model in (AuditEntry, OutboxMail, DailyVisits):
        base = f"/staff/{model._meta.app_label}/{model._meta.model_name}"
        assert staff.get(f"{base}/add/").status_code == 403
    entry = AuditEntry.objects.filter(verb="person.joined").get()
    page = f"/staff/kernel/auditentry/{entry.pk}/"
    assert staff.post(f"{page}change/", {"verb": "forged"}).status_code == 403
    assert staff.post(f"{page}delete/", {"post": "yes"}).status_code == 403
    entry.refresh_from_db()
    assert entry.verb == "person.joined"


def test_no_staff_page_shows_a_password_hash(staff: Client, colleague: Person) -> None:
    person = make_person("Silas Wherry", is_mentor=True)
    person.set_password("a long pass phrase")
    person.save()
    address = f"/staff/accounts/person/{person.pk}/change/"
    response = staff.get(address)
    if response.status_code == 200:
        assert person.password not in response.content.decode()
        assert person.password.split("$")[-1] not in response.content.decode()


def test_the_search_finds_people_and_reads_no_whole_table(staff: Client) -> None:
    for number in range(12):
        make_mentor(f"Silas Wherry{number}")
    page = text_of(staff, "/staff/search/", s="silas", extended=1)
    assert page.count('href="/staff/accounts/person/') == 8


def test_a_change_by_staff_is_told_in_the_audit_trail(staff: Client, colleague: Person) -> None:
    from core.help.models import LegalPage

    page = LegalPage.objects.create(slug="lantern-terms", title="Terms", body="Be kind.")
    answer = staff.post(
        f"/staff/help/legalpage/{page.pk}/change/",
        {"title": "Terms of use", "slug": page.slug, "body": "Be kind."},
    )
    assert answer.status_code == 302
    entry = AuditEntry.objects.get(verb="staff.changed")
    assert (entry.actor_id, entry.thing_id) == (colleague.pk, str(page.pk))
    assert entry.facts == {"fields": ["Title"]}
    history = staff.get(f"/staff/help/legalpage/{page.pk}/history/", follow=True)
    assert "staff.changed" in history.content.decode()
