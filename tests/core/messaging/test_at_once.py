"""Real threads on committed rows: each message has a number of its own, and a form is sent once."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection

from core.accounts.models import Person
from core.kernel.ids import new_id
from core.kernel.models import OutboxMail
from core.messaging import queries, services
from core.messaging.models import Conversation, Message, Report, ReportKind, Side
from tenants.context import tenant_context
from tenants.models import Institute
from tests.factories.mentorships import make_mentee, make_mentor, make_mentorship

pytestmark = pytest.mark.django_db(transaction=True)


def all_at_once(institute: Institute, deeds: Sequence[Callable[[], object]]) -> list[object]:
    """Each in a thread and a connection of its own, let go together."""
    barrier = threading.Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> object:
        with tenant_context(institute):
            try:
                barrier.wait(timeout=20)
                return deed()
            finally:
                connection.close()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(run, deeds))


def a_pair() -> tuple[Person, Person]:
    mentor, mentee = make_mentor(), make_mentee()
    make_mentorship(mentor=mentor, mentee=mentee)
    return mentor, mentee


def test_both_begin_to_write_at_the_same_moment_it_is_one_conversation(ciltuk: Institute) -> None:
    mentor, mentee = a_pair()
    write = services.send
    all_at_once(
        ciltuk,
        [partial(write, to=mentor, text=str(n), key=new_id(), by=mentee) for n in range(4)]
        + [partial(write, to=mentee, text=str(n), key=new_id(), by=mentor) for n in range(4)],
    )
    assert Conversation.objects.count() == 1
    assert Side.objects.count() == 2
    assert [message.number for message in Message.objects.all()] == list(range(1, 9))
    talk = queries.conversation_between(mentor, mentee)
    assert talk is not None
    assert talk.last_number == 8


def test_one_form_sent_many_times_at_once_is_one_message(ciltuk: Institute) -> None:
    mentor, mentee = a_pair()
    key = new_id()
    sent = all_at_once(
        ciltuk, [partial(services.send, to=mentor, text="x", key=key, by=mentee) for _ in range(6)]
    )
    assert len(set(sent)) == 1
    assert Message.objects.count() == 1


def test_reading_and_writing_at_once_lose_no_message(ciltuk: Institute) -> None:
    mentor, mentee = a_pair()
    services.send(to=mentor, text="first", key=new_id(), by=mentee)
    all_at_once(
        ciltuk,
        [partial(services.send, to=mentor, text="x", key=new_id(), by=mentee) for _ in range(4)]
        + [partial(services.mark_read, partner=mentee, number=1, by=mentor) for _ in range(3)],
    )
    assert queries.unread_by_partner(mentor) == {mentee.pk: 4}
    assert Side.objects.get(person=mentor).mail_due_at is not None


def test_two_sweeps_at_once_write_one_mail(ciltuk: Institute) -> None:
    mentor, mentee = a_pair()
    services.send(to=mentor, text="x", key=new_id(), by=mentee)
    Side.objects.filter(person=mentor).update(mail_due_at="2020-01-01T00:00Z")
    all_at_once(ciltuk, [services.announce_waiting] * 4)
    assert OutboxMail.objects.filter(kind="messages").count() == 1


def test_report_sent_many_times_at_once_is_made_once(ciltuk: Institute) -> None:
    mentor, mentee = a_pair()
    key = new_id()
    made = partial(
        services.report, about=mentor, kind=ReportKind.PERSON, text="x", key=key, by=mentee
    )
    all_at_once(ciltuk, [made] * 4)
    assert Report.objects.count() == 1
    assert OutboxMail.objects.filter(kind="report_received").count() == 1
