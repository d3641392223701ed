"""Files of messages in a bucket, as in production, and storage that fails in the middle."""

import re
import resource
import signal
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from moto.server import ThreadedMotoServer

from config.settings import base
from core.accounts.models import Person
from core.messaging.models import Attachment, Message
from tenants.context import tenant_context
from tenants.models import Institute
from tenants.storage import LINK_SECONDS, InstituteBucket
from tests.core.messaging.conftest import Browser

# The same tests, here with a bucket.
from tests.core.messaging.test_files import (  # noqa: F401
    sent,
    test_file_that_the_storage_has_lost_is_not_found,
    test_link_to_a_file_is_good_for_minutes_and_for_nothing_else,
    test_member_sends_a_file_the_other_gets_it,
    test_nobody_but_the_two_gets_a_file,
    test_picture_loses_what_came_with_it_and_its_surplus,
    test_storage_knows_nothing_of_names_and_keeps_institutes_apart,
    thread,
    upload,
)

if TYPE_CHECKING:
    from types_boto3_s3.service_resource import Bucket

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("asked")]

BUCKET = "members-files"
SENTENCE = "Your files cannot be kept at the moment, so nothing was sent."


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of an S3 server."""
    running = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    yield f"http://{host}:{port}"
    running.stop()


def options(endpoint: str) -> dict[str, Any]:
    """What production gives the storage, with an address that is known here."""
    made = deepcopy(base._in_bucket)
    given = {
        "bucket_name": BUCKET, "endpoint_url": endpoint, "region_name": "us-east-1",
        "access_key": "key", "secret_key": "secret",
    }  # fmt: skip
    assert given.keys() == made["OPTIONS"].keys()
    return made | {"OPTIONS": given}


@pytest.fixture(autouse=True)
def bucket(server: str, settings: Any) -> "Bucket":
    """An empty bucket, in which the product keeps its files."""
    settings.STORAGES = {**settings.STORAGES, "default": options(server)}
    found = boto3.resource(
        "s3", endpoint_url=server, region_name="us-east-1",
        aws_access_key_id="key", aws_secret_access_key="secret",
    ).Bucket(BUCKET)  # fmt: skip
    found.create()
    found.objects.all().delete()
    return found


def test_file_lies_under_the_institute_and_opens_for_nobody(
    bucket: "Bucket", ciltuk: Institute, mentor: Person, mentee: Person
) -> None:
    found = sent(mentee, mentor, "secret plan.txt", b"x")
    (lying,) = bucket.objects.all()
    assert lying.key == f"{ciltuk.schema_name}/{found.stored_as}"
    assert "secret" not in lying.key
    grants = lying.Acl().grants
    assert [each["Grantee"].get("URI") for each in grants] == [None]
    link = urlsplit(default_storage.url(found.stored_as))
    asked = {name.lower(): values[0] for name, values in parse_qs(link.query).items()}
    assert "x-amz-signature" in asked or "signature" in asked
    assert int(asked.get("x-amz-expires", LINK_SECONDS)) <= LINK_SECONDS


def test_member_gets_the_file_from_the_site_and_never_hears_of_the_bucket(
    server: str, mentor: Person, mentee: Person, browser: Browser
) -> None:
    found = sent(mentee, mentor, "notes.txt", b"for two")
    answer = browser(mentor).get(reverse("messaging:file", args=[found.pk]))
    own = answer.headers["Location"]
    content = browser(mentor).get(own)
    body = b"".join(content.streaming_content)  # type: ignore[attr-defined]
    assert body == b"for two"
    for each in (answer, content):
        assert not re.search(rf"{BUCKET}|{server}|{found.stored_as}", str(each.headers))


def test_file_of_one_institute_is_none_of_another(
    guided: Institute, mentor: Person, mentee: Person
) -> None:
    found = sent(mentee, mentor, "notes.txt", b"x")
    with tenant_context(guided):
        assert not default_storage.exists(found.stored_as)
        with pytest.raises(FileNotFoundError):
            default_storage.open(found.stored_as)


def test_bucket_that_keeps_no_institutes_apart_is_noticed(
    bucket: "Bucket", ciltuk: Institute, mentor: Person, mentee: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(InstituteBucket, "location", "")
    with pytest.raises(AssertionError):
        test_file_lies_under_the_institute_and_opens_for_nobody(bucket, ciltuk, mentor, mentee)


def test_bucket_is_away_the_member_is_told_and_nothing_is_left(
    settings: Any, server: str, bucket: "Bucket", mentor: Person, mentee: Person, browser: Browser
) -> None:
    kept = sent(mentee, mentor, "kept.txt", b"x")
    settings.STORAGES = {**settings.STORAGES, "default": options("http://127.0.0.1:9")}
    refused = browser(mentee).post(
        thread(mentor), {"text": "My words", "attachments": upload("notes.txt", b"x")}
    )
    assert refused.status_code == 422
    assert SENTENCE in refused.content.decode()
    assert "My words" in refused.content.decode()
    assert (Message.objects.count(), Attachment.objects.count()) == (1, 1)
    away = browser(mentor).get(reverse("messaging:file", args=[kept.pk]), follow=True)
    assert away.status_code == 503
    assert "cannot be fetched at the moment" in away.content.decode()
    settings.STORAGES = {**settings.STORAGES, "default": options(server)}
    form = {"text": "My words", "attachments": upload("notes.txt", b"x")}
    assert browser(mentee).post(thread(mentor), form).status_code == 302
    assert len(list(bucket.objects.all())) == 2


@pytest.fixture
def full_disk() -> Iterator[None]:
    """No file of this process grows beyond 100 kB: the write that would is cut in the middle."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, before)


@pytest.mark.parametrize("what", ["full", "read-only"])
def test_folder_takes_half_a_file_or_none_and_nothing_is_left(
    what: str, mentor: Person, mentee: Person, browser: Browser, settings: Any, tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:  # fmt: skip
    settings.STORAGES = {**settings.STORAGES, "default": base._in_folder}
    settings.MEDIA_ROOT = str(tmp_path / "files")
    if what == "full":
        request.getfixturevalue("full_disk")
    else:
        (tmp_path / "files").write_text("a file, where a folder should be")
    form = {"text": "My words", "attachments": upload("notes.txt", b"x" * 500_000)}
    refused = browser(mentee).post(thread(mentor), form)
    assert refused.status_code == 422
    assert SENTENCE in refused.content.decode()
    assert "My words" in refused.content.decode()
    assert not Message.objects.exists()
    assert [each for each in (tmp_path / "files").rglob("*") if each.is_file()] == []
