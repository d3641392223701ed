"""Mails along the way: to whom, in whose words, with one button, and with nothing they must not
tell."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from core.accounts.models import Person
from core.kernel import clock
from core.kernel.links import absolute
from core.kernel.models import OutboxMail
from core.mentorships import services
from core.mentorships.models import Mentorship
from core.mentorships.states import State
from core.profiles.services import welcome_back
from tenants.models import Institute
from tests.core.mentorships.test_services import send, set_policy
from tests.factories.mentorships import (
    STATEMENT,
    an_area,
    make_mentee,
    make_mentor,
    make_mentorship,
)

pytestmark = pytest.mark.django_db

Inside = Callable[[Institute], AbstractContextManager[Institute]]


def the_mail(kind: str) -> OutboxMail:
    return OutboxMail.objects.get(kind=kind)


def private(person: Person) -> list[str]:
    return [person.email, person.phone, person.job_title, person.organisation]


def told(mail: OutboxMail, details: list[str]) -> list[str]:
    """The details that stand in the mail's words (the envelope has the addressee's own)."""
    return [one for one in details if one in mail.subject + mail.text + mail.html]


def one_button(mail: OutboxMail, path: str) -> bool:
    """Whether the only link of the mail's text is this page, and the HTML part has it too."""
    address = absolute(path)
    return re.findall(r"https?://\S+", mail.text) == [address] and f'href="{address}"' in mail.html


def every_kind() -> dict[str, OutboxMail]:
    """Walk all ways; one mail of each kind."""
    make_mentor("Robin Larch")
    services.accept(send(mentor=make_mentor(), by=make_mentee()), by=_mentor())
    services.decline(
        send(mentor=make_mentor(), by=make_mentee()), reason="away", note="Good luck!", by=_mentor()
    )
    last = send(mentor=make_mentor(), by=make_mentee())
    services.withdraw(last, by=last.mentee)
    _whole_lives()
    return {mail.kind: mail for mail in OutboxMail.objects.all()}


def _whole_lives() -> None:
    """What comes after the first answer, and what comes when there is none."""
    set_policy(negotiation="ask_for_changes", who_completes="each", full_mentors="shown")
    row = send(mentor=make_mentor(capacity=1), by=make_mentee())
    words = {"area": row.area, "statement": f"{STATEMENT} And more."}
    services.edit(row, **words, by=row.mentee)
    services.ask_changes(row, note="Say a little more.", by=row.mentor)
    services.revise(row, **words, by=row.mentee)
    services.accept(row, by=row.mentor)
    waiting = make_mentee()
    services.join_waiting_list(row.mentor, by=waiting)
    services.end(row, by=row.mentee)
    services.reopen(row, by=row.mentee)
    services.decline(row, by=row.mentor)
    services.reopen(row, by=row.mentor)
    services.accept(row, by=row.mentor)
    services.mark_done(row, by=row.mentor)
    services.mark_done(row, by=row.mentee)
    at = clock.now()
    send(mentor=make_mentor(), by=make_mentee())
    for days in (3, 21):
        with clock.frozen(at + timedelta(days=days, hours=1)):
            services.climb()
    mentor = make_mentor()
    services.make_unavailable(mentor, back_on=at.date() + timedelta(days=3), by=mentor)
    with clock.frozen(at + timedelta(days=4)):
        welcome_back()


def _mentor() -> Person:
    return Mentorship.objects.select_related("mentor").latest("sent_at").mentor


KINDS = {
    "request_edited", "changes_asked", "request_revised", "place_free", "relationship_ended",
    "request_reopened", "decline_reopened", "completion_asked", "relationship_completed",
    "request_reminder", "request_lapsed", "request_expired", "available_again",
    "request_received", "request_accepted", "relationship_begun", "request_declined",
    "request_withdrawn",
}  # fmt: skip


def test_mentor_reads_who_asks_in_their_own_words_and_no_contact_details() -> None:
    mentor, mentee = make_mentor(), make_mentee("Tamsin Vale")
    asked = send(mentor=mentor, by=mentee)
    mail = the_mail("request_received")
    assert (mail.to_address, mail.about_id) == (mentor.email, str(asked.pk))
    assert "Tamsin Vale" in mail.subject
    assert all(f"> {line}".rstrip() in mail.text for line in STATEMENT.splitlines())
    if asked.area_label:
        assert asked.area_label in mail.text
    assert not told(mail, private(mentee))
    assert one_button(mail, asked.get_absolute_url())


def test_both_read_each_others_contact_details_once_it_is_accepted() -> None:
    asked = make_mentorship()
    services.accept(asked, by=asked.mentor)
    to_mentee, to_mentor = the_mail("request_accepted"), the_mail("relationship_begun")
    assert (to_mentee.to_address, to_mentor.to_address) == (
        asked.mentee.email, asked.mentor.email,
    )  # fmt: skip
    assert told(to_mentee, private(asked.mentor)) == private(asked.mentor)
    assert told(to_mentor, private(asked.mentee)) == private(asked.mentee)
    assert "first conversation" in to_mentee.text
    for mail in (to_mentee, to_mentor):
        assert one_button(mail, asked.get_absolute_url())


def test_partner_who_gave_no_phone_has_no_empty_line() -> None:
    asked = make_mentorship(mentor=make_mentor(phone="", job_title=""))
    services.accept(asked, by=asked.mentor)
    text = the_mail("request_accepted").text
    assert "Phone" not in text
    assert "Job title" not in text


def test_mentee_reads_kind_words_and_who_fits_next() -> None:
    fitting = make_mentor("Robin Larch")
    asked = make_mentorship()
    services.decline(asked, reason="away", note="Do write again.\n\nAll the best", by=asked.mentor)
    mail = the_mail("request_declined")
    assert mail.to_address == asked.mentee.email
    assert "> Do write again.\n>\n> All the best" in mail.text
    assert "away for a while" in mail.text
    assert "Robin Larch" in mail.text
    assert not told(mail, [*private(asked.mentor), *private(fitting)])
    assert one_button(mail, asked.get_absolute_url())


def test_mentee_declined_without_a_word_gets_a_whole_mail() -> None:
    asked = make_mentorship()
    services.decline(asked, by=asked.mentor)
    mail = the_mail("request_declined")
    assert "They wrote" not in mail.text
    assert "reason" not in mail.text
    assert "\n\n\n" not in mail.text


def test_mail_is_taken_back_with_the_change() -> None:
    asked = make_mentorship()
    with transaction.atomic():
        services.accept(asked, by=asked.mentor)
        transaction.set_rollback(True)
    assert not OutboxMail.objects.exists()
    asked.refresh_from_db()
    assert asked.state == State.PROPOSED


def test_mail_that_cannot_be_written_takes_the_change_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(**kwargs: Any) -> None:
        raise OSError("no paper")

    monkeypatch.setattr("core.notifications.receivers.write_mail", broken)
    asked = make_mentorship()
    with pytest.raises(OSError, match="no paper"), transaction.atomic():
        services.accept(asked, by=asked.mentor)
    asked.refresh_from_db()
    assert asked.state == State.PROPOSED
    assert asked.steps.count() == 1


def test_names_cannot_write_headers_or_lines_of_their_own() -> None:
    evil = "Eve\r\nBcc: all@people.example\n\nPay here"
    mentee = make_mentee(first_name=evil)
    send(mentor=make_mentor(first_name=evil), by=mentee)
    mail = the_mail("request_received")
    for header in (mail.subject, mail.to_name, mail.from_name):
        assert "\n" not in header
        assert "\r" not in header
    lines = [line.strip() for line in mail.text.splitlines()]
    assert not [line for line in lines if line.startswith(("Bcc:", "Pay here"))]


def test_what_a_member_writes_stays_a_quotation_in_both_parts() -> None:
    evil = "Hello <b>you</b>\n\nThe programme asks you to pay.\r\n- Name: nobody\n<script>x"
    services.send(
        mentor=make_mentor(), area=an_area(), statement=evil + " please" * 5, by=make_mentee()
    )
    mail = the_mail("request_received")
    assert "> The programme asks you to pay." in mail.text
    assert "> - Name: nobody" in mail.text
    assert "<script>x" not in mail.html
    assert "<b>you" not in mail.html
    assert "&lt;b&gt;you" in mail.html


def test_text_part_is_plain_and_has_no_entities() -> None:
    send(mentor=make_mentor("O'Hara & Sons"), by=make_mentee("Zoë O'Neill"))
    mail = the_mail("request_received")
    assert "Zoë O'Neill" in mail.subject
    assert "O'Hara & Sons" in mail.text
    assert "&#" not in mail.text


def test_every_kind_of_mail_is_whole_and_has_a_button() -> None:
    mails = every_kind()
    assert set(mails) == KINDS
    for mail in mails.values():
        assert mail.subject
        assert len(re.findall(r"https?://\S+", mail.text)) == 1
        assert "{{" not in mail.text + mail.html
        assert "{%" not in mail.text + mail.html


@pytest.mark.parametrize(
    ("slug", "own", "foreign"),
    [("ciltuk", "request", "proposal"), ("guided", "proposal", "request")],
)
def test_mails_use_the_institutes_word_and_no_other(
    request: pytest.FixtureRequest, inside: Inside, slug: str, own: str, foreign: str
) -> None:
    with inside(request.getfixturevalue(slug)):
        words = " ".join(f"{mail.subject} {mail.text}".lower() for mail in every_kind().values())
    assert own in words
    assert foreign not in words
