"""Two people write to each other in two browsers."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from core.messaging.rules.writing import POLL_SECONDS
from tests.browser.site import Site
from tests.browser.steps import sign_in
from tests.browser.writing import threads_of
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Page]
Check = Callable[[Page], None]
LATER, NEWS = 30_000, POLL_SECONDS * 1000
"""Open pages ask for news every few seconds."""


def write(page: Page, text: str) -> None:
    page.get_by_label("Your message to").fill(text)
    page.get_by_role("button", name="Send message").click()
    expect(page.locator(".message.own").last).to_contain_text(text)


def some_seconds_later(page: Page) -> None:
    """It is time to ask for news, for this page's clock."""
    page.clock.fast_forward(NEWS)


def test_two_people_talk_and_neither_reloads_the_page(
    site: Site, visitor: NewVisitor, accessible: Check, tmp_path: Path
) -> None:
    of_mentor, of_mentee = threads_of(site, "guided", "ivo", "una")
    ivo, una = visitor(width=1280), visitor(width=390)
    for page in (ivo, una):
        page.clock.install()
    sign_in(ivo, site, "guided", "ivo", PASSWORD)
    sign_in(una, site, "guided", "una", PASSWORD)
    ivo.goto(site.url("guided", of_mentor))
    una.goto(site.url("guided", of_mentee))
    expect(una.get_by_text("Nothing written yet")).to_be_visible()
    notes = tmp_path / "Friday notes.txt"
    notes.write_text("What went well: the handover.")
    una.get_by_label("Add files").set_input_files(notes)
    write(una, "Shall we begin?")
    some_seconds_later(ivo)
    expect(ivo.get_by_text("Shall we begin?")).to_be_visible(timeout=LATER)
    expect(ivo.get_by_text("Nothing written yet")).to_be_hidden()
    expect(ivo.locator("#announcer")).to_have_text("New message from Una Moss")
    some_seconds_later(una)
    expect(una.locator("#read-mark")).to_contain_text("Ivo read this", timeout=LATER)
    with ivo.expect_download() as download:
        ivo.get_by_role("link", name="Friday notes.txt").click()
    assert download.value.path().read_text() == "What went well: the handover."
    write(ivo, "With pleasure.")
    some_seconds_later(una)
    expect(una.get_by_text("With pleasure.")).to_be_visible(timeout=LATER)
    for page in (ivo, una):
        accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_member_loses_the_connection_and_keeps_the_text(site: Site, visitor: NewVisitor) -> None:
    _, of_mentee = threads_of(site, "ciltuk", "nils", "tove")
    page = visitor(width=390)
    sign_in(page, site, "ciltuk", "tove", PASSWORD)
    page.goto(site.url("ciltuk", of_mentee))
    box = page.get_by_label("Your message to Nils")
    box.press_sequentially("Dear Nils")
    expect(page.get_by_text("Draft kept.")).to_be_visible()
    page.context.set_offline(True)
    box.press_sequentially(", the train is in a tunnel")
    page.get_by_role("button", name="Send message").click()
    expect(page.get_by_text("You are not connected.")).to_be_visible()
    page.context.set_offline(False)
    page.reload()
    expect(box).to_have_value("Dear Nils, the train is in a tunnel")
    page.get_by_role("button", name="Send message").click()
    expect(page.locator(".message.own")).to_contain_text("in a tunnel")
    expect(box).to_have_value("")
    page.reload()
    expect(box).to_have_value("")


def test_member_without_scripts_writes_reads_and_reports(
    site: Site, visitor: NewVisitor, accessible: Check
) -> None:
    of_mentor, of_mentee = threads_of(site, "linguists", "enzo", "rhea")
    rhea = visitor(width=390, java_script_enabled=False)
    sign_in(rhea, site, "linguists", "rhea", PASSWORD)
    rhea.goto(site.url("linguists", of_mentee))
    write(rhea, "Can you read this?")
    enzo = visitor()
    sign_in(enzo, site, "linguists", "enzo", PASSWORD)
    enzo.goto(site.url("linguists", "/messages/"))
    expect(enzo.get_by_text("1 new")).to_have_count(2)  # the tab and the row
    enzo.get_by_role("link", name="Rhea Moss").click()
    enzo.get_by_role("link", name="Report this message").click()
    accessible(enzo)
    enzo.get_by_role("button", name="Send to the team").click()
    expect(enzo.get_by_role("alert")).to_be_focused()
    accessible(enzo)
    enzo.get_by_label("What is it about?").select_option("Something else")
    enzo.get_by_label("In your own words").fill("Only trying how this works.")
    enzo.get_by_role("button", name="Send to the team").click()
    expect(enzo.get_by_text("Your report is with")).to_be_visible()
    assert enzo.url.split("?")[0] == site.url("linguists", of_mentor)
