"""The archive of one institute: a stream of records, sealed at its end. Pure: no Django.

    ITHACA BACKUP 1\\n
    gzip of records:  length (4 bytes), JSON head, then parts of the body, each after its length,
                      then the length 0
    SHA-256 of everything before (32 bytes)
    HMAC-SHA-256 of that with the platform's key (32 bytes)

Records, in order: "institute" (what it is, its tables and their columns, its migrations), one
"table" a table (rows as PostgreSQL's COPY writes them, in the order of the key), one "file" a
file, and "end" with the count and the SHA-256 of every body. The same institute gives the same
bytes. Writing and reading hold one part of a body in memory, however large the archive is.
"""

import hashlib
import hmac
import json
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from tenants.errors import TenancyError

MAGIC = b"ITHACA BACKUP 1\n"
FAMILY = b"ITHACA BACKUP "
PART = 128 * 1024
LARGEST_HEAD = 64 * 1024 * 1024
LARGEST_PART = 1024 * 1024
SEAL = 64
LEVEL = 4
_LENGTH = struct.Struct(">I")


class BackupRefused(TenancyError):
    """An archive cannot be used; nothing was touched."""


@dataclass
class Body:
    """What "end" says of one body: how many bytes, and their SHA-256."""

    size: int = 0
    sha256: str = ""
    rows: int = 0


@dataclass
class Contents:
    """What an archive holds."""

    institute: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, Body] = field(default_factory=dict)
    files: dict[str, Body] = field(default_factory=dict)
    sequences: dict[str, tuple[int, bool]] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """All rows of all tables."""
        return sum(body.rows for body in self.tables.values())

    @property
    def files_bytes(self) -> int:
        """The size of all files."""
        return sum(body.size for body in self.files.values())


class Writer:
    """Writes an archive into a file that is open for writing."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._sum = hashlib.sha256()
        self._gzip = zlib.compressobj(LEVEL, zlib.DEFLATED, 31)
        self._waiting = bytearray()
        self._body = Body()
        self._digest = hashlib.sha256()
        self.size = 0
        self._raw(MAGIC)

    def head(self, kind: str, **facts: Any) -> None:
        """Begin a record."""
        text = json.dumps({"kind": kind, **facts}, sort_keys=True, ensure_ascii=False).encode()
        self._put(_LENGTH.pack(len(text)) + text)
        self._body, self._digest = Body(), hashlib.sha256()

    def write(self, data: bytes | memoryview, *, rows: int = 0) -> None:
        """Add to the body of the record."""
        self._waiting += data
        self._body.rows += rows
        if len(self._waiting) >= PART:
            self._part()

    def end(self) -> Body:
        """End the record; out: what its body was."""
        self._part()
        self._put(_LENGTH.pack(0))
        self._body.sha256 = self._digest.hexdigest()
        return self._body

    def close(self, keys: Sequence[bytes]) -> str:
        """Seal the archive with the first of the keys; out: its SHA-256."""
        self._raw(self._gzip.flush())
        total = self._sum.digest()
        self._out.write(total + hmac.digest(keys[0], total, "sha256"))
        self.size += SEAL
        return total.hex()

    def _part(self) -> None:
        view = bytes(self._waiting)
        self._waiting.clear()
        for start in range(0, len(view), LARGEST_PART):
            part = view[start : start + LARGEST_PART]
            self._put(_LENGTH.pack(len(part)) + part)
        self._body.size += len(view)
        self._digest.update(view)

    def _put(self, data: bytes) -> None:
        self._raw(self._gzip.compress(data))

    def _raw(self, data: bytes) -> None:
        if data:
            self._out.write(data)
            self._sum.update(data)
            self.size += len(data)


def check(file: BinaryIO, keys: Sequence[bytes], *, sealed_elsewhere: bool = False) -> Contents:
    """Read an archive from its first to its last byte; out: what is in it.

    In: the keys that this platform has or had; `sealed_elsewhere` accepts the seal of another one.
    Raises BackupRefused for what is no archive, is of another version, cut, damaged or altered.
    """
    _check_seal(file, keys, sealed_elsewhere)
    found, told = Contents(), None
    for head, body in records(file):
        kind, name = head.get("kind"), str(head.get("name", ""))
        if (kind == "institute") != (not found.institute) or told is not None:
            raise _damaged()
        if kind == "institute":
            found.institute = head
        elif kind == "table" and name not in found.tables and not found.files:
            found.tables[name] = _measured(body)
        elif kind == "file" and name not in found.files:
            found.files[name] = _measured(body)
        elif kind == "end":
            told = head
        else:
            raise _damaged()
    if told is None:
        raise _damaged()
    for group, bodies in (("tables", found.tables), ("files", found.files)):
        said = told.get(group)
        if not isinstance(said, dict) or said.keys() != bodies.keys():
            raise _damaged()
        for name, measured in bodies.items():
            if said[name][:2] != [measured.size, measured.sha256]:
                raise _damaged()
            measured.rows = int(said[name][2])
    found.sequences = {
        name: (int(at), bool(used)) for name, (at, used) in told["sequences"].items()
    }
    return found


def records(file: BinaryIO) -> Iterator[tuple[dict[str, Any], Iterator[bytes]]]:
    """Each record's head, with an iterator over its body. A body that is not read is passed over.

    Raises BackupRefused for what cannot be read.
    """
    stream = _Inflated(file)
    while (length := stream.length(may_end=True)) is not None:
        if length > LARGEST_HEAD:
            raise _damaged()
        try:
            head = json.loads(stream.take(length))
        except ValueError:
            raise _damaged() from None
        if not isinstance(head, dict):
            raise _damaged()
        body = _parts(stream)
        yield head, body
        for _ in body:
            pass


def _parts(stream: "_Inflated") -> Iterator[bytes]:
    while length := stream.length():
        if length > LARGEST_PART:
            raise _damaged()
        yield stream.take(length)


class _Inflated:
    """The records of an archive, unpacked as they are asked for."""

    def __init__(self, file: BinaryIO) -> None:
        file.seek(0, 2)
        self._left = file.tell() - len(MAGIC) - SEAL
        file.seek(len(MAGIC))
        self._file = file
        self._gzip = zlib.decompressobj(31)
        self._ready = bytearray()

    def length(self, *, may_end: bool = False) -> int | None:
        """The next length; None at the end, where that is allowed."""
        if not self._fill(_LENGTH.size):
            if may_end and not self._ready:
                return None
            raise _damaged()
        return int(_LENGTH.unpack(self.take(_LENGTH.size))[0])

    def take(self, length: int) -> bytes:
        """So many bytes."""
        if not self._fill(length):
            raise _damaged()
        taken = bytes(self._ready[:length])
        del self._ready[:length]
        return taken

    def _fill(self, length: int) -> bool:
        while len(self._ready) < length:
            packed = self._gzip.unconsumed_tail
            if not packed:
                packed = self._file.read(min(PART, self._left)) if self._left > 0 else b""
                self._left -= len(packed)
            if not packed:
                return False
            try:
                self._ready += self._gzip.decompress(packed, 4 * PART)
            except zlib.error:
                raise _damaged() from None
        return True


def _check_seal(file: BinaryIO, keys: Sequence[bytes], sealed_elsewhere: bool) -> None:
    file.seek(0, 2)
    left = file.tell() - SEAL
    file.seek(0)
    begin = file.read(len(MAGIC))
    if not begin.startswith(FAMILY):
        raise BackupRefused("This is no archive of an institute.")
    if begin != MAGIC:
        raise BackupRefused("This archive has a format that this version does not know.")
    if left < len(MAGIC):
        raise _damaged()
    total = hashlib.sha256(begin)
    left -= len(begin)
    while left > 0 and (data := file.read(min(PART, left))):
        total.update(data)
        left -= len(data)
    seal = file.read(SEAL)
    if seal[:32] != total.digest():
        raise _damaged()
    right = any(
        hmac.compare_digest(seal[32:], hmac.digest(key, seal[:32], "sha256")) for key in keys
    )
    if not right and not sealed_elsewhere:
        raise BackupRefused(
            "The seal of this archive is not ours: it was altered, or made by a platform with "
            "another secret key. Nothing was touched."
        )


def _measured(body: Iterator[bytes]) -> Body:
    digest, size = hashlib.sha256(), 0
    for part in body:
        digest.update(part)
        size += len(part)
    return Body(size, digest.hexdigest())


def _damaged() -> BackupRefused:
    return BackupRefused("This archive is damaged or was cut short. Nothing was touched.")
