"""Drawings that are only pictures: SVG with shapes, and nothing that runs or loads."""

import re
import xml.etree.ElementTree as ET
from io import BytesIO
from xml.parsers import expat

from PIL import Image

from core.kernel.files import Unfit, drawn_anew, scan
from tenants.bundles.problems import Problem, suggestion
from theming import raster, svg

_ELEMENTS = {
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "title",
    "desc", "defs", "linearGradient", "radialGradient", "stop", "clipPath",
}  # fmt: skip
_ATTRIBUTES = {
    "xmlns", "viewBox", "width", "height", "role", "aria-label", "aria-hidden", "aria-labelledby",
    "preserveAspectRatio", "id", "d", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx",
    "ry", "points", "fill", "fill-rule", "fill-opacity", "stroke", "stroke-width",
    "stroke-linecap", "stroke-linejoin", "stroke-opacity", "stroke-dasharray", "opacity",
    "transform", "clip-path", "clip-rule", "gradientUnits", "gradientTransform", "offset",
    "stop-color", "stop-opacity", "focusable",
}  # fmt: skip
_SVG = "{http://www.w3.org/2000/svg}"
_OUTSIDE = re.compile(r"url\((?!\s*#[\w-]+\s*\))|javascript:|data:", re.IGNORECASE)


class _StopError(Exception):
    pass


def check_drawing(name: str, content: bytes, what: str = "logo") -> list[Problem]:
    """Everything in the SVG that is not plain drawing, with its line. `what` names it.

    A drawing of nothing but one picture, as staff's PNG logos are kept, is checked as that.
    """
    problems: list[Problem] = []
    if raster.unwrapped(content.decode("utf-8", "replace")) is not None:
        try:
            svg.clean(content)
        except svg.SvgRefused as refused:
            problems.append(Problem(name, 0, "", str(refused)))
        return problems
    depth = 0
    parser = expat.ParserCreate()

    def found(message: str) -> None:
        problems.append(Problem(name, parser.CurrentLineNumber, "", message))

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth == 1 and tag != "svg":
            found(f"A {what} starts with <svg>.")
        elif depth == 1 and "viewBox" not in attributes:
            found("The <svg> needs a viewBox, so that it can be drawn at any size.")
        if tag not in _ELEMENTS:
            found(f"<{tag[:40]}> is not allowed in a {what}: use shapes and paths only.")
        for attribute, value in attributes.items():
            if attribute not in _ATTRIBUTES:
                found(
                    f"The attribute {attribute[:40]} is not allowed in a {what}."
                    + suggestion(attribute, sorted(_ATTRIBUTES))
                )
            elif _OUTSIDE.search(value):
                found(f"The attribute {attribute} may point only to things in this file.")

    def end(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_arguments: object) -> None:
        found("Remove the <!DOCTYPE> and everything in it.")
        raise _StopError  # before any entity in it is read

    def instruction(target: str, _data: str) -> None:
        found(f"Remove the <?{target[:40]}> line.")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = doctype
    parser.ProcessingInstructionHandler = instruction
    try:
        parser.Parse(content, True)
    except _StopError:
        pass
    except expat.ExpatError as error:
        problems.append(Problem(name, error.lineno, "", "This is not a well-formed SVG file."))
    if not problems:
        try:
            svg.clean(content)
        except svg.SvgRefused as error:
            problems.append(Problem(name, 0, "", str(error)))
    return problems


def check_picture(name: str, content: bytes) -> list[Problem]:
    """The same for a picture of the guides, which has to say what it shows."""
    problems = check_drawing(name, content, "picture")
    if not problems and not shown_in(content):
        message = "Say what the picture shows: a <title> as the first thing in the <svg>."
        problems.append(Problem(name, 1, "", message))
    return problems


def shown_in(content: bytes) -> str:
    """What a good drawing says that it shows: the text of its <title>."""
    drawing = ET.fromstring(svg.clean(content))  # noqa: S314 - rebuilt from an allow-list
    return " ".join((drawing.findtext(f"{_SVG}title") or "").split())


def check_raster(name: str, content: bytes) -> list[Problem]:
    """What is wrong with a photograph or screenshot: it has to be what its name says."""
    try:
        scan(BytesIO(content))
        drawn_anew(BytesIO(content), name.rpartition(".")[2])
    except Unfit as refused:
        return [Problem(name, 0, "", f"This picture {refused}")]
    return []


def measures(content: bytes) -> tuple[str, int, int]:
    """The content type, width and height of a picture that `check_raster` found good."""
    with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as picture:
        return f"image/{str(picture.format).lower()}", picture.width, picture.height


def retitled(drawing: str, alt: str) -> str:
    """A clean drawing that says that it shows `alt`."""
    if shown_in(drawing.encode()) == " ".join(alt.split()):
        return drawing
    root = ET.fromstring(drawing)  # noqa: S314 - rebuilt from an allow-list
    title = root.find(f"{_SVG}title")
    if title is None:
        title = ET.Element(f"{_SVG}title")
        root.insert(0, title)
    title.text = alt
    ET.register_namespace("", _SVG[1:-1])
    return svg.clean(ET.tostring(root))


def size_of(drawing: str) -> tuple[int, int]:
    """The width and height of a clean drawing's view box."""
    box = ET.fromstring(drawing).get("viewBox", "")  # noqa: S314 - rebuilt from an allow-list
    _, _, width, height = (float(part) for part in re.split(r"[\s,]+", box.strip()))
    return max(1, min(4000, round(width))), max(1, min(4000, round(height)))
