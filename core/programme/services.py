"""Mails in the institute's name, and editions of its settings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from django.db import transaction
from django.db.models import Model
from django.template.loader import render_to_string

from core.kernel import audit, outbox
from core.kernel.audit import Actor
from core.kernel.clock import now
from core.kernel.models import OutboxMail
from core.programme.models import Edition, Programme
from core.programme.queries import current, edition


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


def publish(kind: str, key: str, document: dict[str, Any], *, by: Actor | None = None) -> Edition:
    """Put a new version of a setting into force; the one in force comes back when it is the same.

    `document` is checked by the app that reads it before it comes here. Earlier versions stay for
    those who began with them.
    """
    with transaction.atomic():
        Programme.objects.select_for_update().get()  # one who publishes at a time
        standing = edition(kind, key)
        if standing is not None and standing.document == document:
            return standing
        retire(kind, key)
        latest = Edition.objects.filter(kind=kind, key=key).order_by("-number").first()
        number = latest.number + 1 if latest else 1
        made = Edition.objects.create(kind=kind, key=key, number=number, document=document)
        audit.record(f"{kind}.published", thing=made, by=by, key=key, number=number)
    return made


def retire(kind: str, key: str) -> None:
    """Nobody begins with this setting from now on; whoever works with it goes on."""
    Edition.objects.filter(kind=kind, key=key, retired_at=None).update(retired_at=now())
