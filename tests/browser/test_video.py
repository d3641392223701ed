"""Two browsers with made-up cameras and microphones see and hear each other (product D7)."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.browsers import RUNNING
from tests.browser.site import Site
from tests.browser.steps import sign_in
from tests.browser.talking import room_of
from tests.factories.people import PASSWORD

pytestmark = pytest.mark.browser

NewVisitor = Callable[..., Page]
Accessible = Callable[[Page], None]
FAKES = [
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--auto-select-desktop-capture-source=Entire screen",
]
# Lets a test look into the connections that a page makes.
WATCH = """(() => {
  const Real = RTCPeerConnection;
  window.made = [];
  window.RTCPeerConnection = class extends Real {
    constructor(...given) { super(...given); window.made.push(this); }
  };
})()"""
RECEIVED = """async () => {
  const found = {frames: 0, energy: 0};
  for (const one of window.made.filter((one) => one.connectionState === "connected"))
    for (const report of (await one.getStats()).values()) {
      if (report.type !== "inbound-rtp") continue;
      found.frames += report.framesDecoded || 0;
      found.energy += report.totalAudioEnergy || 0;
    }
  return found;
}"""
MORE = f"""async (before) => {{
  const now = await ({RECEIVED})();
  return now.frames > before.frames + 3 && now.energy > before.energy;
}}"""
NETWORK_NAME = "() => made.at(-1).localDescription.sdp.match(/ice-ufrag:(\\S+)/)[1]"


@pytest.fixture
def chromium_browser(site: Site) -> Browser:
    """A Chromium whose camera shows a clock and whose microphone beeps."""
    return RUNNING.one(*FAKES)


class Seat:
    """One of the two before their screen."""

    def __init__(self, site: Site, slug: str, name: str, page: Page, room: str) -> None:
        self.page, self.room = page, site.url(slug, room)
        page.add_init_script(WATCH)
        sign_in(page, site, slug, name, PASSWORD)
        page.goto(self.room)

    def hears(self, words: str) -> None:
        """What the live region says."""
        expect(self.page.locator("[data-part=status]")).to_contain_text(words, timeout=60_000)

    def press(self, name: str) -> None:
        self.page.get_by_role("button", name=name, exact=True).click()

    def join(self) -> None:
        self.hears("then join")
        self.press("Join now")

    def receives(self) -> None:
        """New pictures and new sound arrive."""
        before: dict[str, Any] = self.page.evaluate(RECEIVED)
        self.page.wait_for_function(MORE, arg=before)


def test_two_partners_see_and_hear_each_other_and_take_leave(
    site: Site, visitor: NewVisitor, accessible: Accessible
) -> None:
    room = room_of(site, "ciltuk", "isla", "rafe")
    ada = Seat(site, "ciltuk", "isla", visitor(), room)
    bo = Seat(site, "ciltuk", "rafe", visitor(width=390), room)

    # The device check: a picture of oneself, a microphone that is heard.
    expect(ada.page.get_by_text("your microphone works").last).to_be_visible()
    expect(ada.page.get_by_label("Camera", exact=True).locator("option")).not_to_have_count(0)
    ada.page.wait_for_function("document.querySelector('[data-part=own]').videoWidth > 0")
    accessible(ada.page)
    accessible(bo.page)
    assert bo.page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0

    # One waits, the other comes.
    ada.join()
    ada.hears("Waiting for Rafe")
    expect(ada.page.get_by_role("button", name="Mute", exact=True)).to_be_focused()
    accessible(ada.page)
    bo.join()
    for seat, partner in ((ada, "Rafe"), (bo, "Isla")):
        seat.hears(f"connected with {partner}")
        seat.receives()
        accessible(seat.page)

    # Microphone, camera and screen: the other is told.
    ada.press("Mute")
    bo.hears("Isla’s microphone is off")
    ada.press("Turn camera off")
    expect(bo.page.get_by_text("Isla’s camera is off")).to_be_visible()
    ada.press("Unmute")
    ada.press("Turn camera on")
    expect(bo.page.get_by_text("Isla’s camera is off")).to_be_hidden()
    bo.receives()
    ada.press("Share screen")
    bo.hears("Isla is sharing the screen")
    bo.receives()
    ada.press("Stop sharing")
    bo.hears("Isla has stopped sharing")

    # Whoever reloads the page is back in the call.
    bo.page.reload()
    bo.hears("connected with Isla")
    ada.hears("connected with Rafe")
    ada.receives()
    bo.receives()

    # Leaving is told, and the camera is off then.
    bo.press("Leave")
    bo.hears("You have left the call")
    ada.hears("Rafe has left the call")
    expect(ada.page.get_by_text("Waiting for Rafe")).to_be_visible()
    expect(bo.page.get_by_role("button", name="Join again")).to_be_focused()
    accessible(bo.page)
    bo.press("Join again")
    ada.hears("connected with Rafe")
    bo.receives()


def test_call_goes_on_after_the_network_was_lost(site: Site, visitor: NewVisitor) -> None:
    room = room_of(site, "guided", "nell", "tove")
    ada = Seat(site, "guided", "nell", visitor(), room)
    bo = Seat(site, "guided", "tove", visitor(), room)
    ada.join()
    bo.join()
    ada.hears("connected with Tove")
    before = ada.page.evaluate(NETWORK_NAME)
    ada.page.context.set_offline(True)
    ada.hears("Your connection is lost")
    ada.page.context.set_offline(False)
    ada.hears("connected with Tove")
    ada.page.wait_for_function(f"(before) => ({NETWORK_NAME})() !== before", arg=before)
    ada.receives()
    bo.receives()
    assert ada.page.evaluate("made.length") == 1


def test_second_window_takes_the_call_over(site: Site, visitor: NewVisitor) -> None:
    room = room_of(site, "ciltuk", "isla", "orla")
    ada = Seat(site, "ciltuk", "orla", visitor(), room)
    ada.join()
    ada.hears("Waiting for Isla")
    other = ada.page.context.new_page()
    other.goto(ada.room)
    other.get_by_role("button", name="Join now").click()
    ada.hears("in another window")
    expect(ada.page.get_by_role("button", name="Join again")).to_be_visible()


def test_person_without_camera_is_told_what_to_do(site: Site, visitor: NewVisitor) -> None:
    room = room_of(site, "ciltuk", "isla", "piet")
    page = visitor()
    page.add_init_script(
        "navigator.mediaDevices.getUserMedia = async () => {"
        " throw new DOMException('no', 'NotAllowedError'); }"
    )
    ada = Seat(site, "ciltuk", "isla", page, room)
    expect(page.get_by_role("alert")).to_contain_text("does not let this page use your camera")
    bo = Seat(site, "ciltuk", "piet", visitor(), room)
    bo.join()
    ada.press("Join now")
    ada.hears("connected with Piet")
    ada.receives()
    expect(bo.page.get_by_text("Isla (camera and microphone off)")).to_be_visible()

    page = visitor()
    page.add_init_script("delete window.RTCPeerConnection")
    sign_in(page, site, "ciltuk", "piet", PASSWORD)
    page.goto(site.url("ciltuk", room))
    expect(page.get_by_role("alert")).to_contain_text("cannot do video chat")
    expect(page.get_by_role("button", name="Join now")).to_be_hidden()


def test_stranger_finds_no_room_and_partner_at_another_time_a_calm_page(
    site: Site, visitor: NewVisitor, accessible: Accessible
) -> None:
    soon = room_of(site, "ciltuk", "isla", "runa", minutes=600)
    page = visitor(width=390)
    sign_in(page, site, "ciltuk", "runa", PASSWORD)
    page.goto(site.url("ciltuk", soon))
    expect(page.get_by_role("heading", level=1)).to_have_text("The room is not open yet")
    accessible(page)
    others = room_of(site, "ciltuk", "isla", "soren")
    answer = page.goto(site.url("ciltuk", others))
    assert answer is not None
    assert answer.status == 404
