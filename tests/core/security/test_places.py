"""Where a member is signed in, the way out of other places, and the mail about a new browser."""

import pytest
from django.urls import reverse

from core.security.models import KnownBrowser
from core.security.rules import browser_in_words, digest_of_browser
from tests.factories.people import browser, mails_to, sign_in, someone

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"
NEWER = FIREFOX.replace("140", "141")
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)
PLACES = "/account/places/"


def test_browsers_are_named_in_words_and_updates_are_no_new_browsers() -> None:
    assert browser_in_words(FIREFOX) == "Firefox on Windows"
    assert browser_in_words(PHONE) == "Safari on iPhone"
    assert browser_in_words("") == "A browser"
    assert digest_of_browser(FIREFOX) == digest_of_browser(NEWER)
    assert digest_of_browser(FIREFOX) != digest_of_browser(PHONE)


def test_member_sees_both_browsers_and_signs_the_other_out() -> None:
    person = someone("mentee")
    here, there = browser(HTTP_USER_AGENT=FIREFOX), browser(HTTP_USER_AGENT=PHONE)
    for one in (here, there):
        sign_in(one, person.username)
    page = here.get(PLACES).content.decode()
    assert "Firefox on Windows" in page
    assert "Safari on iPhone" in page
    assert page.count("Here, now") == 1
    here.post(PLACES, {})
    assert "Safari on iPhone" not in here.get(PLACES).content.decode()
    assert there.get(PLACES).status_code == 302  # to sign in
    assert here.get(PLACES).status_code == 200


def test_member_cannot_sign_out_somebody_else() -> None:
    mine, theirs = browser(HTTP_USER_AGENT=FIREFOX), browser(HTTP_USER_AGENT=PHONE)
    sign_in(mine, someone("mentee").username)
    sign_in(theirs, someone("mentee").username)
    row = theirs.get(PLACES)
    assert row.status_code == 200
    for number in range(60):
        mine.post(PLACES, {"place": str(number)})
    assert theirs.get(PLACES).status_code == 200


def test_new_browser_is_told_by_mail_and_the_first_and_known_ones_are_not() -> None:
    person = someone("mentee")
    for agent, mails in ((FIREFOX, 0), (NEWER, 0), (PHONE, 1), (PHONE, 1)):
        sign_in(browser(HTTP_USER_AGENT=agent), person.username)
        assert len(mails_to(person.email)) == mails
    mail = mails_to(person.email)[0]
    assert "Safari on iPhone" in mail.text
    assert reverse("security:places") in mail.text
    assert KnownBrowser.objects.filter(person=person).count() == 2
