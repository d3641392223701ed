"""Private files on their way out, with the headers that keep them from being more than files."""

import re
from collections.abc import Iterator
from typing import Protocol, cast

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header

POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


class _Parted(Protocol):
    """A storage that reads a part of a file without fetching the whole."""

    def part(self, name: str, start: int, length: int) -> Iterator[bytes]: ...


def private_file(stored_as: str, *, name: str, content_type: str, inline: bool) -> FileResponse:
    """A file of the storage. `inline` only for what the product itself has drawn.

    Errors: FileNotFoundError when the storage has lost it.
    """
    answer = FileResponse(
        default_storage.open(stored_as),
        as_attachment=not inline,
        filename=name,
        content_type=f"{content_type}; charset=utf-8"
        if content_type.startswith("text/")
        else content_type,
    )
    guard(answer)
    return answer


def made_file(content: bytes, *, name: str, content_type: str) -> HttpResponse:
    """What was made for this answer alone, to be saved by the reader."""
    answer = HttpResponse(content, content_type=content_type)
    disposition = content_disposition_header(True, name)
    if disposition:
        answer.headers["Content-Disposition"] = disposition
    guard(answer)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def ranged_file(
    request: HttpRequest, stored_as: str, *, size: int, content_type: str
) -> HttpResponseBase:
    """A large file that a player reads in parts (RFC 9110, one range at a time).

    Errors: FileNotFoundError when the storage has lost it.
    """
    tag = f'"{stored_as.rpartition("/")[2]}"'
    span = _span(request, size, tag)
    if span is None:
        answer: HttpResponseBase = HttpResponse(status=416)
        answer.headers["Content-Range"] = f"bytes */{size}"
        return answer
    first, last, is_part = span
    storage = cast(_Parted, default_storage)
    answer = StreamingHttpResponse(
        storage.part(stored_as, first, last - first + 1),
        status=206 if is_part else 200,
        content_type=content_type,
    )
    answer.headers["Content-Length"] = str(last - first + 1)
    answer.headers["Accept-Ranges"] = "bytes"
    answer.headers["ETag"] = tag
    if is_part:
        answer.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    guard(answer)
    return answer


def _span(request: HttpRequest, size: int, tag: str) -> tuple[int, int, bool] | None:
    """The first and last byte that were asked for; None when the file has no such part."""
    whole = (0, size - 1, False)
    asked = _RANGE.fullmatch(request.headers.get("Range", "").replace(" ", ""))
    if asked is None or request.headers.get("If-Range", tag) != tag:
        return whole
    first, last = asked.groups()
    if not first:
        if not last:
            return whole
        return (max(0, size - int(last)), size - 1, True) if int(last) else None
    if int(first) >= size:
        return None
    end = min(int(last), size - 1) if last else size - 1
    return (int(first), end, True) if end >= int(first) else whole


def guard(answer: HttpResponseBase) -> None:
    """Give an answer the headers that keep a private file from being more than a file."""
    answer.headers["Content-Security-Policy"] = POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "private, max-age=300"
