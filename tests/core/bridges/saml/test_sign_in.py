"""Members sign in with SimpleSAMLphp (product A6)."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from core.accounts.models import Person
from core.bridges.models import Provider
from core.bridges.rules import State
from core.bridges.services.saml import answers, asking, metadata, ours
from core.bridges.services.saml.documents import POST
from core.kernel import clock
from core.kernel.rights import StaffRole
from core.membership.models import Member
from tenants.models import Institute
from tests.core.bridges.saml.browsing import MAPPING, Browser, document, path_of, with_document
from tests.core.bridges.saml.conftest import MakeProvider, MemberClient
from tests.factories.people import someone
from tests.providers.simplesaml import Form, SimpleSaml, Visitor

pytestmark = [pytest.mark.providers, pytest.mark.django_db]

ADDRESS = "mira.holt@society.example"
MIRA: dict[str, str | list[str]] = {
    "mail": ADDRESS,
    "givenName": "Mira",
    "sn": "Holt",
    "memberNumber": "M-1042",
    "memberStatus": "current",
}
DOES_NOT_COUNT = "does not count, or no longer does"


def test_a_member_signs_in_for_the_first_time_and_has_an_account(browser: Browser) -> None:
    answer = browser.sign_in(next="/help/")
    assert (answer.status_code, answer["Location"]) == (302, "/help/")
    assert browser.is_signed_in
    person = Person.objects.get(email=ADDRESS)
    assert (person.first_name, person.last_name) == ("Mira", "Holt")
    assert Member.objects.get(person=person).number == "M-1042"


def test_a_member_comes_back_with_a_new_address_to_the_same_account(
    browser: Browser, idp: SimpleSaml
) -> None:
    browser.sign_in()
    person = Person.objects.get(email=ADDRESS)
    browser.here.session.flush()
    browser.there = Visitor()
    idp.people(mira={**MIRA, "mail": "m.holt@society.example"})
    form = browser.fetch()
    form["RelayState"] = "https://elsewhere.example/"
    answer = browser.bring(form)
    assert answer["Location"].startswith("/")
    assert browser.here.session["_auth_user_id"] == str(person.pk)


def test_a_closed_account_stays_closed(browser: Browser) -> None:
    person = someone(email=ADDRESS, is_active=False)
    answer = browser.sign_in()
    assert "Your account here is closed." in answer.content.decode()
    assert not browser.is_signed_in
    person.refresh_from_db()
    assert not person.is_active


def test_a_lapsed_member_without_an_account_is_told_so(browser: Browser, idp: SimpleSaml) -> None:
    idp.people(mira={**MIRA, "memberStatus": "lapsed"})
    answer = browser.sign_in()
    assert "Your membership has ended" in answer.content.decode()
    assert not browser.is_signed_in
    assert not Person.objects.filter(email=ADDRESS).exists()


def test_an_answer_counts_once_and_in_the_browser_that_asked(
    browser: Browser, ciltuk: Institute, member_client: MemberClient
) -> None:
    form = browser.fetch()
    thief = Browser(member_client(ciltuk), browser.provider)
    assert DOES_NOT_COUNT in thief.bring(form).content.decode()
    assert not thief.is_signed_in
    assert not browser.is_signed_in
    again = browser.fetch()
    assert browser.bring(again).status_code == 302
    assert DOES_NOT_COUNT in browser.bring(again).content.decode()
    party = metadata.read(browser.provider.metadata.encode())
    number = answers.number_of(again["SAMLResponse"])
    assert not asking.is_open(number, browser.provider)
    with pytest.raises(answers.AnswerRefused, match="used before"):
        answers.read(again["SAMLResponse"], browser.provider, party, number)


def test_an_answer_that_nobody_asked_for_is_refused(browser: Browser, idp: SimpleSaml) -> None:
    url = f"{idp.base}/saml2/idp/SSOService.php?spentityid={ours.entity(browser.provider)}"
    answer = browser.bring(browser.there.sign_in(url, "mira"))
    assert DOES_NOT_COUNT in answer.content.decode()
    assert not browser.is_signed_in


def test_an_answer_of_ten_minutes_ago_is_refused(browser: Browser) -> None:
    form = browser.fetch()
    with clock.frozen(clock.now() + timedelta(minutes=10)):
        assert DOES_NOT_COUNT in browser.bring(form).content.decode()
    assert not browser.is_signed_in


def test_a_provider_that_signed_nobody_in_is_told_apart(browser: Browser) -> None:
    form = browser.fetch()
    source = document(form).replace(b"status:Success", b"status:Responder")
    answer = browser.bring(with_document(form, source))
    assert "The Society did not sign you in. Try again." in answer.content.decode()
    assert not browser.is_signed_in


def test_a_name_that_changes_each_time_is_refused_in_plain_words(
    browser: Browser, idp: SimpleSaml
) -> None:
    idp.options(NameIDFormat=metadata.TRANSIENT, authproc=[])
    answer = browser.sign_in()
    assert "(a transient NameID)" in answer.content.decode()
    assert not browser.is_signed_in


def test_an_attribute_can_say_who_somebody_is_where_the_name_changes(
    browser: Browser, idp: SimpleSaml
) -> None:
    idp.options(NameIDFormat=metadata.TRANSIENT, authproc=[])
    provider = browser.provider
    before = provider.tie
    provider.mapping = {**MAPPING, "subject": "memberNumber"}
    provider.save()
    assert provider.tie != before
    browser.sign_in()
    person = browser.here.session["_auth_user_id"]
    browser.here.session.flush()
    browser.there = Visitor()
    idp.people(mira={**MIRA, "mail": "m.holt@society.example"})
    browser.sign_in()
    assert browser.here.session["_auth_user_id"] == person
    base = idp.base
    out = browser.there.follow(
        f"{base}/saml2/idp/initSLO.php?RelayState={base}/", ours.sign_out_address(provider)
    )
    Browser(Client(headers={"host": browser.here.defaults["HTTP_HOST"]}), provider).here.get(
        path_of(out)
    )
    assert browser.here.get(reverse("accounts:edit")).status_code == 302
    browser.there = Visitor()
    idp.people(mira={"mail": ADDRESS})
    assert "did not send “memberNumber”" in browser.sign_in().content.decode()


def test_a_new_key_of_the_provider_counts_once_its_metadata_are_known(
    browser: Browser, idp: SimpleSaml
) -> None:
    idp.new_key()
    assert DOES_NOT_COUNT in browser.sign_in().content.decode()
    assert not browser.is_signed_in
    browser.provider.metadata = idp.metadata().decode()
    browser.provider.save()
    assert browser.sign_in().status_code == 302
    assert browser.is_signed_in


def test_a_fresh_sign_in_is_asked_for_and_an_old_one_is_no_substitute(browser: Browser) -> None:
    browser.sign_in()
    asked = browser.ask(afresh="1")
    assert "username" in browser.there.web.get(asked, timeout=30).text
    assert browser.bring(browser.there.sign_in(asked, "mira")).status_code == 302
    with clock.frozen(clock.now() + timedelta(minutes=5)):
        asked = browser.ask(afresh="1")
    answer = browser.bring(browser.there.sign_in(asked, "mira"))
    assert "did not ask you again who you are" in answer.content.decode()


def test_an_answer_for_one_institute_opens_nothing_at_another(
    browser: Browser,
    guided: Institute,
    inside: Callable[[Institute], AbstractContextManager[Institute]],
    make_provider: MakeProvider,
    member_client: MemberClient,
) -> None:
    with inside(guided):
        theirs = make_provider()
    elsewhere = Browser(member_client(guided), theirs)
    elsewhere.ask()
    assert DOES_NOT_COUNT in elsewhere.bring(browser.fetch()).content.decode()
    assert not elsewhere.is_signed_in
    with inside(guided):  # the same question at both: what is left is for whom the answer is
        form = browser.fetch()
        number = answers.number_of(form["SAMLResponse"])
        party = metadata.read(theirs.metadata.encode())
        with pytest.raises(answers.AnswerRefused):
            answers.read(form["SAMLResponse"], theirs, party, number)


def test_staff_try_a_provider_before_anybody_else_can_use_it(
    browser: Browser, ciltuk: Institute, member_client: MemberClient
) -> None:
    Provider.objects.update(state=State.TEST)
    assert browser.here.get(reverse("bridges:start", args=["society"])).status_code == 404
    head = someone(is_staff=True, staff_role=StaffRole.MANAGER)
    trial = Browser(member_client(ciltuk, head), browser.provider)
    page = trial.sign_in(**{"try": "1"}).content.decode()
    for expected in ("M-1042", "memberNumber", ADDRESS, "A new account would be made."):
        assert expected in page
    assert not Person.objects.filter(email=ADDRESS).exists()
    assert trial.here.session["_auth_user_id"] == str(head.pk)
    form = trial.fetch(**{"try": "1"})
    broken = with_document(form, document(form).replace(b"M-1042", b"M-0001"))
    assert "The reason:" in trial.bring(broken).content.decode()


def test_a_provider_that_is_off_has_no_doors(browser: Browser) -> None:
    form = browser.fetch()
    Provider.objects.update(state=State.OFF)
    assert browser.bring(form).status_code == 422
    assert browser.here.get(reverse("bridges:start", args=["society"])).status_code == 404
    assert browser.here.get(reverse("bridges:saml_sign_out", args=["society"])).status_code == 404
    page = browser.here.get(reverse("bridges:saml_metadata", args=["society"]))
    assert ours.answer_address(browser.provider) in page.content.decode()


def test_garbage_at_the_door_is_refused_without_noise(provider: Provider, client: Client) -> None:
    host = ours.entity(provider).split("/")[2].split(":")[0]
    for field in ("", "%%%", "PHg+", "A" * 2_000_000):
        answer = client.post(
            reverse("bridges:saml_answer", args=["society"]),
            {"SAMLResponse": field},
            headers={"host": host},
        )
        assert answer.status_code == 422


def test_a_provider_that_takes_forms_alone_gets_a_signed_one_and_no_script_stands_in_the_page(
    browser: Browser, idp: SimpleSaml
) -> None:
    idp.options(SingleSignOnServiceBinding=[POST], validate__authnrequest=True)
    Provider.objects.update(metadata=idp.metadata().decode())
    page = browser.here.get(reverse("bridges:start", args=["society"]), {"next": "/help/"})
    text = page.content.decode()
    form = Form(text, f"https://{browser.here.defaults['HTTP_HOST']}/")
    assert form.action == f"{idp.base}/saml2/idp/SSOService.php"
    assert list(form) == ["SAMLRequest"]  # nothing of ours goes along
    assert f"form-action {idp.base} https:;" in page["Content-Security-Policy"]
    assert "script-src 'self';" in page["Content-Security-Policy"]
    assert "bridges/onward" in text
    assert "Go on to The Society" in text
    changed = Form(text, "https://a.example/")
    asked = b64decode(form["SAMLRequest"]).replace(b"HTTP-POST", b"HTTP-Artifact")
    changed["SAMLRequest"] = b64encode(asked).decode()
    refused = browser.there.web.post(changed.action, data=changed, timeout=30)
    assert "username" not in refused.text, refused.text
    answer = browser.bring(browser.there.bring(form, "mira"))
    assert (answer.status_code, answer["Location"]) == (302, "/help/")
    assert browser.is_signed_in
