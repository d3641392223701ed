"""Which files go along with a message: kinds, names, what their content has to be (pure).

The content decides, never what the browser says. What is not on the list is refused.
"""

import re
import unicodedata
import zipfile
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO, Final

from core.kernel.files import Unfit

LONGEST_NAME = 100
MOST_UNPACKED = 300 * 1024 * 1024
MOST_PARTS = 5000
BLOCK = 64 * 1024


class FileKind(StrEnum):
    """What an institute lets people send."""

    PICTURE = "picture"
    DOCUMENT = "document"
    TEXT = "text"


@dataclass(frozen=True)
class Format:
    """A kind of file that is taken: `inside` names what an archive of this format must hold."""

    kind: FileKind
    content_type: str
    words: str
    inside: str = ""


_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."

FORMATS: Final[dict[str, Format]] = {
    "jpg": Format(FileKind.PICTURE, "image/jpeg", "JPEG picture"),
    "jpeg": Format(FileKind.PICTURE, "image/jpeg", "JPEG picture"),
    "png": Format(FileKind.PICTURE, "image/png", "PNG picture"),
    "gif": Format(FileKind.PICTURE, "image/gif", "GIF picture"),
    "webp": Format(FileKind.PICTURE, "image/webp", "WebP picture"),
    "pdf": Format(FileKind.DOCUMENT, "application/pdf", "PDF"),
    "docx": Format(
        FileKind.DOCUMENT, f"{_OFFICE}wordprocessingml.document", "Word document", "word/"
    ),
    "xlsx": Format(FileKind.DOCUMENT, f"{_OFFICE}spreadsheetml.sheet", "Excel workbook", "xl/"),
    "pptx": Format(
        FileKind.DOCUMENT, f"{_OFFICE}presentationml.presentation", "PowerPoint slides", "ppt/"
    ),
    "odt": Format(FileKind.DOCUMENT, f"{_OPEN}text", "OpenDocument text"),
    "ods": Format(FileKind.DOCUMENT, f"{_OPEN}spreadsheet", "OpenDocument table"),
    "odp": Format(FileKind.DOCUMENT, f"{_OPEN}presentation", "OpenDocument slides"),
    "txt": Format(FileKind.TEXT, "text/plain", "Text"),
    "csv": Format(FileKind.TEXT, "text/csv", "CSV table"),
}
_MACROS = re.compile(r"vbaproject|macrosheets/|(^|/)(basic|scripts)/", re.IGNORECASE)
_INNER_ENDING = re.compile(r"\.(?=[A-Za-z]\w{0,7}(?:\.|$))")
_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_RESERVED = re.compile(r"^(con|prn|aux|nul|com\d|lpt\d)$", re.IGNORECASE)


def ending(name: str) -> str:
    """What stands behind the last full stop, in small letters."""
    stem, dot, last = name.rpartition(".")
    return last.strip().lower() if dot and stem else ""


def safe_name(name: str, new_ending: str = "") -> str:
    """A name that is only a name: no path, no control or direction marks, one ending.

    Out: at most `LONGEST_NAME` characters, with `new_ending` or the own one.
    """
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    last = new_ending or ending(name)
    stem = name.rpartition(".")[0] or name
    stem = "".join(
        " " if c in '"*:<>?|;,' else c for c in stem if unicodedata.category(c)[0] != "C"
    )
    stem = _INNER_ENDING.sub("-", stem)
    stem = " ".join(stem.split()).strip(". -")[: LONGEST_NAME - len(last) - 1].strip(". ")
    if not stem or _RESERVED.match(stem):
        stem = "file"
    return f"{stem}.{last}" if last else stem


def check_document(file: BinaryIO, last: str) -> None:
    """Raise Unfit when the content is not what the ending says."""
    chosen = FORMATS[last]
    file.seek(0)
    head = file.read(8)
    file.seek(0)
    if last == "pdf":
        if not head.startswith(b"%PDF-"):
            raise Unfit("is not a PDF, whatever its name says.")
        return
    if not head.startswith(b"PK\x03\x04"):
        raise Unfit(f"is not a file of the kind {chosen.words}, whatever its name says.")
    _check_archive(file, chosen)


def _check_archive(file: BinaryIO, chosen: Format) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                raise Unfit("unpacks to far more than it seems to be.")
            names = [part.filename for part in parts]
            if any(_MACROS.search(name) for name in names):
                raise Unfit("holds macros. Save it without them and add it again.")
            fits = _is_office(names, chosen) if chosen.inside else _is_open(archive, chosen)
    except Unfit:
        raise
    except Exception:  # an archive made to hurt can raise nearly anything
        raise Unfit("is damaged and cannot be opened.") from None
    if not fits:
        raise Unfit(f"is not a file of the kind {chosen.words}, whatever its name says.")


def _is_office(names: list[str], chosen: Format) -> bool:
    return "[Content_Types].xml" in names and any(n.startswith(chosen.inside) for n in names)


def _is_open(archive: zipfile.ZipFile, chosen: Format) -> bool:
    first = archive.infolist()[0]
    if first.filename != "mimetype" or first.file_size > 100:
        return False
    return archive.read(first).decode("ascii", "replace").strip() == chosen.content_type


def check_text(file: BinaryIO) -> None:
    """Raise Unfit when it is no text in UTF-8, or has characters that no text has."""
    file.seek(0)
    rest = b""
    while block := file.read(BLOCK):
        block = rest + block
        if _NO_TEXT.search(block):
            raise Unfit("is not plain text, whatever its name says.")
        try:
            block.decode("utf-8")
            rest = b""
        except UnicodeDecodeError as error:
            if error.start < len(block) - 3:
                raise Unfit("is not text in UTF-8. Save it as UTF-8 and add it again.") from None
            rest = block[error.start :]
    if rest:
        raise Unfit("is not text in UTF-8. Save it as UTF-8 and add it again.")
    file.seek(0)


def in_size(count: int) -> str:
    """A size in words: "640 kB", "1.2 MB"."""
    if count < 1000:
        return f"{count} bytes"
    if count < 1_000_000:
        return f"{round(count / 1000)} kB"
    return f"{count / 1_000_000:.1f} MB"
