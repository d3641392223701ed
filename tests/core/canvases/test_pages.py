"""Canvases as the two partners find them, and as nobody else does."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.canvases import queries, services
from core.canvases.models import Aside, Sheet
from core.canvases.rules import BOX_LENGTH, mark
from core.mentorships.models import Mentorship
from core.mentorships.states import State
from core.programme.models import Programme
from tests.core.canvases.conftest import Visit, on, sent
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship

pytestmark = pytest.mark.django_db


def listing(pair: Mentorship, kind: str = "swot") -> str:
    return reverse("canvases:list", args=[pair.pk, kind])


def test_partners_begin_save_open_again_and_add_another(visit: Visit, pair: Mentorship) -> None:
    mentee, mentor = visit(pair.mentee), visit(pair.mentor)
    assert "Begin a SWOT" in mentee.get(listing(pair)).content.decode()
    new = reverse("canvases:new", args=[pair.pk, "swot"])
    address = mentee.post(new).headers["Location"]
    sheet = Sheet.objects.get()
    saved = mentee.post(address, sent(sheet, strengths="Patience", title="Before the move"))
    assert saved.status_code == 302
    assert "Patience" in mentor.get(address).content.decode()
    page = mentor.get(listing(pair)).content.decode()
    assert "Before the move" in page
    assert "1 of 4 boxes filled in. Last changed by Noor Vane" in page
    assert "Add another" in page
    assert mentor.post(new).headers["Location"] != address
    assert mentor.get(listing(pair)).content.decode().count("canvas-card") == 2


def test_conflict_shows_both_texts_and_waits_for_a_choice(
    visit: Visit, pair: Mentorship, sheet: Sheet
) -> None:
    mine = sent(sheet, strengths="Courage", threats="Haste")
    services.save(sheet, on(strengths="Patience"), by=pair.mentee)
    mentor = visit(pair.mentor)
    answer = mentor.post(sheet.get_absolute_url(), mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Noor changed this while you were writing." in page
    assert page.index("data-theirs>Patience</div>") < page.index(">\nCourage</textarea>")
    again = mentor.get(sheet.get_absolute_url())
    sheet.refresh_from_db()
    beside = queries.waiting(sheet, pair.mentor)["strengths"]
    assert "Courage" in again.content.decode()
    unchosen = mentor.post(sheet.get_absolute_url(), mine | {"text_threats": "Haste"})
    assert unchosen.status_code == 409
    chosen = mine | {"choice_strengths": "both", "seen_strengths": beside.seen}
    assert mentor.post(sheet.get_absolute_url(), chosen).status_code == 302
    sheet.refresh_from_db()
    assert sheet.texts == {"strengths": "Patience\n\nCourage", "threats": "Haste"}


def test_mark_that_is_none_makes_a_choice_and_no_fault(
    visit: Visit, pair: Mentorship, sheet: Sheet
) -> None:
    services.save(sheet, on(strengths="Patience"), by=pair.mentee)
    address = reverse("canvases:sheet", args=[sheet.pk])
    answer = visit(pair.mentor).post(
        address, {"text_strengths": "Haste", "base_strengths": "a\x00"}
    )
    assert answer.status_code == 409
    assert {"Patience", "Haste"} <= set(answer.content.decode().replace("<", ">").split(">"))


def test_page_saves_while_typing_and_hears_what_the_partner_wrote(
    visit: Visit, pair: Mentorship, sheet: Sheet
) -> None:
    services.save(sheet, on(strengths="Patience"), by=pair.mentee)
    address = reverse("canvases:autosave", args=[sheet.pk])
    data = {"text_threats": "Haste", "base_threats": mark("")}
    told = visit(pair.mentor).post(address, data).json()
    assert told["said"] == "Saved at 12:00"
    assert told["boxes"]["strengths"] == {"text": "Patience", "base": mark("Patience")}
    assert told["boxes"]["threats"]["text"] == "Haste"
    clash = visit(pair.mentee).post(address, {"text_threats": "Envy", "base_threats": mark("")})
    assert clash.json()["clashes"] == {
        "threats": {
            "theirs": "Haste",
            "seen": mark("Haste"),
            "who": "Mara changed this while you were writing.",
        }
    }
    assert Aside.objects.get().text == "Envy"


def test_text_of_somebody_signed_out_is_on_the_canvas_after_signing_in(
    visit: Visit, pair: Mentorship, sheet: Sheet
) -> None:
    browser = visit(pair.mentee)
    address = sheet.get_absolute_url()
    browser.logout()
    told = browser.post(reverse("canvases:autosave", args=[sheet.pk]), {"text_threats": "Haste"})
    assert told.status_code == 401
    assert told.json()["signed_out"].startswith(reverse("account_login"))
    data = sent(sheet, threats="Haste") | {"writer": str(pair.mentee.pk)}
    assert browser.post(address, data).status_code == 302
    browser.force_login(pair.mentee)
    page = browser.get(address, follow=True).content.decode()
    assert "You had been signed out." in page
    assert "Haste" in page
    sheet.refresh_from_db()
    assert sheet.texts == {"threats": "Haste"}


def test_refused_text_stays_in_its_box(visit: Visit, pair: Mentorship, sheet: Sheet) -> None:
    long = "x" * (BOX_LENGTH + 1)
    answer = visit(pair.mentee).post(sheet.get_absolute_url(), sent(sheet, strengths=long))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert long in page
    assert "Strengths: Use 5,000 characters or fewer." in page


def test_deleted_canvas_is_offered_back_at_once(
    visit: Visit, pair: Mentorship, sheet: Sheet
) -> None:
    browser = visit(pair.mentee)
    page = browser.post(reverse("canvases:remove", args=[sheet.pk]), follow=True)
    assert "is deleted." in page.content.decode()
    assert ">Undo<" in page.content.decode()
    assert "Bring it back" in visit(pair.mentor).get(sheet.get_absolute_url()).content.decode()
    browser.post(reverse("canvases:restore", args=[sheet.pk]))
    assert queries.together(pair, "swot").get() == sheet


def test_old_version_is_looked_at_and_brought_back(
    visit: Visit, pair: Mentorship, sheet: Sheet
) -> None:
    services.save(sheet, on(strengths="Patience"), by=pair.mentee)
    services.save(sheet, on("Patience", strengths="Courage"), by=pair.mentor)
    browser = visit(pair.mentee)
    page = browser.get(reverse("canvases:history", args=[sheet.pk])).content.decode()
    assert page.count("Changed: Strengths") == 2
    first = queries.versions(sheet).get(number=1)
    old = browser.get(reverse("canvases:version", args=[sheet.pk, first.pk])).content.decode()
    assert "Patience" in old
    assert "Courage" not in old
    browser.post(reverse("canvases:bring_back", args=[sheet.pk, first.pk]))
    sheet.refresh_from_db()
    assert sheet.texts["strengths"] == "Patience"


@pytest.mark.parametrize("state", [State.COMPLETED, State.ENDED])
def test_after_the_end_both_read_and_nobody_writes(
    visit: Visit, pair: Mentorship, sheet: Sheet, state: State
) -> None:
    services.save(sheet, on(strengths="Patience"), by=pair.mentee)
    late = sent(sheet, strengths="Too late to say")
    Mentorship.objects.filter(pk=pair.pk).update(state=state)
    for person in (pair.mentee, pair.mentor):
        browser = visit(person)
        page = browser.get(sheet.get_absolute_url()).content.decode()
        assert "Patience" in page
        assert "<textarea" not in page
        assert "Add another" not in browser.get(listing(pair)).content.decode()
        answer = browser.post(sheet.get_absolute_url(), late)
        assert answer.status_code == 422
        assert "What you wrote, which is not on the canvas" in answer.content.decode()
        assert "Too late to say" in answer.content.decode()
    sheet.refresh_from_db()
    assert sheet.texts["strengths"] == "Patience"


def test_strangers_and_staff_are_told_that_there_is_no_such_page(
    visit: Visit, pair: Mentorship, sheet: Sheet
) -> None:
    services.save(sheet, on(strengths="Patience"), by=pair.mentee)
    version = queries.versions(sheet)[0]
    pages = [listing(pair)] + [
        reverse(f"canvases:{name}", args=[sheet.pk]) for name in ("sheet", "history", "paper")
    ]
    pages.append(reverse("canvases:version", args=[sheet.pk, version.pk]))
    deeds = [
        reverse("canvases:new", args=[pair.pk, "swot"]),
        sheet.get_absolute_url(),
        *(reverse(f"canvases:{name}", args=[sheet.pk]) for name in ("autosave", "remove")),
        reverse("canvases:bring_back", args=[sheet.pk, version.pk]),
    ]
    for person in (make_mentor(), make_mentee(is_staff=True)):
        browser = visit(person)
        assert {browser.get(page).status_code for page in pages} == {404}
        assert {browser.post(deed).status_code for deed in deeds} == {404}
    mine = make_mentorship(mentee=pair.mentee, state=State.ACTIVE)
    foreign = services.begin(mine, "swot", by=pair.mentee)
    other = reverse("canvases:version", args=[foreign.pk, version.pk])
    assert visit(pair.mentee).get(other).status_code == 404
    assert visit(pair.mentee).get(listing(pair, "no_such")).status_code == 404


def test_menu_leads_to_the_canvases_of_the_institute(visit: Visit, pair: Mentorship) -> None:
    design = queries.designs()["swot"].model_copy(update={"label": "Lighthouse"})
    services.publish_design("lighthouse", design, by=pair.mentor)
    programme = Programme.objects.get()
    tools = {"label": "Tools", "items": ["swot", "gstar", "lighthouse", "unknown_one"]}
    programme.menus_data = {**programme.menus_data, "tools": tools}
    programme.save()
    cache.clear()
    page = visit(pair.mentee).get(reverse("mentorships:dashboard")).content.decode()
    for kind, label in (("swot", "SWOT"), ("gstar", "G-STAR"), ("lighthouse", "Lighthouse")):
        assert f'<a href="{listing(pair, kind)}">{label}</a>' in page
    assert "unknown_one" not in page
    waiting = make_mentorship(mentee=pair.mentee)
    assert listing(waiting) not in visit(pair.mentee).get("/relationships/").content.decode()


def test_pages_ask_the_same_questions_for_one_canvas_as_for_many(
    visit: Visit, pair: Mentorship, sheet: Sheet
) -> None:
    browser = visit(pair.mentee)
    history = reverse("canvases:history", args=[sheet.pk])

    def cost(address: str) -> int:
        browser.get(address)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert browser.get(address).status_code == 200
        return len(asked)

    services.save(sheet, on(strengths="0"), by=pair.mentee)
    before = {address: cost(address) for address in (listing(pair), history)}
    for number in range(1, 8):
        services.save(sheet, on(str(number - 1), strengths=str(number)), by=pair.mentor)
        more = services.begin(pair, "swot", by=pair.mentor)
        services.save(more, on(threats="Haste"), by=pair.mentor)
    services.remove(more, by=pair.mentor)
    assert {address: cost(address) for address in before} == before


def test_downloaded_pdf_holds_every_box(visit: Visit, pair: Mentorship, sheet: Sheet) -> None:
    services.save(sheet, on(strengths="Patience\n\nמוכנות 🦉", threats="#eval(1)"), by=pair.mentee)
    answer = visit(pair.mentor).get(reverse("canvases:paper", args=[sheet.pk]))
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert 'filename="swot-2-march-2026.pdf"' in answer.headers["Content-Disposition"]


def test_autosave_without_a_token_is_refused(ciltuk: Any, pair: Mentorship, sheet: Sheet) -> None:
    browser = Client(enforce_csrf_checks=True)
    answer = browser.post(reverse("canvases:autosave", args=[sheet.pk]), {"text_threats": "x"})
    assert answer.status_code in (400, 403, 404)
