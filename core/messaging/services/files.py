"""Files of messages: looked at before anything is written, kept in the institute's own storage."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile

from core.kernel.clock import now
from core.kernel.files import Unfit, drawn_anew, scan
from core.kernel.ids import new_id
from core.messaging import errors
from core.messaging.models import Attachment, Message
from core.messaging.rules import files as rules
from core.messaging.rules.files import FORMATS, FileKind
from core.programme.queries import policies

MEGABYTE = 1_000_000
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Checked:
    """A file that may go along, as it will be stored."""

    name: str
    kind: FileKind
    content_type: str
    content: BinaryIO
    size: int
    width: int | None = None
    height: int | None = None


def check_files(uploads: Sequence[UploadedFile[Any]]) -> list[Checked]:
    """Look at what somebody wants to send. Errors: FilesRefused with a sentence a file."""
    most = policies().files_per_message
    if len(uploads) > most:
        raise errors.FilesRefused([f"Choose {most} {'file' if most == 1 else 'files'} or fewer."])
    checked, wrong = [], []
    for upload in uploads:
        try:
            checked.append(_checked(upload))
        except Unfit as unfit:
            wrong.append(f"“{rules.safe_name(upload.name or '')}” {unfit.message}")
    if wrong:
        raise errors.FilesRefused(wrong)
    return checked


def _checked(upload: UploadedFile[Any]) -> Checked:
    policy = policies()
    last = rules.ending(upload.name or "")
    chosen = FORMATS.get(last)
    if chosen is None or chosen.kind not in policy.file_kinds:
        raise Unfit(f"is of a kind that cannot be sent. Send one of: {', '.join(endings())}.")
    size = upload.size or 0
    if not size:
        raise Unfit("is empty.")
    if size > policy.file_size_mb * MEGABYTE:
        raise Unfit(f"is too large. A file may have {policy.file_size_mb} MB at most.")
    content = cast(BinaryIO, upload)
    scan(content)
    if chosen.kind == FileKind.PICTURE:
        drawn, last, width, height = drawn_anew(content, last)
        chosen = FORMATS[last]
        name = rules.safe_name(upload.name or "", last)
        length = drawn.getbuffer().nbytes
        return Checked(name, chosen.kind, chosen.content_type, drawn, length, width, height)
    if chosen.kind == FileKind.TEXT:
        rules.check_text(content)
    else:
        rules.check_document(content, last)
    name = rules.safe_name(upload.name or "")
    return Checked(name, chosen.kind, chosen.content_type, content, size)


def endings() -> list[str]:
    """The endings that this institute takes."""
    return [name for name, one in FORMATS.items() if one.kind in policies().file_kinds]


def keep(message: Message, files: Sequence[Checked]) -> list[str]:
    """Store the files of a message; returns the names in the storage.

    What was stored is taken away again when one of them cannot be. Errors: FilesNotKept.
    """
    stored: list[str] = []
    try:
        for order, checked in enumerate(files):
            stored.append(_kept(checked))
            Attachment.objects.create(
                message=message,
                order=order,
                name=checked.name,
                stored_as=stored[-1],
                kind=checked.kind,
                content_type=checked.content_type,
                size=checked.size,
                width=checked.width,
                height=checked.height,
            )
    except BaseException:
        forget(stored)
        raise
    return stored


def _kept(checked: Checked) -> str:
    checked.content.seek(0)
    name = f"messages/{now():%Y}/{new_id().hex}"
    try:
        return default_storage.save(name, File(checked.content))
    except OSError:  # full, read-only, away
        log.exception("The storage did not take a file")
        forget([name])  # half of it may be there
        raise errors.FilesNotKept(
            "Your files cannot be kept at the moment, so nothing was sent. Your words are still "
            "here: send them without files, or try again in a few minutes."
        ) from None


def forget(stored: Sequence[str]) -> None:
    """Take files away that no row names."""
    for name in stored:
        with suppress(OSError):
            default_storage.delete(name)
