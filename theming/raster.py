"""Logos that are pictures: drawn anew as a small PNG and wrapped into a drawing of one picture.

So a logo is one SVG text everywhere: on pages, in the favicon, in printed papers, in bundles.
"""

import base64
import binascii
import re
from io import BytesIO

from PIL import Image, UnidentifiedImageError

MAX_FILE = 2_000_000
MAX_PIXELS = 24_000_000
_SIDES = (240, 176, 128, 96)
_MAX_PACKED = 40_000
SIGNATURE = b"\x89PNG\r\n\x1a\n"
_WRAPPED = re.compile(
    r'<svg xmlns="http://www\.w3\.org/2000/svg" viewBox="0 0 \d{1,4} \d{1,4}">'
    r'<image width="\d{1,4}" height="\d{1,4}" '
    r'href="data:image/png;base64,([A-Za-z0-9+/]+={0,2})"/></svg>'
)


class PictureRefused(ValueError):
    """Not a picture that can be a logo; the message says why."""


def wrapped(source: bytes) -> str:
    """A PNG as a drawing of one picture, at most 240 pixels wide or high. Raises PictureRefused."""
    if len(source) > MAX_FILE:
        raise PictureRefused(f"The picture is larger than {MAX_FILE // 1_000_000} MB.")
    try:
        with Image.open(BytesIO(source), formats=("PNG",)) as picture:
            if picture.width * picture.height > MAX_PIXELS:
                raise PictureRefused("The picture has too many pixels. Make it smaller.")
            if getattr(picture, "is_animated", False):
                raise PictureRefused("The picture moves. Use one that stands still.")
            still = picture.convert("RGBA")
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as problem:
        if isinstance(problem, PictureRefused):
            raise
        raise PictureRefused("The picture cannot be read as PNG.") from None
    except Image.DecompressionBombError:
        raise PictureRefused("The picture has too many pixels. Make it smaller.") from None
    for side in _SIDES:
        still.thumbnail((side, side))
        packed = _packed(still)
        if len(packed) <= _MAX_PACKED:
            break
    width, height = still.size
    text = base64.b64encode(packed).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
        f'<image width="{width}" height="{height}" href="data:image/png;base64,{text}"/></svg>'
    )


def unwrapped(drawing: str) -> bytes | None:
    """The PNG of a drawing that `wrapped` made; None for any other text."""
    found = _WRAPPED.fullmatch(drawing.strip())
    if not found:
        return None
    try:
        return base64.b64decode(found[1], validate=True)
    except binascii.Error:
        return None


def _packed(picture: Image.Image) -> bytes:
    into = BytesIO()
    picture.save(into, "PNG", optimize=True)
    return into.getvalue()
