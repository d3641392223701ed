"""What is looked at before a file is taken: viruses, and pictures, which are drawn anew.

What is shown was written by us, without position data and surprises.
"""

import warnings
from collections.abc import Callable
from io import BytesIO
from typing import BinaryIO, Final

from django.conf import settings
from django.utils.module_loading import import_string
from PIL import Image, ImageOps

from core.kernel.scanning import ScannerDown

MOST_PIXELS = 40_000_000
LONGEST_EDGE = 3000
_READ: Final = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "gif": "GIF", "webp": "WEBP"}


class Unfit(Exception):
    """The file cannot be taken; the message is a sentence that follows the file's name."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


def scan(content: BinaryIO) -> None:
    """Ask the scanner that the settings name. Raises Unfit; without its answer nothing is taken."""
    if not settings.FILE_SCANNER:
        return
    look: Callable[[BinaryIO], str] = import_string(settings.FILE_SCANNER)
    content.seek(0)
    try:
        found = look(content)
    except ScannerDown:
        raise Unfit(
            "cannot be checked for viruses at the moment. Try again in a few minutes."
        ) from None
    if found:
        raise Unfit("was refused by the virus scanner.")


def drawn_anew(file: BinaryIO, ending: str) -> tuple[BytesIO, str, int, int]:
    """The picture as JPEG or PNG, its ending, width and height. Raises Unfit.

    Only the reader of the format that the ending names looks at the bytes. An animation keeps its
    first picture.
    """
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(file, formats=(_READ[ending],)) as opened:
                if opened.width * opened.height > MOST_PIXELS:
                    raise Unfit("has too many pixels. Make it smaller and add it again.")
                return _drawn(opened)
    except Unfit:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise Unfit("has too many pixels. Make it smaller and add it again.") from None
    except Exception:  # a picture made to hurt can raise nearly anything
        raise Unfit("is damaged, or is no such picture, whatever its name says.") from None


def _drawn(opened: Image.Image) -> tuple[BytesIO, str, int, int]:
    as_jpeg = opened.format == "JPEG"
    if as_jpeg:
        opened.draft("RGB", (LONGEST_EDGE, LONGEST_EDGE))
    opened.load()
    picture = ImageOps.exif_transpose(opened)
    picture = picture.convert("RGB" if as_jpeg else _mode(picture))
    picture.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    # A fresh canvas: nothing that came with the file (texts, positions, profiles) goes along.
    clean = Image.new(picture.mode, picture.size)
    clean.paste(picture)
    out = BytesIO()
    if as_jpeg:
        clean.save(out, "JPEG", quality=86)
    else:
        clean.save(out, "PNG")
    out.seek(0)
    return out, "jpg" if as_jpeg else "png", clean.width, clean.height


def _mode(picture: Image.Image) -> str:
    return "RGBA" if picture.has_transparency_data else "RGB"
