"""Pictures and videos of guides: what staff may add, and what readers get."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from PIL import Image

from core.kernel.files import Unfit
from core.resources import rules, services
from core.resources.forms import VideoForm
from core.resources.models import Guide, Picture, Video
from tenants.models import Institute
from tests.factories.people import someone

MemberClient = Callable[..., Client]
pytestmark = pytest.mark.django_db

MP4 = b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + bytes(range(256)) * 8
WEBM = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm" + bytes(200)
CAPTIONS = b"WEBVTT\n\n00:00.000 --> 00:02.000\nWelcome to the yard.\n"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "files")


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def staff_page(guide: Guide) -> str:
    return f"/staff/resources/guide/{guide.pk}/change/"


def fields_of(guide: Guide, **video: Any) -> dict[str, Any]:
    """The staff form of a guide with one new video."""
    names = ("title", "slug", "summary", "audience", "topic", "stage", "order", "body")
    numbers = {"TOTAL_FORMS": "1", "INITIAL_FORMS": "0", "MIN_NUM_FORMS": "0"}
    return {
        **{name: str(getattr(guide, name)) for name in names},
        "active": "on",
        **{f"videos-{name}": value for name, value in numbers.items()},
        "videos-0-guide": str(guide.pk),
        "videos-0-order": "0",
        **{f"videos-0-{name}": value for name, value in video.items()},
    }


@pytest.fixture
def guide() -> Guide:
    return Guide.objects.create(
        slug="yard",
        title="The yard",
        summary="S",
        body="Look around.",
        topic="T",
        audience="mentee",
    )


@pytest.fixture
def video(guide: Guide) -> Video:
    made = Video(guide=guide, title="A morning in the yard", captions=CAPTIONS.decode())
    return services.keep_video(made, upload("a.mp4", MP4), content_type="video/mp4")


def test_staff_add_a_video_with_captions_and_a_mentee_watches_it(
    ciltuk: Institute, member_client: MemberClient, guide: Guide
) -> None:
    staff = member_client(ciltuk, someone(is_staff=True))
    answer = staff.post(
        staff_page(guide),
        fields_of(
            guide,
            title="A morning in the yard",
            file=upload("yard.mp4", MP4),
            captions_file=upload("yard.vtt", CAPTIONS),
            transcript="The <b>gate</b> opens at *five*.",
        ),
    )
    assert answer.status_code == 302, answer.content.decode()
    kept = guide.videos.get()
    browser = member_client(ciltuk, someone("mentee"))
    page = browser.get("/resources/yard/").content.decode()
    assert f'src="/resources/videos/{kept.pk}/"' in page
    assert "Read what is said" in page
    assert "<b>gate" not in page
    played = browser.get(f"/resources/videos/{kept.pk}/")
    assert b"".join(played) == MP4
    assert played.headers["Content-Type"] == "video/mp4"
    told = browser.get(f"/resources/videos/{kept.pk}/captions.vtt")
    assert told.content.decode().startswith("WEBVTT")


@pytest.mark.parametrize(
    ("asked", "status", "span"),
    [
        ("bytes=0-9", 206, (0, 10)),
        ("bytes=100-", 206, (100, None)),
        ("bytes=-16", 206, (-16, None)),
        ("bytes=5-4", 200, (0, None)),
        ("bytes=0-1,4-5", 200, (0, None)),
        ("lines=1-2", 200, (0, None)),
    ],
)
def test_player_gets_the_part_that_it_asks_for(
    ciltuk: Institute,
    member_client: MemberClient,
    video: Video,
    asked: str,
    status: int,
    span: tuple[int, int | None],
) -> None:
    browser = member_client(ciltuk, someone("mentee"))
    answer = browser.get(f"/resources/videos/{video.pk}/", HTTP_RANGE=asked)
    part = MP4[span[0] : span[1]]
    assert answer.status_code == status
    assert b"".join(answer) == part
    assert answer.headers["Content-Length"] == str(len(part))
    assert ("Content-Range" in answer.headers) == (status == 206)


def test_player_that_asks_beyond_the_end_is_told_the_length(
    ciltuk: Institute, member_client: MemberClient, video: Video
) -> None:
    browser = member_client(ciltuk, someone("mentee"))
    answer = browser.get(f"/resources/videos/{video.pk}/", HTTP_RANGE="bytes=999999-")
    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(MP4)}"


def test_mentor_and_guest_do_not_get_a_video_for_mentees(
    ciltuk: Institute, member_client: MemberClient, video: Video
) -> None:
    for who in (someone("mentor"), None):
        browser = member_client(ciltuk, who)
        assert browser.get(f"/resources/videos/{video.pk}/").status_code == 404
        assert browser.get(f"/resources/videos/{video.pk}/captions.vtt").status_code == 404


def test_video_elsewhere_is_named_and_nothing_of_it_is_loaded(
    ciltuk: Institute, member_client: MemberClient, guide: Guide
) -> None:
    services.link_video(
        Video(guide=guide, title="A talk", link="https://www.videos.example/watch?v=1&t=2")
    )
    page = member_client(ciltuk, someone("mentee")).get("/resources/yard/").content.decode()
    assert "is at <strong>videos.example</strong>" in page
    assert "Play it at videos.example" in page
    for loader in ("<iframe", "<video", "<embed", "<object"):
        assert loader not in page
    assert 'rel="noopener noreferrer" referrerpolicy="no-referrer"' in page


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        ({"title": "V"}, "Give a file or the web page"),
        ({"title": "V", "link": "javascript:alert(1)"}, "starts with https://"),
        ({"title": "V", "link": "https://name@host.example/v"}, "starts with https://"),
        ({"title": "V", "link": "http://host.example/v"}, "starts with https://"),
    ],
)
def test_staff_are_told_what_is_wrong_with_a_link(given: dict[str, str], wrong: str) -> None:
    form = VideoForm({"order": "0", **given})
    assert not form.is_valid()
    assert wrong in str(form.errors)


@pytest.mark.parametrize("content", [b"<html></html>", b"", b"\x00" * 80, WEBM[:8] + bytes(99)])
def test_file_that_is_no_video_is_refused(content: bytes) -> None:
    with pytest.raises(Unfit):
        services.check_video(upload("clip.mp4", content))


def test_webm_is_known_by_its_content() -> None:
    assert services.check_video(upload("clip.mp4", WEBM)) == "video/webm"


@pytest.mark.parametrize(
    "content", [b"1\n00:00 --> 00:01\nHi", b"WEBVTT\n", b"\xff\xfe", b"WEBVTTx"]
)
def test_captions_have_to_be_captions(content: bytes) -> None:
    with pytest.raises(Unfit):
        rules.captions_text(content)


@pytest.mark.django_db(transaction=True)
def test_video_takes_its_file_with_it(video: Video) -> None:
    name = video.stored_as
    assert default_storage.exists(name)
    with transaction.atomic():
        video.delete()
    assert not default_storage.exists(name)


def test_staff_add_a_picture_which_is_drawn_anew_and_a_guide_shows_it(
    ciltuk: Institute, member_client: MemberClient, guide: Guide
) -> None:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    Image.new("RGB", (60, 40), "teal").save(out, "JPEG", exif=exif)
    staff = member_client(ciltuk, someone(is_staff=True))
    answer = staff.post(
        "/staff/resources/picture/add/",
        {"file": upload("yard.jpg", out.getvalue()), "key": "yard-at-dawn", "alt": "A yard"},
    )
    assert answer.status_code == 302, answer.content.decode()
    Guide.objects.filter(pk=guide.pk).update(
        body="![](yard-at-dawn) ![spy](https://spy.example/p.gif) ![gone](not-there)"
    )
    browser = member_client(ciltuk, someone("mentee"))
    page = browser.get("/resources/yard/").content.decode()
    assert 'src="/resources/pictures/yard-at-dawn/" alt="A yard" width="60" height="40"' in page
    assert "spy.example" not in page
    assert "gone" in page
    shown = browser.get("/resources/pictures/yard-at-dawn/")
    content = b"".join(shown)
    assert b"taken at home" not in content
    assert shown.headers["Content-Type"] == "image/jpeg"
    assert member_client(ciltuk).get("/resources/pictures/yard-at-dawn/").status_code == 404


def test_picture_without_words_or_of_another_kind_is_refused(
    ciltuk: Institute, member_client: MemberClient
) -> None:
    staff = member_client(ciltuk, someone(is_staff=True))
    drawing = upload("x.svg", b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/>")
    page = staff.post(
        "/staff/resources/picture/add/", {"file": drawing, "key": "x", "alt": ""}
    ).content.decode()
    assert "is no picture that can be shown" in page
    assert "This field is required" in page
    assert not Picture.objects.filter(key="x").exists()


def test_staff_look_at_a_guide_before_they_publish_it(
    ciltuk: Institute, member_client: MemberClient
) -> None:
    staff = member_client(ciltuk, someone(is_staff=True))
    before = Guide.objects.count()
    page = staff.post(
        "/staff/guides/preview/",
        {"title": "New", "summary": "S", "body": "Send {{ a_request }} **now** <script>x</script>"},
    ).content.decode()
    assert "Send a request <strong>now</strong>" in page
    assert "<script>x" not in page
    assert Guide.objects.count() == before
    member = member_client(ciltuk, someone("mentee"))
    assert member.post("/staff/guides/preview/", {"body": "x"}).status_code == 404


def test_guide_that_names_a_picture_which_is_not_there_is_not_saved(
    ciltuk: Institute, member_client: MemberClient, guide: Guide
) -> None:
    staff = member_client(ciltuk, someone(is_staff=True))
    answer = staff.post(staff_page(guide), {**fields_of(guide), "body": "![x](no-such)"})
    assert "There is no picture “no-such”" in answer.content.decode()
