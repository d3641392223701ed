"""Default storage: one private prefix an institute, in a folder or in a bucket.

Names that code uses never hold the prefix; it is added from the schema in force, and a name that
would leave it is refused. At rest there is no prefix, so there are no files.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, SuspiciousFileOperation
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.signing import TimestampSigner
from django.urls import reverse
from storages.backends.s3 import S3Storage
from storages.utils import safe_join

from tenants.context import current_schema, schema_scope, wrapper

LINK_SECONDS = 300
# A request waits for the bucket: it must hear that it is away before it is given up itself.
PATIENCE = Config(
    connect_timeout=5, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 2}
)
BLOCK = 256 * 1024


class BucketAway(OSError):
    """The S3 server cannot be reached, or refuses."""


def signer() -> TimestampSigner:
    """Signs links to files; the salt holds the schema, so a link is good on one site only."""
    return TimestampSigner(salt=f"{current_schema()}:file")


def forget_files(schema_name: str) -> None:
    """Remove every file of a schema that never came to be."""
    with schema_scope(schema_name):
        _forget_below("")


def _forget_below(folder: str) -> None:
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        default_storage.delete(f"{folder}/{name}" if folder else name)
    for name in folders:
        _forget_below(f"{folder}/{name}" if folder else name)


def _read(file: BinaryIO, length: int) -> Iterator[bytes]:
    with file:
        while length > 0 and (block := file.read(min(length, BLOCK))):
            length -= len(block)
            yield block


class InstituteFolder(FileSystemStorage):
    """Files under MEDIA_ROOT/<schema>/, reached through short signed links."""

    @property
    def base_location(self) -> str:
        """The folder of the institute in force. Raises OutsideTenancy at rest."""
        if not settings.MEDIA_ROOT:
            raise ImproperlyConfigured("MEDIA_ROOT names no folder for members' files.")
        return str(Path(settings.MEDIA_ROOT) / current_schema())

    @property
    def location(self) -> str:
        """The same, absolute."""
        return str(Path(self.base_location).absolute())

    def url(self, name: str | None) -> str:
        """A link that is good for five minutes and on this site only."""
        if not name:
            raise ValueError("a file without a name has no address")
        self.path(name)
        return reverse("institute_file", args=(signer().sign(name),))

    def sizes(self) -> Iterator[int]:
        """The size of each file of the institute in force."""
        for folder, _, names in os.walk(self.base_location):
            for name in names:
                with suppress(FileNotFoundError):  # deleted meanwhile
                    yield (Path(folder) / name).lstat().st_size

    def part(self, name: str, start: int, length: int) -> Iterator[bytes]:
        """Some bytes of a file, block by block. Raises FileNotFoundError at once."""
        file = Path(self.path(name)).open("rb")  # noqa: SIM115 - closed by the reader
        file.seek(start)
        return _read(file, length)


class InstituteBucket(S3Storage):  # type: ignore[misc]
    """Objects under <schema>/ in one private bucket, reached through short signed links."""

    client_config: Config

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.client_config = self.client_config.merge(PATIENCE)

    def _save(self, name: str, content: Any) -> str:
        with _reached():
            return str(super()._save(name, content))

    def _open(self, name: str, mode: str = "rb") -> Any:
        with _reached():
            return super()._open(name, mode)

    def exists(self, name: str) -> bool:
        """Whether there is such an object. Errors: BucketAway."""
        with _reached():
            return bool(super().exists(name))

    def delete(self, name: str) -> None:
        """Remove an object; nothing to do when there is none. Errors: BucketAway."""
        with _reached():
            super().delete(name)

    def get_default_settings(self) -> dict[str, Any]:
        """Private, never overwritten, links for five minutes; the prefix is not a setting."""
        values: dict[str, Any] = super().get_default_settings()
        values.pop("location")
        return values | {
            "file_overwrite": False,
            "default_acl": None,
            "querystring_auth": True,
            "querystring_expire": LINK_SECONDS,
        }

    @property
    def location(self) -> str:
        """The prefix in force; empty at rest, when every name is refused anyway."""
        name = wrapper().schema_name
        return f"{name}/" if name else ""

    def sizes(self) -> Iterator[int]:
        """The size of each object of the institute in force. Errors: BucketAway."""
        current_schema()
        with _reached():
            for found in self.bucket.objects.filter(Prefix=self.location):
                yield int(found.size)

    def part(self, name: str, start: int, length: int) -> Iterator[bytes]:
        """Some bytes of an object, fetched as they are read. Raises FileNotFoundError at once."""
        found = self.bucket.Object(self._normalize_name(name))
        try:
            body = found.get(Range=f"bytes={start}-{start + length - 1}")["Body"]
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                raise FileNotFoundError(name) from error
            raise
        blocks: Iterator[bytes] = body.iter_chunks(BLOCK)
        return blocks

    def _normalize_name(self, name: str) -> str:
        current_schema()
        try:
            return str(safe_join(self.location, name))
        except ValueError:
            raise SuspiciousFileOperation(
                f"{name!r} lies outside the files of the institute."
            ) from None


@contextmanager
def _reached() -> Iterator[None]:
    """What goes wrong with a bucket is an OSError, as it is with a folder."""
    try:
        yield
    except (BotoCoreError, Boto3Error, ClientError) as problem:
        raise BucketAway(str(problem)) from problem
