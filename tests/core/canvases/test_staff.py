"""Staff design canvases, and read none."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from core.canvases import queries, services
from core.canvases.models import Sheet
from core.kernel.models import AuditEntry
from core.mentorships.models import Mentorship
from tenants.models import Institute
from tests.core.canvases.conftest import Visit, on
from tests.factories.mentorships import make_person

pytestmark = pytest.mark.django_db
LIST = "/staff/canvases/"


@pytest.fixture
def team(member_client: Any, ciltuk: Institute) -> Client:
    """A browser of somebody on the programme team."""
    browser: Client = member_client(ciltuk, make_person(is_staff=True))
    return browser


def typed(*boxes: tuple[str, str, str], **more: str) -> dict[str, Any]:
    """The form: each box as (name, column, row)."""
    return {
        "label": "Lighthouse",
        "introduction": "Where the light falls.",
        "do": "publish",
        "box-key": ["" for _ in boxes] + [""],
        "box-label": [name for name, _, _ in boxes] + [""],
        "box-guidance": ["What do you see?" for _ in boxes] + [""],
        "box-column": [column for _, column, _ in boxes] + ["1"],
        "box-row": [row for _, _, row in boxes] + ["1"],
        "box-wide": ["1" for _ in boxes] + ["1"],
        "box-tall": ["1" for _ in boxes] + ["1"],
        **more,
    }


def test_team_designs_a_canvas_and_partners_fill_it_in(
    team: Client, visit: Visit, pair: Mentorship
) -> None:
    answer = team.post("/staff/new-canvas/", typed(("The sea", "2", "1"), ("The land", "1", "1")))
    assert answer.headers["Location"] == LIST
    design = queries.designs()["lighthouse"]
    assert [(box.key, box.column) for box in design.boxes] == [("the_land", 1), ("the_sea", 2)]
    page = visit(pair.mentee).get(reverse("canvases:list", args=[pair.pk, "lighthouse"]))
    assert "Begin a Lighthouse" in page.content.decode()
    assert AuditEntry.objects.filter(verb="canvas.published").exists()
    again = team.post("/staff/new-canvas/", typed(("The sea", "1", "1")))
    assert again.headers["Location"] == LIST
    assert "lighthouse_2" in queries.designs()


def test_preview_publishes_nothing(team: Client) -> None:
    page = team.post("/staff/new-canvas/", typed(("The sea", "1", "1"), do="preview"))
    assert 'id="preview"' in page.content.decode()
    assert "lighthouse" not in queries.designs()


@pytest.mark.parametrize(
    ("form", "sentence"),
    [
        (typed(("The sea", "1", "1"), label=" "), "Give the canvas a name."),
        (typed(), "A canvas needs at least one box."),
        (typed(("A", "1", "1"), ("B", "1", "1")), "“B” lies on “A”."),
        (typed(("A", "1", "1"), ("a", "2", "1")), "Two boxes are called “a”."),
        (typed(("x" * 61, "1", "1")), "Use 60 characters or fewer for the name."),
        (typed(*((f"Box {n}", "1", "1") for n in range(13))), "A canvas has 12 boxes at most."),
    ],
)
def test_design_that_is_not_ready_comes_back_with_its_words(
    team: Client, form: dict[str, Any], sentence: str
) -> None:
    answer = team.post("/staff/new-canvas/", form)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert "Where the light falls." in answer.content.decode()


def test_next_version_leaves_sheets_and_other_writers_alone(
    team: Client, pair: Mentorship, sheet: Sheet
) -> None:
    page = team.get("/staff/canvases/swot/").content.decode()
    assert 'value="Strengths"' in page
    form = typed(("Strong", "1", "1"), label="SWOT", seen="1") | {"box-key": ["strengths", ""]}
    assert team.post("/staff/canvases/swot/", form).status_code == 302
    assert [box.label for box in queries.designs()["swot"].boxes] == ["Strong"]
    sheet.refresh_from_db()
    assert len(sheet.design.boxes) == 4
    late = team.post("/staff/canvases/swot/", form | {"box-label": ["Stronger", ""]})
    assert late.status_code == 409
    assert "Stronger" in late.content.decode()


def test_design_out_of_use_can_be_read_and_not_begun(
    team: Client, visit: Visit, pair: Mentorship, sheet: Sheet
) -> None:
    services.save(sheet, on(strengths="Patience"), by=pair.mentee)
    assert team.post("/staff/canvases/swot/retire/").status_code == 302
    assert "No longer used since" in team.get(LIST).content.decode()
    browser = visit(pair.mentee)
    page = browser.get(reverse("canvases:list", args=[pair.pk, "swot"])).content.decode()
    assert sheet.title in page
    assert "Add another" not in page
    assert browser.get(sheet.get_absolute_url()).status_code == 200
    assert browser.post(reverse("canvases:new", args=[pair.pk, "swot"])).status_code == 404
    assert team.post("/staff/canvases/swot/retire/").status_code == 404


def test_team_reads_no_sheet_and_members_see_no_design_pages(
    team: Client, visit: Visit, pair: Mentorship, sheet: Sheet
) -> None:
    services.save(sheet, on(strengths="Quietly patient"), by=pair.mentee)
    for address in (LIST, "/staff/canvases/swot/", "/staff/new-canvas/"):
        assert "Quietly patient" not in team.get(address).content.decode()
        assert visit(pair.mentee).get(address).status_code == 404
    assert team.get("/staff/canvases/no-such/").status_code == 404
