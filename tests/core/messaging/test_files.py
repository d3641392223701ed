"""Files that go along with messages: what is taken, what is refused, who gets them."""

import io
import struct
import zipfile
import zlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from PIL import Image

from core.accounts.models import Person
from core.kernel import clock, signing
from core.kernel.ids import new_id
from core.messaging import errors, services
from core.messaging.events import MessageSent
from core.messaging.models import Attachment, Message
from core.messaging.rules.files import LONGEST_NAME, safe_name
from core.messaging.services import writing
from core.programme.models import Programme
from tests.core.messaging.conftest import Browser
from tests.factories.mentorships import make_mentee

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n%%EOF\n"
HTML = b"<html><script>alert(1)</script></html>"


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = str(tmp_path / "files")


def picture(form: str = "PNG", size: tuple[int, int] = (40, 30), **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "teal").save(out, form, **more)
    return out.getvalue()


def archive(*parts: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts:
            made.writestr(name, content)
    return out.getvalue()


DOCX = archive(("[Content_Types].xml", b"<Types/>"), ("word/document.xml", b"<w/>"))
ODT = archive(("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<o/>"))


def bomb() -> bytes:
    """A PNG of a few bytes that says it is 60,000 pixels wide and high."""

    def chunk(name: bytes, data: bytes) -> bytes:
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def thread(person: Person) -> str:
    return reverse("messaging:thread", args=[person.pk])


def upload(name: str, content: bytes, kind: str = "application/octet-stream") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=kind)


def sent(by: Person, to: Person, name: str, content: bytes) -> Attachment:
    files = services.check_files([upload(name, content)])
    message = services.send(to=to, text="", key=new_id(), by=by, files=files)
    return message.files.get()


def policy(**values: Any) -> None:
    programme = Programme.objects.get()
    programme.policies_data |= values
    programme.save()


GOOD = [
    ("notes.txt", "Grüße\tund\nZeilen".encode(), "text/plain"),
    ("table.csv", b"a,b\r\n1,2\r\n", "text/csv"),
    ("plan.pdf", PDF, "application/pdf"),
    ("cv.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("cv.odt", ODT, "application/vnd.oasis.opendocument.text"),
    ("me.png", picture(), "image/png"),
    ("me.JPG", picture("JPEG"), "image/jpeg"),
    ("me.gif", picture("GIF"), "image/png"),
    ("me.webp", picture("WEBP"), "image/png"),
]


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize(("name", "content", "kind"), GOOD, ids=[one[0] for one in GOOD])
def test_member_sends_a_file_the_other_gets_it(
    name: str, content: bytes, kind: str, mentor: Person, mentee: Person, browser: Browser
) -> None:
    form = {"text": "See this", "attachments": upload(name, content, "text/html")}
    assert browser(mentee).post(thread(mentor), form).status_code == 302
    found = Attachment.objects.get()
    assert found.content_type == kind
    page = browser(mentor).get(thread(mentee)).content.decode()
    assert found.name in page
    assert found.words in page
    answer = browser(mentor).get(reverse("messaging:file", args=[found.pk]), follow=True)
    assert answer.headers["Content-Type"].partition(";")[0] == kind
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    shown = answer.headers["Content-Disposition"].partition(";")[0]
    assert shown == ("inline" if kind.startswith("image/") else "attachment")
    body = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert body == content or kind.startswith("image/")
    assert len(body) == found.size


BAD = {
    "page": ("page.html", HTML),
    "drawing": ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"),
    "program": ("setup.exe", b"MZ" + bytes(100)),
    "two endings": ("cv.pdf.exe", b"MZ" + bytes(100)),
    "no ending": ("README", b"text"),
    "only an ending": (".pdf", PDF),
    "empty": ("empty.txt", b""),
    "page called pdf": ("cv.pdf", HTML),
    "pdf behind a page": ("cv.pdf", HTML + PDF),
    "page called picture": ("me.png", HTML),
    "gif called png": ("me.png", picture("GIF")),
    "svg called png": ("me.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
    "archive called docx": ("cv.docx", archive(("evil.exe", b"MZ"))),
    "docx called odt": ("cv.odt", DOCX),
    "macros": ("cv.docx", archive(
        ("[Content_Types].xml", b""), ("word/document.xml", b""), ("word/vbaProject.bin", b""))),
    "half an archive": ("cv.docx", DOCX[: len(DOCX) // 2]),
    "zip bomb": ("cv.docx", archive(
        ("[Content_Types].xml", b""), ("word/document.xml", b""), ("word/x", bytes(301 << 20)))),
    "picture bomb": ("me.png", bomb()),
    "half a picture": ("me.png", picture(size=(400, 400))[:200]),
    "bytes called text": ("notes.txt", b"a\x00b"),
    "latin text": ("notes.txt", "Grüße".encode("latin-1") + b" and so on"),
    "cut text": ("notes.txt", "Grü".encode()[:-1]),
    "right to left": ("cv\u202efdp.exe", b"MZ"),
}  # fmt: skip


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("what", BAD)
def test_member_sends_what_is_not_taken_and_keeps_the_text(
    what: str, mentor: Person, mentee: Person, browser: Browser
) -> None:
    name, content = BAD[what]
    form = {"text": "My words", "attachments": upload(name, content, "image/png")}
    answer = browser(mentee).post(thread(mentor), form)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a problem" in page
    assert "My words" in page
    assert "choose your files again" in page
    assert not Message.objects.exists()
    assert not Attachment.objects.exists()


@pytest.mark.usefixtures("asked")
def test_member_sends_too_large_a_file_and_is_told_the_size(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    policy(file_size_mb=1)
    big = upload("notes.txt", b"x" * 1_000_001)
    page = browser(mentee).post(thread(mentor), {"text": "", "attachments": big})
    assert "1 MB at most" in page.content.decode()
    services.check_files([upload("notes.txt", b"x" * 1_000_000)])


@pytest.mark.usefixtures("asked")
def test_member_sends_several_files_up_to_the_institutes_number(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    policy(files_per_message=2)
    three = [upload(f"{number}.txt", b"x") for number in range(3)]
    answer = browser(mentee).post(thread(mentor), {"attachments": three})
    assert "Choose 2 files or fewer." in answer.content.decode()
    two = [upload(f"{number}.txt", b"x") for number in range(2)]
    assert browser(mentee).post(thread(mentor), {"attachments": two}).status_code == 302
    assert [one.name for one in Attachment.objects.all()] == ["0.txt", "1.txt"]


@pytest.mark.usefixtures("asked")
def test_institute_takes_only_the_kinds_it_names(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    policy(file_kinds=["text"])
    with pytest.raises(errors.FilesRefused, match="txt, csv"):
        services.check_files([upload("cv.pdf", PDF)])
    policy(file_kinds=[])
    assert "Add files" not in browser(mentee).get(thread(mentor)).content.decode()
    with pytest.raises(errors.FilesRefused):
        services.check_files([upload("notes.txt", b"x")])


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("..\\..\\boot.txt", "boot.txt"),
        ("/etc/shadow.txt", "shadow.txt"),
        ("cv.php.txt", "cv-php.txt"),
        ("page.html.txt", "page-html.txt"),
        ("J. Smith v1.2.txt", "J. Smith v1.2.txt"),
        ("2026.11.22 notes.txt", "2026.11.22 notes.txt"),
        ("a\x00b\r\nc.txt", "abc.txt"),
        ("cv\u202etxt.pdf.txt", "cvtxt-pdf.txt"),
        ("...txt", "file.txt"),
        ("CON.txt", "file.txt"),
        ('a"b;c*d?.txt', "a b c d.txt"),
        ("Lebenslauf Ümit.txt", "Lebenslauf Ümit.txt"),
        ("x" * 10_000 + ".txt", "x" * (LONGEST_NAME - 4) + ".txt"),
        ("‮.txt", "file.txt"),
    ],
)
def test_name_of_a_file_is_only_a_name(name: str, kept: str) -> None:
    assert safe_name(name) == kept


@pytest.mark.usefixtures("asked")
def test_name_of_ten_thousand_characters_is_taken_short(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    form = {"attachments": upload("x" * 10_000 + ".txt", b"hello")}
    assert browser(mentee).post(thread(mentor), form).status_code == 302
    assert len(Attachment.objects.get().name) <= LONGEST_NAME


@pytest.mark.usefixtures("asked")
def test_picture_loses_what_came_with_it_and_its_surplus(mentor: Person, mentee: Person) -> None:
    exif = Image.Exif()
    exif[0x010F] = "CANARY camera"
    exif[0x0112] = 6  # lies on its side
    polyglot = picture("JPEG", (4000, 2000), exif=exif) + HTML
    found = sent(mentee, mentor, "me.jpg", polyglot)
    with default_storage.open(found.stored_as) as file:
        stored = file.read()
    assert b"CANARY" not in stored
    assert b"script" not in stored
    assert (found.width, found.height) == (1500, 3000)


@pytest.mark.usefixtures("asked")
def test_storage_knows_nothing_of_names_and_keeps_institutes_apart(
    mentor: Person, mentee: Person
) -> None:
    found = sent(mentee, mentor, "secret plan.txt", b"x")
    assert "secret" not in found.stored_as
    assert "." not in found.stored_as
    assert default_storage.exists(found.stored_as)


@pytest.mark.usefixtures("asked")
def test_nobody_but_the_two_gets_a_file(mentor: Person, mentee: Person, browser: Browser) -> None:
    found = sent(mentee, mentor, "notes.txt", b"for two")
    own = browser(mentor).get(reverse("messaging:file", args=[found.pk])).headers["Location"]
    third = browser(make_mentee(is_staff=True, is_superuser=True))
    assert third.get(reverse("messaging:file", args=[found.pk])).status_code == 404
    assert third.get(own).status_code == 404
    assert browser(mentee).get(own).status_code == 404
    assert browser(mentor).get(own).status_code == 200


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("fault", ["old", "altered", "other purpose", "nonsense"])
def test_link_to_a_file_is_good_for_minutes_and_for_nothing_else(
    fault: str, mentor: Person, mentee: Person, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = sent(mentee, mentor, "notes.txt", b"x")
    value = f"{found.pk}:{mentor.pk}"
    token = signing.sign("message file", value)
    if fault == "old":
        monkeypatch.setattr("core.messaging.pages.files.LINK_LASTS", timedelta(seconds=-1))
    elif fault == "altered":
        token = token.replace(str(mentor.pk), str(mentee.pk))
    elif fault == "other purpose":
        token = signing.sign("something else", value)
    else:
        token = "%00:%ff:.."
    answer = browser(mentor).get(reverse("messaging:content", args=[token]))
    assert answer.status_code == 404


@pytest.mark.usefixtures("asked")
def test_file_that_the_storage_has_lost_is_not_found(
    mentor: Person, mentee: Person, browser: Browser
) -> None:
    found = sent(mentee, mentor, "notes.txt", b"x")
    default_storage.delete(found.stored_as)
    address = reverse("messaging:file", args=[found.pk])
    assert browser(mentor).get(address, follow=True).status_code == 404


@pytest.mark.usefixtures("asked")
def test_storage_or_receiver_fails_nothing_is_left(
    mentor: Person, mentee: Person, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def fails(event: object) -> None:
        if isinstance(event, MessageSent):
            raise RuntimeError("planted")

    monkeypatch.setattr(writing, "tell", fails)
    with pytest.raises(RuntimeError, match="planted"), transaction.atomic():
        sent(mentee, mentor, "notes.txt", b"x")
    assert not Message.objects.exists()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.mark.usefixtures("asked")
def test_form_sent_twice_stores_its_files_once(
    mentor: Person, mentee: Person, tmp_path: Path
) -> None:
    key = new_id()
    for _ in range(2):
        files = services.check_files([upload("notes.txt", b"x")])
        services.send(to=mentor, text="", key=key, by=mentee, files=files)
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


@pytest.mark.usefixtures("asked")
def test_request_with_more_than_anybody_may_send_is_cut_short(
    mentor: Person, mentee: Person, browser: Browser, settings: Any
) -> None:
    settings.UPLOAD_LIMIT = 1000
    form = {"text": "x", "attachments": upload("notes.txt", b"x" * 2000)}
    assert browser(mentee).post(thread(mentor), form).status_code == 400
    assert not Message.objects.exists()


def test_files_of_the_past_stay_where_they_were_stored(mentor: Person, mentee: Person) -> None:
    with clock.frozen(clock.now() - timedelta(days=800)):
        asked = services.ask(
            to=mentor,
            text="",
            key=new_id(),
            by=mentee,
            files=services.check_files([upload("notes.txt", b"x")]),
        )
    found = asked.files.get()
    assert found.stored_as.startswith(f"messages/{asked.sent_at:%Y}/")
