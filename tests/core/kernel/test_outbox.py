"""Mails: written with the change, sent after it, once."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from email.message import Message
from typing import Any
from uuid import UUID

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler

from core.kernel import clock, outbox
from core.kernel.models import MailState, OutboxMail
from tests.servers import free_port

pytestmark = pytest.mark.django_db


class Inbox(MessageHandler):
    """Keeps what a real SMTP server received; refuses while `refusing` is set."""

    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Message] = []
        self.refusing = False

    def handle_message(self, message: Message) -> None:
        self.mails.append(message)

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.refusing:
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"


@pytest.fixture
def inbox(settings: Any) -> Iterator[Inbox]:
    handler, port = Inbox(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    settings.EMAIL_BACKEND = "config.mail.Smtp"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_PORT = port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    yield handler
    controller.stop()


def a_mail(**changes: Any) -> OutboxMail:
    fields: dict[str, Any] = {
        "kind": "test",
        "to": ("Ada Byron", "ada@mail.example"),
        "sender": ("The programme", "programme@institute.example"),
        "subject": "Hello",
        "text": "Text",
        "html": "<p>Text</p>",
    }
    return outbox.queue(**(fields | changes))


def test_mail_goes_out_once_however_often_it_is_asked_for(inbox: Inbox) -> None:
    mail = a_mail()
    assert outbox.deliver(mail.id) is True
    assert outbox.deliver(mail.id) is False
    [received] = inbox.mails
    assert received["Message-ID"] == mail.message_id
    assert received["From"] == "The programme <programme@institute.example>"
    mail.refresh_from_db()
    assert mail.state == MailState.SENT
    assert mail.sent_at is not None


def test_header_injection_stays_inside_its_header(inbox: Inbox) -> None:
    mail = a_mail(
        subject="Hello\r\nBcc: thief@evil.example",
        to=("Ada\nX-Evil: 1", "ada@mail.example"),
        sender=("The\rprogramme\u2028", "programme@institute.example"),
    )
    assert outbox.deliver(mail.id)
    [received] = inbox.mails
    assert received["Bcc"] is None
    assert received["X-Evil"] is None
    assert received["Subject"] == "Hello Bcc: thief@evil.example"


def test_refused_mail_waits_longer_each_time_and_is_given_up_in_the_end(inbox: Inbox) -> None:
    inbox.refusing = True
    mail = a_mail()
    waits = []
    for _ in range(len(outbox.BACKOFF)):
        with clock.frozen(mail.due_at):
            assert outbox.deliver(mail.id) is False
            mail.refresh_from_db()
            assert mail.state == MailState.QUEUED
            assert "451" in mail.last_error or "Refused" in mail.last_error
            waits.append(mail.due_at - clock.now())
    assert tuple(waits) == outbox.BACKOFF
    with clock.frozen(mail.due_at):
        outbox.deliver(mail.id)
    mail.refresh_from_db()
    assert mail.state == MailState.FAILED
    assert inbox.mails == []


def test_mail_before_its_time_is_not_sent(inbox: Inbox) -> None:
    mail = a_mail()
    OutboxMail.objects.filter(id=mail.id).update(due_at=clock.now() + timedelta(hours=1))
    assert outbox.deliver(mail.id) is False
    assert inbox.mails == []


def test_mail_of_a_dead_sender_is_found_by_the_sweep_and_sent(inbox: Inbox) -> None:
    mail = a_mail()
    died_at = clock.now()
    OutboxMail.objects.filter(id=mail.id).update(
        state=MailState.SENDING, due_at=died_at + outbox.LEASE, attempts=1
    )
    assert outbox.left_over() == []
    with clock.frozen(died_at + outbox.LEASE + timedelta(minutes=1)):
        assert outbox.left_over() == [mail.id]
        assert outbox.deliver(mail.id) is True
    assert len(inbox.mails) == 1


def test_clock_that_was_ahead_delays_a_mail_and_neither_loses_nor_doubles_it(inbox: Inbox) -> None:
    ahead = clock.now() + timedelta(hours=2)
    with clock.frozen(ahead):
        mail = a_mail()
    assert outbox.deliver(mail.id) is False
    assert outbox.left_over() == []
    with clock.frozen(ahead + timedelta(minutes=1)):
        assert outbox.left_over() == [mail.id]
        assert outbox.deliver(mail.id) is True
    for at in (clock.now(), ahead + timedelta(days=30)):
        with clock.frozen(at):
            assert outbox.deliver(mail.id) is False
            assert outbox.left_over() == []
    assert len(inbox.mails) == 1


def test_sweep_leaves_a_fresh_mail_to_its_bell() -> None:
    mail = a_mail()
    assert outbox.left_over() == []
    with clock.frozen(clock.now() + timedelta(minutes=1)):
        assert outbox.left_over() == [mail.id]


def test_unknown_mail_is_not_sent() -> None:
    assert outbox.deliver(UUID(int=1)) is False


def test_mail_server_that_hangs_is_left_alone_for_a_while(
    inbox: Inbox, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "SLOW", 0.0)
    monkeypatch.setattr(outbox, "_rests_until", 0.0)
    inbox.refusing = True
    first, second = a_mail(), a_mail()
    assert outbox.deliver(first.id) is False
    inbox.refusing = False
    assert outbox.deliver(second.id) is False
    second.refresh_from_db()
    assert (second.state, second.attempts) == (MailState.QUEUED, 0)
    monkeypatch.setattr(outbox, "_rests_until", 0.0)
    assert outbox.deliver(second.id) is True


def test_mail_server_that_sends_a_byte_now_and_then_is_cut_off(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.mail.LONGEST", 0.3)
    done = threading.Event()

    class Drips(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            with suppress(OSError):
                while not done.wait(0.05):
                    self.request.sendall(b"2")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Drips) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        settings.EMAIL_BACKEND = "config.mail.Smtp"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.socket.getsockname()
        settings.EMAIL_TIMEOUT = 20
        mail = a_mail()
        try:
            assert outbox.deliver(mail.id) is False
        finally:
            done.set()
            server.shutdown()
    mail.refresh_from_db()
    assert mail.state == MailState.QUEUED
