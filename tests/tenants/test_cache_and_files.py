"""Cache keys and files carry the institute by themselves."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from django.core.cache import cache
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404
from django.test import RequestFactory
from moto import mock_aws
from pytest_django.fixtures import Settings

from tenants.context import platform_scope, tenant_context
from tenants.errors import OutsideTenancy
from tenants.files import institute_file
from tenants.models import Institute
from tenants.storage import InstituteBucket, forget_files

pytestmark = pytest.mark.django_db


def test_same_cache_key_holds_another_value_in_each_institute(
    ciltuk: Institute, guided: Institute
) -> None:
    with tenant_context(ciltuk):
        cache.set("colour", "green")
    with tenant_context(guided):
        assert cache.get("colour") is None
        cache.set("colour", "blue")
        cache.set_many({"size": 1})
        assert cache.incr("size") == 2
    with platform_scope():
        assert cache.get("colour") is None
    with tenant_context(ciltuk):
        assert cache.get_many(["colour", "size"]) == {"colour": "green"}


def test_cache_is_refused_outside_any_institute() -> None:
    with pytest.raises(OutsideTenancy):
        cache.get("colour")
    with pytest.raises(OutsideTenancy):
        cache.set("colour", "green")


def test_same_file_name_holds_another_file_in_each_institute(
    ciltuk: Institute, guided: Institute, settings: Settings
) -> None:
    with tenant_context(ciltuk):
        name = default_storage.save("logos/logo.svg", ContentFile(b"ciltuk"))
    with tenant_context(guided):
        assert not default_storage.exists(name)
        assert default_storage.save("logos/logo.svg", ContentFile(b"guided")) == name
    with tenant_context(ciltuk):
        assert default_storage.open(name).read() == b"ciltuk"
        assert default_storage.listdir("logos") == ([], ["logo.svg"])
    kept = sorted(path.parts[-3] for path in Path(settings.MEDIA_ROOT).rglob("logos/logo.svg"))
    assert kept == sorted([ciltuk.schema_name, guided.schema_name])


def test_files_are_refused_outside_any_institute() -> None:
    for use in (
        lambda: default_storage.save("a.txt", ContentFile(b"x")),
        lambda: default_storage.exists("a.txt"),
        lambda: default_storage.url("a.txt"),
    ):
        with pytest.raises(OutsideTenancy):
            use()


@pytest.mark.parametrize("name", ["../{other}/a.txt", "/etc/passwd", "a/../../{other}/a.txt"])
def test_file_names_that_leave_the_institute_are_refused(
    ciltuk: Institute, guided: Institute, name: str
) -> None:
    with tenant_context(guided):
        default_storage.save("a.txt", ContentFile(b"secret of guided"))
    with tenant_context(ciltuk), pytest.raises(SuspiciousFileOperation):
        default_storage.open(name.format(other=guided.schema_name))


def test_link_to_a_file_is_good_on_its_own_site_only(
    ciltuk: Institute, guided: Institute, settings: Settings
) -> None:
    request = RequestFactory().get("/")
    for institute in (ciltuk, guided):
        with tenant_context(institute):
            default_storage.save("cv.html", ContentFile(institute.slug.encode()))
    with tenant_context(ciltuk):
        token = default_storage.url("cv.html").rpartition("/files/")[2]
        response = institute_file(request, token)
        assert b"".join(response) == b"ciltuk"
        assert response["Content-Type"] == "application/octet-stream"
        assert response["Content-Disposition"].startswith("attachment")
        assert "sandbox" in response["Content-Security-Policy"]
    with tenant_context(guided), pytest.raises(Http404):
        institute_file(request, token)
    with tenant_context(ciltuk), pytest.raises(Http404):
        institute_file(request, token.replace("cv.html", "other.html"))


def test_link_to_a_picture_shows_it_and_a_missing_file_is_unknown(ciltuk: Institute) -> None:
    request = RequestFactory().get("/")
    with tenant_context(ciltuk):
        default_storage.save("face.png", ContentFile(b"png"))
        token = default_storage.url("face.png").rpartition("/files/")[2]
        response = institute_file(request, token)
        assert response["Content-Type"] == "image/png"
        response.close()
        default_storage.delete("face.png")
        with pytest.raises(Http404):
            institute_file(request, token)


def test_member_fetches_a_file_by_its_link(ciltuk: Institute, member_client: Any) -> None:
    with tenant_context(ciltuk):
        default_storage.save("face.png", ContentFile(b"png"))
        address = default_storage.url("face.png")
    assert b"".join(member_client(ciltuk).get(address)) == b"png"


def test_files_of_a_schema_that_never_came_to_be_are_removed(
    ciltuk: Institute, guided: Institute
) -> None:
    for institute in (ciltuk, guided):
        with tenant_context(institute):
            default_storage.save("brand/deep/logo.svg", ContentFile(b"x"))
    forget_files(ciltuk.schema_name)
    with tenant_context(ciltuk):
        assert not default_storage.exists("brand/deep/logo.svg")
    with tenant_context(guided):
        assert default_storage.exists("brand/deep/logo.svg")


@pytest.fixture
def bucket() -> Iterator[InstituteBucket]:
    with mock_aws():
        boto3.client("s3", region_name="us-east-1").create_bucket(Bucket="members")
        yield InstituteBucket(
            bucket_name="members", region_name="us-east-1", access_key="a", secret_key="b"
        )


def test_objects_of_a_bucket_lie_under_the_institute(
    ciltuk: Institute, guided: Institute, bucket: InstituteBucket
) -> None:
    with tenant_context(ciltuk):
        assert bucket.save("a/b.txt", ContentFile(b"ciltuk")) == "a/b.txt"
    with tenant_context(guided):
        assert not bucket.exists("a/b.txt")
        assert bucket.save("a/b.txt", ContentFile(b"guided")) == "a/b.txt"
        assert bucket.save("a/b.txt", ContentFile(b"second")) != "a/b.txt"
    with tenant_context(ciltuk):
        assert bucket.open("a/b.txt").read() == b"ciltuk"
        assert bucket.listdir("a") == ([], ["b.txt"])
        link = bucket.url("a/b.txt")
        assert f"/{ciltuk.schema_name}/a/b.txt" in link
        assert "Expires" in link
    keys = [entry.key for entry in boto3.resource("s3").Bucket("members").objects.all()]
    assert {key.split("/")[0] for key in keys} == {ciltuk.schema_name, guided.schema_name}


def test_objects_outside_the_institute_are_refused(
    ciltuk: Institute, guided: Institute, bucket: InstituteBucket
) -> None:
    with pytest.raises(OutsideTenancy):
        bucket.exists("a.txt")
    with tenant_context(ciltuk):
        for name in (f"../{guided.schema_name}/a.txt", "../../a.txt"):
            with pytest.raises(SuspiciousFileOperation):
                bucket.open(name)


def test_part_of_an_object_is_read_without_the_rest_and_only_by_its_institute(
    ciltuk: Institute, guided: Institute, bucket: InstituteBucket
) -> None:
    with tenant_context(ciltuk):
        bucket.save("guides/v", ContentFile(b"0123456789"))
        assert b"".join(bucket.part("guides/v", 3, 4)) == b"3456"
    with tenant_context(guided):
        with pytest.raises(FileNotFoundError):
            bucket.part("guides/v", 0, 4)
        with pytest.raises(SuspiciousFileOperation):
            bucket.part(f"../{ciltuk.schema_name}/guides/v", 0, 4)
