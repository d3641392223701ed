"""Mails in the institute's name."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

from django.db import transaction
from django.db.models import Model
from django.template.loader import render_to_string
from django.urls import reverse

from core.kernel import audit, letters, outbox
from core.kernel.links import absolute
from core.kernel.models import AuditEntry, OutboxMail
from core.programme.models import Edition
from core.programme.queries import (
    current,
    in_our_words,
    mail_texts,
    placeholders,
)
from core.programme.rules import PLACEHOLDERS

logger = logging.getLogger(__name__)
UNUSABLE: Final = "mail.unusable"


class Addressee(Protocol):
    """Whoever a mail goes to; kinds in `muted_mails` are not sent to them (product A13)."""

    muted_mails: list[str]

    @property
    def full_name(self) -> str: ...

    @property
    def email(self) -> str: ...


def write_mail(
    *,
    template: str,
    to: Addressee | tuple[str, str],
    context: dict[str, Any],
    kind: str,
    about: Model | None = None,
    thread: str = "",
    attachments: Sequence[outbox.Attached] = (),
    reply_to: str = "",
) -> OutboxMail | None:
    """Render a mail in the institute's words and look and put it into the outbox.

    `template` names a text template (without ".txt") that extends `mails/base.txt` and fills its
    blocks subject, body, button_label and button_url. The HTML part is made of the same blocks.
    Mails with the same `thread` stand together in the reader's mailbox. Answers go to the
    institute's mailbox unless `reply_to` names another address.
    Call it inside the transaction of the change that the mail tells of (product, decision 6).
    None when the person does not want mails of this kind.
    """
    if not _is_wanted(kind, to):
        return None
    fields = _composed(template, to, context, kind, about, thread)
    fields["attachments"] = attachments
    if reply_to:
        fields["reply_to"] = reply_to
    return outbox.queue(**fields)


@dataclass(frozen=True)
class Letter:
    """One of many mails; the parts are those of `write_mail`."""

    template: str
    to: Addressee
    context: dict[str, Any]
    kind: str
    about: Model | None = None
    thread: str = ""


def write_mails(letters: Iterable[Letter]) -> None:
    """`write_mail` for many at once: one statement, however many there are."""
    outbox.queue_all(
        [
            outbox.made(
                **_composed(one.template, one.to, one.context, one.kind, one.about, one.thread)
            )
            for one in letters
            if _is_wanted(one.kind, one.to)
        ]
    )


def _is_wanted(kind: str, to: Addressee | tuple[str, str]) -> bool:
    return isinstance(to, tuple) or kind not in to.muted_mails


def _composed(
    template: str,
    to: Addressee | tuple[str, str],
    context: dict[str, Any],
    kind: str,
    about: Model | None,
    thread: str,
) -> outbox.Fields:
    programme = current()
    name, address = to if isinstance(to, tuple) else (to.full_name, to.email)
    context = {"programme": programme, "addressee_name": outbox.one_line(name), **context}
    mail = letters.known(template.rpartition("/")[2])
    if mail is not None:
        context |= {
            blank.key: render_to_string(blank.template, context).strip()
            for blank in mail.blanks
            if blank.template
        }
    parts = _own_words(mail, context) if mail is not None and not mail.fixed else None
    if parts is None:
        parts = {part: _rendered(template, part, context) for part in letters.NAMES}
    parts["button_url"] = _rendered(template, "button_url", context)
    text, html = framed(context, parts)
    return outbox.Fields(
        kind=kind,
        to=(name, address),
        sender=(programme.mail_sender_name, programme.mail_sender_address),
        reply_to=programme.contact_email,
        subject=parts["subject"],
        text=text,
        html=html,
        about=(about._meta.label, str(about.pk)) if about is not None else ("", ""),
        in_reply_to=f"<{thread}@{programme.mail_sender_address.rpartition('@')[2]}>"
        if thread
        else "",
    )


def framed(context: Mapping[str, Any], parts: Mapping[str, str]) -> tuple[str, str]:
    """The plain text and the HTML of a mail: its parts in the institute's frame."""
    frame = {**context, **parts, "paragraphs": _paragraphs(parts["body"])}
    return render_to_string("mails/frame.txt", frame), render_to_string("frame/mail.html", frame)


def _rendered(template: str, part: str, context: Mapping[str, Any]) -> str:
    return render_to_string(f"{template}.txt", {**context, "part": part}).strip()


def _own_words(mail: letters.Mail, context: Mapping[str, Any]) -> dict[str, str] | None:
    """The parts of a mail as the institute wrote them; None where the product's words are due.

    Whatever is wrong with an institute's text, the mail goes out: in the product's words then, and
    the team is told.
    """
    case = mail.case_for(context)
    key = mail.key_of(case)
    own = mail_texts().get(key)
    if own is None:
        return None
    edition_id, document = own
    try:
        text = letters.Text.read(document)
        if wrong := letters.flaws(mail, case, text, PLACEHOLDERS):
            raise ValueError(str(wrong[0]))
        values = {**placeholders(), **mail.values(context)}
        return letters.filled(text, values)
    except Exception as problem:  # nothing that stands in a setting may stop a mail
        logger.warning("The text %s of an institute cannot be used: %s", key, problem)
        _tell_team(mail, edition_id, str(problem))
        return None


def _tell_team(mail: letters.Mail, edition_id: UUID, problem: str) -> None:
    """Once for each text: into the audit trail, and to the team's mailbox."""
    programme = current()
    with suppress(Exception), transaction.atomic():  # telling may not stop the mail either
        edition = Edition.objects.get(pk=edition_id)
        told = AuditEntry.objects.filter(
            verb=UNUSABLE, thing_type=edition._meta.label, thing_id=str(edition_id)
        )
        if told.exists():
            return
        audit.record(UNUSABLE, thing=edition, key=edition.key, problem=problem)
        write_mail(
            template="mails/mail_text_unusable",
            to=(programme.contact_name, programme.contact_email),
            kind="mail_text_unusable",
            about=edition,
            context={
                "mail_title": in_our_words(mail.title),
                "problem": problem,
                "page": absolute(reverse("staff:mail_text", args=[edition.key])),
            },
        )


def _paragraphs(body: str) -> list[dict[str, Any]]:
    """Split a text body: {"kind": "quote" | "text" | "list", "lines": [...]} a paragraph."""
    paragraphs = []
    for block in body.replace("\r\n", "\n").split("\n\n"):
        lines = [line.strip() for line in block.strip().splitlines()]
        if not lines:
            continue
        if all(line.startswith(">") for line in lines):
            kind, lines = "quote", [line.removeprefix(">").strip() for line in lines]
        elif all(line.startswith("- ") for line in lines):
            kind, lines = "list", [line.removeprefix("- ") for line in lines]
        else:
            kind = "text"
        paragraphs.append({"kind": kind, "lines": lines})
    return paragraphs
