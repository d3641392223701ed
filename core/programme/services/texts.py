"""The institute's own texts of mails: published, taken back, looked at, sent to oneself."""

from dataclasses import dataclass

from django.db import transaction

from core.kernel import audit, letters, outbox
from core.kernel.audit import Actor
from core.kernel.errors import RuleBroken
from core.kernel.letters import Case, Mail, Text
from core.kernel.limits import allow
from core.kernel.models import OutboxMail
from core.kernel.ports import current_site
from core.programme.models import Edition
from core.programme.queries import (
    current,
    default_text,
    edition,
    placeholders,
)
from core.programme.rules import PLACEHOLDERS
from core.programme.services.editions import publish, retire
from core.programme.services.mails import Addressee, framed

TESTS_AN_HOUR = 20


@dataclass(frozen=True)
class Look:
    """A mail as its reader gets it, with made-up values."""

    subject: str
    text: str
    html: str


@transaction.atomic
def put_text(mail: Mail, case: Case, text: Text, *, by: Actor) -> Edition | None:
    """Send a mail in these words from now on; None when they are the product's own.

    Errors: RuleBroken with the first flaw, for a text that cannot be used and for a mail that
    nobody rewrites.
    """
    text = text.clean()
    if mail.fixed:
        raise RuleBroken("The words of this mail are fixed.")
    if wrong := letters.flaws(mail, case, text, PLACEHOLDERS):
        raise RuleBroken(str(wrong[0]))
    key = mail.key_of(case)
    if text == default_text(mail.name, case.key).clean():
        take_text_back(mail, case, by=by)
        return None
    return publish(letters.KIND, key, text.document, by=by)


@transaction.atomic
def take_text_back(mail: Mail, case: Case, *, by: Actor) -> bool:
    """Send a mail in the product's words again; tells whether it was not so before."""
    row = edition(letters.KIND, mail.key_of(case))
    if row is None:
        return False
    retire(letters.KIND, row.key)
    audit.record("mail.taken_back", thing=row, by=by, key=row.key, number=row.number)
    return True


def look(mail: Mail, text: Text, reader: str) -> Look:
    """How a text would arrive, with the catalogue's examples. Errors: KeyError for a text with
    flaws."""
    values = {**placeholders(), **{one.name: one.example for one in mail.blanks}}
    parts = letters.filled(text, values)
    parts["button_url"] = f"{current_site().base_url}/"
    plain, html = framed({"programme": current(), "addressee_name": reader}, parts)
    return Look(parts["subject"], plain, html)


@transaction.atomic
def send_test(mail: Mail, case: Case, text: Text, *, to: Addressee, by: Actor) -> OutboxMail:
    """Send a text to whoever writes it, with made-up values. Errors: RuleBroken."""
    text = text.clean()
    if wrong := letters.flaws(mail, case, text, PLACEHOLDERS):
        raise RuleBroken(str(wrong[0]))
    if not allow(f"mail test:{by.pk}", limit=TESTS_AN_HOUR, seconds=3600):
        raise RuleBroken("That were many test mails. Wait an hour.")
    programme, seen = current(), look(mail, text, outbox.one_line(to.full_name))
    audit.record("mail.tested", thing=programme, by=by, key=mail.key_of(case))
    return outbox.queue(
        kind="mail_text_test",
        to=(to.full_name, to.email),
        sender=(programme.mail_sender_name, programme.mail_sender_address),
        reply_to=programme.contact_email,
        subject=f"[Test] {seen.subject}",
        text=seen.text,
        html=seen.html,
    )
