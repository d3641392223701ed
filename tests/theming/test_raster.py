"""PNG logos: drawn anew, small, the same every time, and good in a bundle."""

import base64
from io import BytesIO

import pytest
from PIL import Image, PngImagePlugin

from tenants.bundles.pictures import check_drawing
from theming import raster, svg


def png(size: tuple[int, int], *, noise: bool = False, words: str = "") -> bytes:
    into, info = BytesIO(), PngImagePlugin.PngInfo()
    if words:
        info.add_text("Comment", words)
    picture = Image.effect_noise(size, 90).convert("RGBA") if noise else Image.new("RGBA", size)
    picture.save(into, "PNG", pnginfo=info)
    return into.getvalue()


@pytest.mark.parametrize("source", [png((9, 9)), png((900, 30)), png((700, 700), noise=True)])
def test_a_picture_becomes_one_small_drawing_and_the_same_one_when_it_is_read_again(
    source: bytes,
) -> None:
    drawing = svg.clean(source)
    assert len(drawing.encode()) <= svg.MAX_BYTES
    assert svg.clean(drawing.encode()) == drawing
    assert not svg.is_blank(drawing)
    assert check_drawing("logo.svg", drawing.encode()) == []


def test_what_a_picture_says_beside_its_pixels_is_gone() -> None:
    drawing = svg.clean(png((20, 20), words="taken at home"))
    assert b"taken at home" not in (raster.unwrapped(drawing) or b"")


def test_a_wrapped_picture_that_is_none_is_refused() -> None:
    spoiled = base64.b64encode(raster.SIGNATURE + b"no picture").decode()
    good = svg.clean(png((9, 9)))
    packed = good.split("base64,")[1].split('"')[0]
    with pytest.raises(svg.SvgRefused, match="cannot be read"):
        svg.clean(good.replace(packed, spoiled).encode())
    assert check_drawing("logo.svg", good.replace(packed, spoiled).encode())


def test_a_drawing_with_a_picture_beside_other_things_loses_the_picture() -> None:
    good = svg.clean(png((9, 9)))
    mixed = good.replace("</svg>", '<path d="M0 0"/><script>alert(1)</script></svg>')
    assert "base64" not in svg.clean(mixed.encode())
    assert svg.left_out(mixed.encode()) == ["image", "script"]
