"""The contact form, from a stranger's and from a member's side (product F2)."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from redis.exceptions import RedisError

from core.help import rules
from core.help.models import Enquiry
from core.help.services import asking
from core.kernel import clock
from core.kernel.ids import new_id
from core.kernel.models import AuditEntry, OutboxMail
from core.programme.queries import current
from tenants.context import tenant_context
from tenants.models import Institute
from tests.factories.people import browser, mails_to, someone

MemberClient = Callable[..., Client]
pytestmark = pytest.mark.django_db

PAGE = "/help/contact/"
WORDS = {
    "kind": "question",
    "name": "Ada Lark",
    "email": "ada@lark.example",
    "subject": "Where do I begin?",
    "message": "I am new here.\n\nWhat comes first?",
}


def began(client: Client) -> str:
    """The stamp in the form, as a browser gets it."""
    page = client.get(PAGE)
    return str(page.context["form"].stamp)


def send(client: Client, **given: str) -> Any:
    """Open the form, take a minute, send it."""
    stamp = began(client)
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        return client.post(PAGE, {**WORDS, "key": str(new_id()), "began": stamp, **given})


def test_stranger_writes_and_the_team_gets_it_in_queue_and_mailbox() -> None:
    answer = send(browser())
    assert answer.status_code == 302
    assert answer["Location"] == "/help/contact/sent/"
    made = Enquiry.objects.get()
    assert (made.name, made.email, made.state, made.person) == (
        "Ada Lark", "ada@lark.example", "open", None,
    )  # fmt: skip
    (mail,) = mails_to(current().contact_email)
    assert mail.reply_to == "ada@lark.example"
    assert "> What comes first?" in mail.text
    assert f"/staff/enquiries/{made.pk}/" in mail.text
    assert AuditEntry.objects.filter(verb="message to the team sent").count() == 1


def test_strangers_confirmation_carries_none_of_their_words() -> None:
    spam = {"name": "Buy now", "subject": "Cheap watches", "message": "https://spam.example"}
    send(browser(), **spam)
    (mail,) = mails_to("ada@lark.example")
    whole = mail.subject + mail.text + mail.html + mail.to_name
    assert not [text for text in spam.values() if text in whole]
    assert "there is nothing to do" in mail.text


def test_one_address_gets_few_confirmations_however_often_it_is_given() -> None:
    for number in range(rules.FROM_AN_ADDRESS_A_DAY):
        assert send(browser(), subject=f"Number {number}").status_code == 302
    assert len(mails_to("ada@lark.example")) == rules.CONFIRMED_TO_AN_ADDRESS_A_DAY
    refused = send(browser(), subject="One more")
    assert refused.status_code == 422
    assert current().contact_email in refused.content.decode()
    assert Enquiry.objects.count() == rules.FROM_AN_ADDRESS_A_DAY


def test_our_own_mailbox_is_not_made_to_answer_itself() -> None:
    send(browser(), email=current().contact_email)
    assert [mail.kind for mail in mails_to(current().contact_email)] == ["enquiry_received"]


def test_one_network_sends_a_few_an_hour_members_are_counted_by_themselves(
    ciltuk: Institute, member_client: MemberClient
) -> None:
    stranger = browser()
    for number in range(rules.FROM_A_NETWORK_AN_HOUR):
        given = {"email": f"n{number}@lark.example", "subject": f"Number {number}"}
        assert send(stranger, **given).status_code == 302
    assert send(stranger, email="more@lark.example").status_code == 422
    address = stranger.defaults["REMOTE_ADDR"]
    member = member_client(ciltuk, someone("mentee"), REMOTE_ADDR=address)
    assert send(member).status_code == 302


def test_flood_of_strangers_stays_in_the_queue_and_spares_the_mailbox(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rules, "MAILS_FOR_STRANGERS_AN_HOUR", 1)
    for number in range(3):
        send(browser(), email=f"n{number}@lark.example")
    assert Enquiry.objects.count() == 3
    assert OutboxMail.objects.filter(kind="enquiry_received").count() == 1


def test_people_are_heard_while_the_cache_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    def lost(*_: object, **__: object) -> bool:
        raise RedisError

    monkeypatch.setattr(asking, "allow", lost)
    assert send(browser()).status_code == 302


def test_member_finds_name_and_address_filled_in_and_is_known_to_the_team(
    ciltuk: Institute, member_client: MemberClient
) -> None:
    person = someone("mentee")
    client = member_client(ciltuk, person)
    page = client.get(PAGE, {"subject": "Video", "kind": "problem"}).content.decode()
    assert f'value="{person.full_name}"' in page
    assert f'value="{person.email}"' in page
    assert 'value="Video"' in page
    send(client, name=person.full_name, email=person.email)
    assert Enquiry.objects.get().person == person
    (mail,) = mails_to(person.email)
    assert "Where do I begin?" in mail.text
    assert mail.to_name == person.full_name


def test_member_who_gives_a_foreign_address_makes_us_send_no_words_there(
    ciltuk: Institute, member_client: MemberClient
) -> None:
    send(member_client(ciltuk, someone("mentee")))
    (mail,) = mails_to("ada@lark.example")
    assert "Where do I begin?" not in mail.text + mail.html


@pytest.mark.parametrize("again", [{}, {"key": ""}])
def test_message_sent_twice_is_one_message(again: dict[str, str]) -> None:
    client = browser()
    given = {**WORDS, "key": str(new_id()), "began": began(client)}
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        for more in ({}, again):
            assert client.post(PAGE, {**given, **more}).status_code == 302
    assert Enquiry.objects.count() == 1
    assert OutboxMail.objects.filter(kind="enquiry_received").count() == 1


@pytest.mark.parametrize("field", ["name", "subject"])
@pytest.mark.parametrize("evil", ["a\r\nBcc: x@spam.example", "a\nContent-Type: text/html"])
def test_no_header_can_be_smuggled_into_a_mail(field: str, evil: str) -> None:
    send(browser(), **{field: evil})
    for mail in OutboxMail.objects.all():
        for value in (mail.subject, mail.to_name, mail.from_name, mail.reply_to):
            assert "\n" not in value
            assert "\r" not in value


@pytest.mark.parametrize(
    "address",
    ["", "ada", "ada@lark", "a@lark.example\r\nBcc: x@spam.example", '"a b"@lark.example',
     "a@lark.example, b@lark.example", f"{'a' * 250}@lark.example"],
)  # fmt: skip
def test_address_that_no_answer_can_reach_is_refused_and_every_word_kept(address: str) -> None:
    answer = send(browser(), email=address)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "What comes first?" in page
    assert 'value="Where do I begin?"' in page
    assert "Your e-mail address:" in page
    assert not Enquiry.objects.exists()


@pytest.mark.parametrize(
    ("field", "value"),
    [("name", ""), ("subject", " "), ("message", ""), ("kind", "other"), ("name", "x" * 121),
     ("subject", "x" * 151), ("message", "x" * 6001), ("message", "nil\x00"), ("key", "x")],
)  # fmt: skip
def test_bad_input_is_refused_with_a_sentence(field: str, value: str) -> None:
    answer = send(browser(), **{field: value})
    assert answer.status_code == 422
    assert not Enquiry.objects.exists()


def test_scripts_in_a_message_do_no_harm_anywhere(
    ciltuk: Institute, member_client: MemberClient
) -> None:
    evil = "<script>alert(1)</script> {{ request }} {% now %}"
    send(browser(), message=evil, subject=evil, name=evil)
    staff = member_client(ciltuk, someone(is_staff=True))
    pages = [
        staff.get(f"/staff/enquiries/{Enquiry.objects.get().pk}/").content.decode(),
        *(mail.html for mail in OutboxMail.objects.all()),
    ]
    assert not [page for page in pages if "<script>alert" in page]


def test_robot_that_fills_in_everything_is_asked_again_and_a_person_gets_through() -> None:
    client = browser()
    caught = send(client, website="https://spam.example")
    page = caught.content.decode()
    assert caught.status_code == 422
    assert "https://spam.example" not in page
    assert "What comes first?" in page
    assert send(client).status_code == 302


def test_robot_that_is_too_quick_is_asked_again_and_a_person_gets_through() -> None:
    client = browser()
    with clock.frozen(datetime(2031, 5, 4, 9, 0, tzinfo=UTC)):
        stamp = began(client)
        caught = client.post(PAGE, {**WORDS, "began": stamp})
        assert caught.status_code == 422
        again = caught.context["form"].stamp
        assert again == stamp
    with clock.frozen(datetime(2031, 5, 4, 9, 0, 5, tzinfo=UTC)):
        assert client.post(PAGE, {**WORDS, "began": again}).status_code == 302


@pytest.mark.parametrize("stamp", ["", "1", "1:2:3"])
def test_form_without_a_good_stamp_comes_back_with_one(stamp: str) -> None:
    client = browser()
    caught = client.post(PAGE, {**WORDS, "began": stamp})
    assert caught.status_code == 422
    fresh = caught.context["form"].stamp
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        again = client.post(PAGE, {**WORDS, "began": fresh})
    assert again.status_code == 302, again.context["form"].errors


def test_stamp_of_one_institute_is_no_good_at_another(
    guided: Institute, member_client: MemberClient
) -> None:
    stamp = began(browser())
    with tenant_context(guided), clock.frozen(clock.now() + timedelta(minutes=1)):
        answer = member_client(guided).post(PAGE, {**WORDS, "began": stamp})
    assert answer.status_code == 422


def test_hidden_box_is_hidden_from_screen_readers_and_from_the_keyboard() -> None:
    page = browser().get(PAGE).content.decode()
    assert '<div hidden><label for="website">' in page
    assert 'tabindex="-1"' in page


def test_thanks_name_nobody_and_say_what_comes() -> None:
    page = browser().get("/help/contact/sent/").content.decode()
    assert "within 30 days" in page
    assert current().contact_email in page


@pytest.mark.parametrize(
    ("address", "part"),
    [("198.51.100.7", "198.51.100.7/32"), ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
     ("::ffff:198.51.100.7", "198.51.100.7/32"), ("", ""), ("nonsense", "")],
)  # fmt: skip
def test_network_is_what_one_household_has(address: str, part: str) -> None:
    assert rules.network(address) == part
