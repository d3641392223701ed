"""A bundle that somebody sent as a zip, unpacked with suspicion.

Only names and sizes decide what is written, and every byte is counted as it comes: what the zip
says of itself is never believed. Nothing is written unless everything is right.
"""

import re
import stat
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from itertools import pairwise
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from tenants.bundles.files import INSTITUTE, MOST_FILES
from tenants.bundles.problems import BundleInvalid, Problem

LARGEST_ZIP = 5_000_000
LARGEST_TOTAL = 8_000_000
HIGHEST_RATIO = 100
RATIO_COUNTS_FROM = 1_000_000
_BLOCK = 64 * 1024
_PACKED = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!")
_KNOWN = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_DRIVE = re.compile(r"[A-Za-z]:")
_LEFT_BY_SYSTEMS = re.compile(r"(^|/)(__MACOSX(/|$)|\.DS_Store$|Thumbs\.db$|desktop\.ini$)")
_NAME = re.compile(r"[^a-z0-9-]+")


@contextmanager
def unpacked(content: bytes, file_name: str) -> Iterator[Path]:
    """A folder of the zip's files, gone after the block; its name is the bundle's.

    In: the name under which the zip was sent. Raises BundleInvalid with every problem found.
    """
    contents = read_zip(content, file_name)
    with TemporaryDirectory(prefix="bundle-") as place:
        folder = Path(place) / bundle_name(file_name)
        folder.mkdir()
        for name, body in contents.items():
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(body)
        yield folder


def bundle_name(file_name: str) -> str:
    """ "My Guild (2).zip" as a bundle's name: my-guild-2."""
    plain = unicodedata.normalize("NFKD", PurePosixPath(file_name).stem).lower()
    name = _NAME.sub("-", plain.encode("ascii", "ignore").decode()).strip("-")
    return (name if name[:1].isalpha() else f"bundle-{name}".strip("-"))[:40].strip("-")


def read_zip(content: bytes, file_name: str) -> dict[str, bytes]:
    """The files of a zip by name, its one outer folder taken off. Raises BundleInvalid."""
    shown = _shown(file_name)
    if len(content) > LARGEST_ZIP:
        raise _refused(shown, f"The zip is larger than {LARGEST_ZIP // 1_000_000} MB.")
    if not content.startswith(b"PK\x03\x04"):
        raise _refused(shown, "This is not a zip: pack the bundle's folder as a zip.")
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            entries = [
                entry for entry in archive.infolist() if not _LEFT_BY_SYSTEMS.search(entry.filename)
            ]
            _check(entries, shown)
            files = [entry for entry in entries if not entry.is_dir()]
            return _without_outer_folder(_read(archive, files, shown, len(content)))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, ValueError):
        raise _refused(shown, "The zip is damaged: pack the bundle's folder again.") from None
    except RuntimeError:  # what zipfile raises for a password
        raise _refused(shown, "The zip wants a password: pack it without one.") from None


def _check(entries: list[zipfile.ZipInfo], shown: str) -> None:
    if len(entries) > MOST_FILES + 20:
        raise _refused(shown, f"The zip holds more than {MOST_FILES} files.")
    problems: list[Problem] = []
    seen: dict[str, str] = {}
    for entry in entries:
        wrong = _wrong_name(entry.orig_filename) or _wrong_kind(entry)
        if wrong:
            problems.append(Problem(_shown(entry.orig_filename), 0, "", wrong))
            continue
        key = unicodedata.normalize("NFC", entry.filename.rstrip("/")).casefold()
        if key in seen:
            other = _shown(seen[key])
            message = f"This stands beside {other}: names must differ by more than capitals."
            problems.append(Problem(_shown(entry.filename), 0, "", message))
        seen[key] = entry.filename
    folders = {str(parent) for name in seen for parent in PurePosixPath(name).parents}
    for entry in entries:
        if not entry.is_dir() and entry.filename.casefold() in folders:
            problems.append(Problem(_shown(entry.filename), 0, "", "This is a file and a folder."))
    if _overlap(entries):
        problems.append(Problem(shown, 0, "", "Files lie over each other in the zip."))
    if problems:
        raise BundleInvalid(problems)


def _wrong_name(name: str) -> str:
    if "\\" in name or "\x00" in name or any(ord(letter) < 32 for letter in name):
        return "Names hold no backslashes and no control characters."
    if name.startswith("/") or _DRIVE.match(name):
        return "A name must not begin at the root of a disk."
    parts = name.rstrip("/").split("/")
    if any(part in {"", ".", ".."} for part in parts):
        return "A name must not lead out of its folder."
    return "This name is too long." if len(name) > 200 or len(parts) > 6 else ""


def _wrong_kind(entry: zipfile.ZipInfo) -> str:
    if entry.flag_bits & 0x1:
        return "This file wants a password: pack it without one."
    mode = entry.external_attr >> 16
    if stat.S_ISLNK(mode):
        return "Links to other places are not allowed: put the file here."
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG, stat.S_IFDIR}:
        return "This has to be an ordinary file."
    if entry.compress_type not in _KNOWN:
        return "This is packed in a way that is not read here: make an ordinary zip."
    if entry.filename.lower().endswith((".zip", ".gz", ".tar", ".tgz", ".7z", ".rar", ".jar")):
        return "A bundle holds no packed files."
    return ""


def _overlap(entries: list[zipfile.ZipInfo]) -> bool:
    """Whether entries share bytes: how a small zip holds a huge one."""
    places = sorted((entry.header_offset, entry.compress_size) for entry in entries)
    return any(start + size > following for (start, size), (following, _) in pairwise(places))


def _read(
    archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], shown: str, packed: int
) -> dict[str, bytes]:
    contents: dict[str, bytes] = {}
    total = 0
    for entry in entries:
        parts: list[bytes] = []
        with archive.open(entry) as stream:
            while block := stream.read(_BLOCK):
                total += len(block)
                if total > LARGEST_TOTAL:
                    limit = LARGEST_TOTAL // 1_000_000
                    raise _refused(shown, f"The files are larger than {limit} MB together.")
                if total > RATIO_COUNTS_FROM and total > HIGHEST_RATIO * packed:
                    raise _refused(shown, "The files are far larger than the zip: is it a trick?")
                parts.append(block)
        body = b"".join(parts)
        if body.startswith(_PACKED):
            raise _refused(_shown(entry.filename), "A bundle holds no packed files.")
        contents[entry.filename] = body
    return contents


def _without_outer_folder(contents: dict[str, bytes]) -> dict[str, bytes]:
    outer = {name.split("/", 1)[0] for name in contents if "/" in name}
    whole = all("/" in name for name in contents)
    if len(outer) == 1 and whole and INSTITUTE not in contents:
        return {name.split("/", 1)[1]: body for name, body in contents.items()}
    return contents


def _refused(name: str, message: str) -> BundleInvalid:
    return BundleInvalid([Problem(name, 0, "", message)])


def _shown(name: str) -> str:
    return name.encode("utf-8", "backslashreplace").decode().replace("\n", "\\n")[:120]
