"""What happens with guides, their pictures and their videos."""

from contextlib import suppress
from io import BytesIO
from typing import Any, BinaryIO, cast

from django.core.files import File
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from core.accounts.models import Person
from core.kernel.clock import now
from core.kernel.files import Unfit, drawn_anew, scan
from core.kernel.ids import new_id
from core.resources import rules
from core.resources.models import Guide, GuideRead, Picture, Video

Upload = UploadedFile[Any]


def mark_read(guide: Guide, *, by: Person) -> GuideRead:
    """Mark a guide as read; a second time changes nothing (product E11)."""
    mark, _ = GuideRead.objects.get_or_create(guide=guide, person=by)
    return mark


def mark_unread(guide: Guide, *, by: Person) -> None:
    """Take the mark away again."""
    GuideRead.objects.filter(guide=guide, person=by).delete()


def check_picture(upload: Upload) -> tuple[BytesIO, str, int, int]:
    """A picture drawn anew, its content type, width and height. Raises Unfit."""
    ending = (upload.name or "").rpartition(".")[2].lower()
    if ending not in rules.PICTURES:
        raise Unfit("is no picture that can be shown. Use JPEG, PNG, GIF or WebP.")
    if not upload.size or upload.size > rules.LARGEST_PICTURE:
        raise Unfit(f"has to be between 1 byte and {rules.LARGEST_PICTURE // rules.MEGABYTE} MB.")
    content = cast(BinaryIO, upload)
    scan(content)
    drawn, new_ending, width, height = drawn_anew(content, ending)
    return drawn, "image/jpeg" if new_ending == "jpg" else "image/png", width, height


def check_video(upload: Upload) -> str:
    """The content type of a video that may be kept. Raises Unfit."""
    if not upload.size or upload.size > rules.LARGEST_VIDEO:
        raise Unfit(f"has to be between 1 byte and {rules.LARGEST_VIDEO // rules.MEGABYTE} MB.")
    content = cast(BinaryIO, upload)
    kind = rules.video_type(content)
    scan(content)
    return kind


def keep_picture(
    picture: Picture, content: BinaryIO, *, content_type: str, width: int, height: int
) -> Picture:
    """Give a picture its file and save it. The file it had before goes when all is well.

    `content` is what `check_picture` drew, or a drawing that theming has cleaned.
    """
    picture.content_type, picture.width, picture.height = content_type, width, height
    _keep(picture, content)
    return picture


def keep_video(video: Video, upload: Upload, *, content_type: str) -> Video:
    """Give a video its file, which `check_video` has looked at, and save it."""
    video.content_type, video.size, video.link = content_type, upload.size or 0, ""
    _keep(video, cast(BinaryIO, upload))
    return video


def link_video(video: Video) -> Video:
    """Save a video that is elsewhere; a file that it had here goes."""
    old, video.stored_as, video.content_type, video.size = video.stored_as, "", "", 0
    video.captions = ""
    video.save()
    if old:
        transaction.on_commit(lambda: default_storage.delete(old))
    return video


def _keep(row: Picture | Video, content: BinaryIO) -> None:
    old = row.stored_as
    content.seek(0)
    row.stored_as = default_storage.save(f"guides/{now():%Y}/{new_id().hex}", File(content))
    try:
        row.save()
    except BaseException:
        with suppress(OSError):
            default_storage.delete(row.stored_as)
        raise
    if old:
        transaction.on_commit(lambda: default_storage.delete(old))
