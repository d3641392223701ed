"""A logo that is only a picture: SVG with shapes, and nothing that runs or loads."""

import re
from xml.parsers import expat

from tenants.bundles.problems import Problem, suggestion
from theming import svg

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
_OUTSIDE = re.compile(r"url\((?!\s*#[\w-]+\s*\))|javascript:|data:", re.IGNORECASE)


class _StopError(Exception):
    pass


def check_logo(name: str, content: bytes) -> list[Problem]:
    """Everything in the SVG that is not plain drawing, with its line."""
    problems: list[Problem] = []
    depth = 0
    parser = expat.ParserCreate()

    def found(message: str) -> None:
        problems.append(Problem(name, parser.CurrentLineNumber, "", message))

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth == 1 and tag != "svg":
            found("A logo starts with <svg>.")
        elif depth == 1 and "viewBox" not in attributes:
            found("The <svg> needs a viewBox, so that it can be drawn at any size.")
        if tag not in _ELEMENTS:
            found(f"<{tag[:40]}> is not allowed in a logo: use shapes and paths only.")
        for attribute, value in attributes.items():
            if attribute not in _ATTRIBUTES:
                found(
                    f"The attribute {attribute[:40]} is not allowed in a logo."
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
