"""Staff choose a look: preview, warnings, bad pictures, two at a time, and the way back."""

import base64
from collections.abc import Callable
from contextlib import AbstractContextManager
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from core.kernel.models import AuditEntry
from core.kernel.rights import StaffRole
from tenants.models import Institute
from tests.factories.mentorships import make_person
from tests.theming.seeds import logo_of, shipped
from theming import queries
from theming.fonts import FACES
from theming.models import Brand, LookVersion
from theming.tokens import PAIRINGS, Seeds

Inside = Callable[[Institute], AbstractContextManager[Institute]]

pytestmark = pytest.mark.django_db
PAGE = "/staff/brand/"


@pytest.fixture(autouse=True)
def _in_ciltuk(ciltuk: Institute, inside: Inside) -> Any:
    with inside(ciltuk):
        yield


@pytest.fixture
def team(member_client: Any, ciltuk: Institute) -> Client:
    """A browser of somebody on the programme team."""
    browser: Client = member_client(
        ciltuk, make_person(is_staff=True, first_name="Ada", last_name="Marlow")
    )
    return browser


def chosen(**other: Any) -> dict[str, Any]:
    """The form as somebody sends it."""
    return {**shipped("ciltuk").data(), "seen": str(number()), "do": "save", **other}


def number() -> int:
    latest = queries.latest()
    return latest.number if latest else 0


def png(size: tuple[int, int] = (600, 200), **more: Any) -> bytes:
    into = BytesIO()
    Image.new("RGBA", size, (20, 80, 140, 255)).save(into, "PNG", **more)
    return into.getvalue()


def moving() -> bytes:
    into = BytesIO()
    frames = [Image.new("RGBA", (8, 8), (shade, 0, 0, 255)) for shade in (0, 128, 255)]
    frames[0].save(into, "PNG", save_all=True, append_images=frames[1:], duration=100)
    return into.getvalue()


def logo(content: bytes, name: str = "logo.svg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def drawn(inner: str) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{inner}</svg>'.encode()


def test_team_chooses_a_look_it_is_in_force_and_can_be_taken_back(team: Client) -> None:
    before, look = number(), queries.look()
    answer = team.post(PAGE, chosen(accent="1d4f91", radius="large"))
    assert answer.headers["Location"] == PAGE
    assert queries.look().seeds.accent == "#1d4f91"
    assert team.get(look.css_url).content.decode() == look.css  # of pages that somebody has open
    entry = AuditEntry.objects.get(verb="look.chosen")
    assert entry.actor_name == "Ada Marlow"
    assert entry.facts["changed"]["accent"] == [look.seeds.accent, "#1d4f91"]
    listed = team.get(PAGE).content.decode()
    assert "Ada Marlow" in listed
    assert f"?version={before}" in listed
    old = team.get(f"{PAGE}?version={before}")
    assert f"version {before}. Nothing is changed until you save it" in old.content.decode()
    assert queries.look().seeds.accent == "#1d4f91"
    back = {**old.context["form"].initial, "back_to": str(before), "seen": str(number())}
    team.post(PAGE, {**back, "kept": old.context["draft"], "remove": ""})
    assert queries.look() == look
    assert LookVersion.objects.get(number=before + 2).back_to == before


def test_two_of_the_team_choose_at_a_time_the_second_one_is_told(team: Client) -> None:
    seen = str(number())
    team.post(PAGE, chosen(accent="#112233", seen=seen))
    answer = team.post(PAGE, chosen(accent="#445566", seen=seen))
    assert answer.status_code == 409
    assert "Ada Marlow put another look in force" in answer.content.decode()
    assert queries.look().seeds.accent == "#112233"
    assert 'value="#445566"' in answer.content.decode()
    assert team.post(PAGE, chosen(accent="#445566", seen=answer.context["seen"])).status_code == 302
    assert queries.look().seeds.accent == "#445566"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"accent": "navy"}, "Names of colours are not understood"),
        ({"accent": "red;}body{display:none"}, "Write the colour as"),
        ({"second": ""}, "This field is required"),
        ({"pairing": "comic"}, "Choose one of these"),
        ({"picture": logo(drawn("<path d='M0 0'/>") + b" " * 64_000)}, "larger than 64 kB"),
        ({"picture": logo(b"x" * 2_000_001)}, "larger than 2 MB"),
        ({"picture": logo(b"")}, "This file is empty"),
        ({"picture": logo(b"GIF89a....")}, "neither SVG nor PNG"),
        ({"picture": logo(drawn("<script>alert(1)</script>"))}, "Nothing in this file can be"),
        ({"picture": logo(b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg/>")}, "may not declare"),
        ({"picture": logo(b"<svg xmlns='http://www.w3.org/2000/svg'")}, "not well-formed"),
        ({"picture": logo(moving(), "logo.png")}, "stands still"),
        ({"picture": logo(png()[:90], "logo.png")}, "cannot be read as PNG"),
        ({"picture": logo(png((6000, 4200)), "logo.png")}, "too many pixels"),
    ],
)
def test_team_sends_what_cannot_be_a_look_nothing_is_changed(
    team: Client, given: dict[str, Any], said: str
) -> None:
    before = queries.look()
    answer = team.post(PAGE, chosen(**given))
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert queries.look() == before


def test_team_uploads_a_png_it_is_drawn_anew_small_and_served(team: Client) -> None:
    secret = b"taken at home"
    made = png((900, 300)).replace(b"IEND", b"IEND") + secret
    team.post(PAGE, chosen(picture=logo(made, "logo.png"), logo="own"))
    look = queries.look()
    assert 'viewBox="0 0 240 80"' in look.drawing
    assert secret not in base64.b64decode(look.drawing.split("base64,")[1].split('"')[0])
    assert team.get(look.logo_url)["Content-Type"] == "image/svg+xml"
    assert look.drawing in queries.icon(look.seeds, look.drawing)
    assert queries.read_drawing(Brand.objects.get()) == look.drawing


def test_team_uploads_a_drawing_with_more_than_shapes_it_is_told_what_is_left_out(
    team: Client,
) -> None:
    given = drawn("<path d='M0 0h9v9z'/><script>alert(1)</script><text>Us</text>")
    answer = team.post(
        PAGE, chosen(do="preview", picture=logo(given)), headers={"X-Preview": "1"}
    ).json()
    assert "script, text" in answer["notes"]
    drawing = team.get(f"/staff/brand/logo/{answer['draft']}.svg").content.decode()
    assert "alert" not in drawing
    # the next post has no file, only the key
    team.post(PAGE, chosen(kept=answer["draft"]))
    assert "M0 0h9v9z" in queries.look().drawing


def test_team_previews_real_pages_in_unsaved_colours_and_nobody_else_sees_them(
    team: Client, member_client: Any, ciltuk: Institute
) -> None:
    before = queries.look()
    told = team.post(
        PAGE, chosen(do="preview", accent="#ffe680"), headers={"X-Preview": "1"}
    ).json()
    assert "too pale to be read" in told["notes"]
    draft = told["draft"]
    for show in ("front", "member", "mail"):
        frame = team.get(f"{PAGE}preview/?draft={draft}&show={show}&scheme=dark")
        assert frame.status_code == 200
        assert "no-store" in frame["Cache-Control"]
        assert frame["X-Frame-Options"] == "SAMEORIGIN"
        assert "script-src" not in frame["Content-Security-Policy"]
        assert "<script" not in frame.content.decode()
    page = team.get(f"{PAGE}preview/?draft={draft}&scheme=dark").content.decode()
    address = f"{PAGE}preview.css?draft={draft}&amp;scheme=dark"
    assert address in page
    css = team.get(address.replace("&amp;", "&")).content.decode()
    assert css.startswith(":root{color-scheme:dark;")
    assert f"{PAGE}logo/{draft}.svg" in css
    assert queries.look() == before
    assert "frame-src 'self'" in team.get(PAGE)["Content-Security-Policy"]
    other = member_client(ciltuk, make_person(is_staff=True))
    assert other.get(f"{PAGE}preview.css?draft={draft}").status_code == 404
    assert other.get(f"{PAGE}logo/{draft}.svg").status_code == 404
    assert member_client(ciltuk, make_person()).get(f"{PAGE}preview/").status_code == 404


def test_without_javascript_the_button_draws_the_preview(team: Client) -> None:
    answer = team.post(PAGE, chosen(do="preview", accent="#0a6", width="phone", show="mail"))
    assert answer.status_code == 200
    page = answer.content.decode()
    assert f"draft={answer.context['draft']}&amp;show=mail" in page
    assert "ed-phone" in page
    assert queries.look().seeds.accent != "#00aa66"


def test_a_reader_looks_and_changes_nothing(member_client: Any, ciltuk: Institute) -> None:
    reader = member_client(ciltuk, make_person(is_staff=True, staff_role=StaffRole.READER))
    page = reader.get(PAGE).content.decode()
    assert "Put this look in force" not in page
    assert reader.post(PAGE, chosen()).status_code == 403


def test_editor_of_a_spoiled_look_opens_and_mends_it(team: Client) -> None:
    Brand.objects.update(seeds_data={"accent": "expression(1)"})
    cache.delete(queries.CACHE_KEY)
    assert team.get(PAGE).status_code == 200
    assert team.post(PAGE, chosen(accent="#224466")).status_code == 302
    assert queries.look().seeds.accent == "#224466"


def test_the_logo_of_a_cached_page_is_served_after_it_was_replaced(team: Client) -> None:
    old = queries.look()
    team.post(PAGE, chosen(picture=logo(logo_of("uhb"))))
    assert queries.look().logo_digest != old.logo_digest
    for address in (old.logo_url, old.icon_url):
        assert team.get(address).status_code == 200


def test_a_specimen_is_there_for_each_pairing() -> None:
    sheet = Path(__file__).parents[2] / "theming" / "static" / "theming" / "editor.css"
    text = sheet.read_text(encoding="utf-8")
    for pairing in PAIRINGS:
        assert f".br-type-{pairing} " in text
        assert any(face.target in text for face in FACES[pairing])
    assert Seeds().pairing in PAIRINGS
