"""Mails about messages: gathered, without a word of what was written, with one button."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from core.accounts.models import Person
from core.accounts.services import block
from core.kernel import clock
from core.kernel.ids import new_id
from core.kernel.links import absolute
from core.kernel.models import OutboxMail
from core.messaging import queries, services, tasks

pytestmark = pytest.mark.django_db
AT = datetime(2026, 5, 1, 10, 0, tzinfo=UTC)


def write(by: Person, to: Person, minutes: float = 0, text: str = "A private word") -> None:
    with clock.frozen(AT + timedelta(minutes=minutes)):
        services.send(to=to, text=text, key=new_id(), by=by)


def sweep(minutes: float) -> list[OutboxMail]:
    """The mails that the clock writes at a minute."""
    before = set(OutboxMail.objects.values_list("pk", flat=True))
    with clock.frozen(AT + timedelta(minutes=minutes)):
        tasks.announce_waiting()
    return list(OutboxMail.objects.exclude(pk__in=before))


@pytest.mark.usefixtures("asked")
def test_reader_gets_one_mail_for_messages_of_a_few_minutes(mentor: Person, mentee: Person) -> None:
    for minutes in (0, 1, 2):
        write(mentee, mentor, minutes)
    assert sweep(2.9) == []
    (mail,) = sweep(3)
    assert mail.to_address == mentor.email
    assert mail.kind == "messages"
    assert mail.subject == "Bo Finch has sent you 3 messages"
    assert sweep(60) == []


@pytest.mark.usefixtures("asked")
def test_mail_says_that_somebody_wrote_and_not_what(mentor: Person, mentee: Person) -> None:
    write(mentee, mentor, text="My number is 0700 123456")
    (mail,) = sweep(3)
    whole = mail.subject + mail.text + mail.html
    for private in ("0700 123456", mentee.email, mentee.phone, mentee.organisation):
        assert private not in whole
    page = absolute(f"/messages/{mentee.pk}/")
    assert re.findall(r"https?://\S+", mail.text) == [page]
    assert f'href="{page}"' in mail.html


@pytest.mark.usefixtures("asked")
def test_who_is_reading_gets_no_mail(mentor: Person, mentee: Person) -> None:
    write(mentee, mentor)
    services.mark_read(partner=mentee, number=1, by=mentor)
    assert sweep(10) == []
    write(mentee, mentor, 11)
    assert len(sweep(14)) == 1


@pytest.mark.usefixtures("asked")
def test_who_answers_gets_no_mail_about_what_was_answered(mentor: Person, mentee: Person) -> None:
    write(mentee, mentor)
    write(mentor, mentee, 1)
    (mail,) = sweep(10)
    assert mail.to_address == mentee.email


@pytest.mark.usefixtures("asked")
def test_later_messages_bring_another_mail(mentor: Person, mentee: Person) -> None:
    write(mentee, mentor)
    assert len(sweep(3)) == 1
    write(mentee, mentor, 30)
    (mail,) = sweep(33)
    assert mail.subject == "Bo Finch has sent you 2 messages"


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("what", ["blocked", "closed"])
def test_nobody_is_told_of_messages_they_cannot_answer(
    what: str, mentor: Person, mentee: Person
) -> None:
    write(mentee, mentor)
    if what == "blocked":
        block(mentee, by=mentor)
    else:
        Person.objects.filter(pk=mentor.pk).update(is_active=False)
    assert [mail.kind for mail in sweep(3) if mail.kind == "messages"] == []


def test_mentor_is_told_of_a_question(mentor: Person, mentee: Person) -> None:
    with clock.frozen(AT):
        services.ask(to=mentor, text="A private word", key=new_id(), by=mentee)
    (mail,) = sweep(3)
    assert mail.subject == "Bo Finch has asked you a question"
    assert "before they decide whether to send you a request" in mail.text
    assert "A private word" not in mail.text + mail.html


@pytest.mark.usefixtures("asked")
def test_name_that_would_break_a_header_breaks_none(mentor: Person, mentee: Person) -> None:
    Person.objects.filter(pk=mentee.pk).update(first_name="Bo\r\nBcc: x@evil.example")
    write(Person.objects.get(pk=mentee.pk), mentor)
    (mail,) = sweep(3)
    assert "\n" not in mail.subject


@pytest.mark.usefixtures("asked")
def test_who_wants_no_such_mails_gets_none_and_finds_the_messages(
    mentor: Person, mentee: Person
) -> None:
    Person.objects.filter(pk=mentor.pk).update(muted_mails=["messages"])
    write(mentee, mentor)
    assert sweep(3) == []
    assert queries.unread_total(mentor) == 1
