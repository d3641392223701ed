"""Drawings from institutes, rebuilt from an allow-list.

A drawing is parsed as XML without a DTD and written anew: only shapes, groups and gradients, only
geometry and paint. No scripts, styles, links, pictures, texts or references out of the file.
"""

import re
import xml.etree.ElementTree as ET

from theming import raster

MAX_BYTES = 64_000
_MAX_NODES = 2_000
_MAX_DEPTH = 40
_SVG = "http://www.w3.org/2000/svg"
_TAGS = {
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "title",
    "defs", "linearGradient", "radialGradient", "stop", "clipPath",
}  # fmt: skip
_ATTRIBUTES = {
    "viewBox", "width", "height", "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx",
    "ry", "points", "transform", "fill", "fill-rule", "fill-opacity", "clip-rule", "clip-path",
    "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-miterlimit",
    "stroke-dasharray", "stroke-opacity", "opacity", "offset", "stop-color", "stop-opacity",
    "gradientUnits", "gradientTransform", "id", "fx", "fy", "preserveAspectRatio",
}  # fmt: skip
_VALUE = re.compile(r"[\w\s.,#%()+\-]*")
_REFERENCE = re.compile(r"url\(#[\w-]+\)")
_ID = re.compile(r"[A-Za-z][\w-]{0,63}")
_PAINT = re.compile(r"#[0-9a-fA-F]{3,8}|[a-zA-Z]+|rgba?\([\d\s.,%]+\)|url\(#[\w-]+\)")
_DECLARATION = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY|\[CDATA\[)|<\?(?!xml\s)", re.IGNORECASE)


class SvgRefused(ValueError):
    """Not a drawing that can be made safe; the message says why."""


def clean(source: bytes) -> str:
    """The drawing as safe SVG text with a viewBox. Raises SvgRefused.

    A PNG, and a drawing of nothing but one, comes back as a drawing of one picture made anew.
    """
    if source.startswith(raster.SIGNATURE):
        return _picture(source)
    if len(source) > MAX_BYTES:
        raise SvgRefused(f"The drawing is larger than {MAX_BYTES // 1000} kB.")
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SvgRefused("The drawing is not UTF-8 text.") from None
    if picture := raster.unwrapped(text):
        return _picture(picture)
    if _DECLARATION.search(text.encode()):
        raise SvgRefused("The drawing may not declare document types, entities or instructions.")
    try:
        root = ET.fromstring(text)  # noqa: S314 - no DTD can be in it, see the check above
    except ET.ParseError:
        raise SvgRefused("The drawing is not well-formed SVG.") from None
    if root.tag != f"{{{_SVG}}}svg":
        raise SvgRefused("The file is not an SVG drawing.")
    if sum(1 for _ in root.iter()) > _MAX_NODES:
        raise SvgRefused(f"The drawing has more than {_MAX_NODES} parts.")
    _box(root)
    for side in ("width", "height"):  # it is as large as the place where it stands
        root.attrib.pop(side, None)
    ET.register_namespace("", _SVG)
    return ET.tostring(_rebuilt(root, 1), encoding="unicode")


def left_out(source: bytes) -> list[str]:
    """The names of the parts of a drawing that `clean` leaves out: what moves, runs, loads or is
    written in a font. In: a drawing that `clean` took."""
    if source.startswith(raster.SIGNATURE) or raster.unwrapped(source.decode("utf-8-sig")):
        return []
    root = ET.fromstring(source.decode("utf-8-sig"))  # noqa: S314 - `clean` took it
    names = {node.tag.rpartition("}")[2] for node in root.iter()}
    return sorted(names - _TAGS - {"desc", "metadata"})


def is_blank(drawing: str) -> bool:
    """Whether nothing is drawn in a clean drawing."""
    return not re.search(r"<(?:path|rect|circle|ellipse|line|polyline|polygon|image)\b", drawing)


def _picture(source: bytes) -> str:
    try:
        return raster.wrapped(source)
    except raster.PictureRefused as refused:
        raise SvgRefused(str(refused)) from None


def _box(root: ET.Element) -> None:
    if re.fullmatch(r"\s*-?[\d.]+([\s,]+-?[\d.]+){3}\s*", root.get("viewBox", "")):
        return
    sizes = [re.fullmatch(r"([\d.]+)(?:px)?", root.get(side, "")) for side in ("width", "height")]
    if None in sizes:
        raise SvgRefused("The drawing needs a viewBox.")
    width, height = (size[1] for size in sizes if size)
    root.set("viewBox", f"0 0 {width} {height}")


def _rebuilt(node: ET.Element, depth: int) -> ET.Element:
    if depth > _MAX_DEPTH:
        raise SvgRefused(f"The drawing is nested more than {_MAX_DEPTH} levels deep.")
    tag = node.tag.removeprefix(f"{{{_SVG}}}")
    made = ET.Element(f"{{{_SVG}}}{tag}")
    for name, value in node.attrib.items():
        if name in _ATTRIBUTES and _safe(name, value):
            made.set(name, value)
    if tag == "title":
        made.text = (node.text or "")[:200]
    else:
        for child in node:
            if child.tag.removeprefix(f"{{{_SVG}}}") in _TAGS and child.tag.startswith("{"):
                made.append(_rebuilt(child, depth + 1))
    return made


def _safe(name: str, value: str) -> bool:
    if name == "id":
        return bool(_ID.fullmatch(value))
    if name in ("fill", "stroke", "stop-color"):
        return bool(_PAINT.fullmatch(value.strip()))
    if name == "clip-path":
        return bool(_REFERENCE.fullmatch(value.strip()))
    return bool(_VALUE.fullmatch(value)) and "url" not in value.lower()


def in_colour(drawing: str, colour: str) -> str:
    """A clean drawing with its `currentColor` set, for places that inherit none (favicon, mail)."""
    return drawing.replace("currentColor", colour)
