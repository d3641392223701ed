"""Mails in the institute's name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db.models import Model
from django.template.loader import render_to_string

from core.kernel import outbox
from core.kernel.models import OutboxMail
from core.programme.queries import current


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
    parts = {
        part: render_to_string(f"{template}.txt", {**context, "part": part}).strip()
        for part in ("subject", "body", "button_label", "button_url")
    }
    frame = {**context, **parts, "paragraphs": _paragraphs(parts["body"])}
    return outbox.Fields(
        kind=kind,
        to=(name, address),
        sender=(programme.mail_sender_name, programme.mail_sender_address),
        reply_to=programme.contact_email,
        subject=parts["subject"],
        text=render_to_string("mails/frame.txt", frame),
        html=render_to_string("frame/mail.html", frame),
        about=(about._meta.label, str(about.pk)) if about is not None else ("", ""),
        in_reply_to=f"<{thread}@{programme.mail_sender_address.rpartition('@')[2]}>"
        if thread
        else "",
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
