"""What a video, a captions file and a link have to be, and which stages there are (pure)."""

import re
from collections.abc import Mapping
from typing import Any, BinaryIO, Final
from urllib.parse import urlsplit

from core.kernel.files import Unfit

MEGABYTE = 1_000_000
LARGEST_VIDEO = 200 * MEGABYTE
LARGEST_PICTURE = 20 * MEGABYTE
LARGEST_CAPTIONS = 400_000
PICTURES: Final = ("jpg", "jpeg", "png", "gif", "webp")
BEFORE_THE_JOURNEY: Final = {"any": "Any time", "start": "Before you start"}
JOURNEY: Final = {
    "first_conversation": "First conversation",
    "progression": "Progression",
    "completion": "Completion",
}
_NAMED = re.compile(r"!\[[^\]]{0,300}\]\(([a-z0-9][a-z0-9-]{0,79})\)")
_WEBM = b"\x1a\x45\xdf\xa3"
_MP4_BRANDS = (b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ",
               b"dash", b"MSNV")  # fmt: skip


def stages_of(plan: Mapping[str, Any] | None) -> dict[str, str]:
    """The stages that a guide can belong to, with their names: two of our own and those of the
    institute's plan of the journey, and the usual ones, which a plan may refer to."""
    named = {
        str(stage["key"]): str(stage["label"])
        for stage in (plan or {}).get("stages", [])
        if isinstance(stage, dict) and stage.get("key") and stage.get("label")
    }
    return {**BEFORE_THE_JOURNEY, **named, **{k: v for k, v in JOURNEY.items() if k not in named}}


def pictures_named(source: str) -> list[str]:
    """The keys of the pictures that a text shows."""
    return list(dict.fromkeys(_NAMED.findall(source)))


def video_type(file: BinaryIO) -> str:
    """The content type of a video, by what is in it. Raises Unfit for anything but MP4 and WebM."""
    file.seek(0)
    head = file.read(64)
    file.seek(0)
    if head[4:8] == b"ftyp" and head[8:12] in _MP4_BRANDS:
        return "video/mp4"
    if head.startswith(_WEBM) and b"webm" in head:
        return "video/webm"
    raise Unfit("is not an MP4 or WebM video, whatever its name says.")


def captions_text(content: bytes) -> str:
    """The text of a WebVTT file. Raises Unfit."""
    if len(content) > LARGEST_CAPTIONS:
        raise Unfit("is too large for captions.")
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError:
        raise Unfit("is not text in UTF-8. Save it as UTF-8 and add it again.") from None
    if not re.match(r"WEBVTT(?:[ \t\n]|\Z)", text) or "\x00" in text:
        raise Unfit("is not a WebVTT file: it has to begin with the line WEBVTT.")
    if "-->" not in text:
        raise Unfit("holds no captions.")
    return text


def host_of(link: str) -> str:
    """The host of a web address; empty for what is none."""
    try:
        return (urlsplit(link).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def is_link(link: str) -> bool:
    """Whether a link to a video is a plain https address of a page elsewhere."""
    try:
        parts = urlsplit(link)
        host = parts.hostname or ""
        ok = parts.scheme == "https" and "." in host and parts.username is None
        _ = parts.port
    except ValueError:
        return False
    return ok and not re.search(r"[\s\x00-\x1f\x7f<>\"'\\]", link)
