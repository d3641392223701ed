"""The files of one institute, and the platform's own files in which archives are kept."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.utils.encoding import force_bytes

from tenants.backups.archive import PART, Body
from tenants.context import platform_scope, schema_scope

FOLDER = "backups"


def keys() -> list[bytes]:
    """The keys with which archives are sealed: the one in force first."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [hashlib.sha256(b"seal of backups" + force_bytes(one)).digest() for one in secrets]


def names_of(schema_name: str) -> list[str]:
    """The names of all files of a schema, sorted."""
    with schema_scope(schema_name):
        return sorted(_below(""))


def _below(folder: str) -> Iterator[str]:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        yield f"{folder}/{name}" if folder else name
    for name in folders:
        if name:
            yield from _below(f"{folder}/{name}" if folder else name)


def read(schema_name: str, name: str, write: Callable[[bytes], None]) -> None:
    """Hand a file to `write`, part by part. Raises FileNotFoundError."""
    with schema_scope(schema_name), default_storage.open(name) as file:
        while part := file.read(PART):
            write(part)


def put(schema_name: str, name: str, content: BinaryIO) -> Body:
    """Store a file under its own name and read it back; out: what is there now."""
    with schema_scope(schema_name):
        kept = default_storage.save(name, File(cast(Any, content)))
        if kept != name:
            raise OSError(f"The storage keeps {name!r} as {kept!r}.")
    return measured(schema_name, name)


def measured(schema_name: str, name: str) -> Body:
    """The size and the SHA-256 of a file. Raises FileNotFoundError."""
    digest, body = hashlib.sha256(), Body()

    def add(part: bytes) -> None:
        digest.update(part)
        body.size += len(part)

    read(schema_name, name, add)
    body.sha256 = digest.hexdigest()
    return body


def keep_archive(run_id: object, content: BinaryIO) -> str:
    """Store an archive among the platform's own files; out: its name there."""
    with platform_scope():
        return str(default_storage.save(archive_name(run_id), File(cast(Any, content))))


def archive_name(run_id: object) -> str:
    """The name under which a run keeps its archive."""
    return f"{FOLDER}/{run_id}.ithaca"


def open_archive(stored_as: str) -> BinaryIO:
    """An archive that is kept. Raises FileNotFoundError."""
    with platform_scope():
        return cast(BinaryIO, default_storage.open(stored_as))


def forget_archive(stored_as: str) -> None:
    """Remove an archive, if it is there."""
    with platform_scope():
        default_storage.delete(stored_as)
