"""YAML read with the place of every key, and with none of YAML's surprises.

Only plain text, whole numbers, decimals, true/false and null are known: "no" and "12:30" stay text.
Anchors, tags, merges and several documents in one file are refused, so a small file stays small
when it is read. Source: product, "Bundle".
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from tenants.bundles.problems import Path, Problem, dotted

DEEPEST = 12
MOST_NODES = 20_000
_LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)
_WHOLE = re.compile(r"[-+]?[0-9]{1,18}")
_DECIMAL = re.compile(r"[-+]?[0-9]{1,18}\.[0-9]{1,18}")


@dataclass
class Document:
    """The data of one YAML text, and the line on which each path stands."""

    file: str
    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    first_line: int = 1

    def line(self, path: Path) -> int:
        """The line of a path, or of its nearest parent that is written in the file."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, self.first_line)

    def problem(self, path: Path, message: str) -> Problem:
        return Problem(self.file, self.line(path), dotted(path), message)


class _RefusedError(Exception):
    def __init__(self, line: int, message: str) -> None:
        self.line = line
        self.message = message
        super().__init__(message)


def read_yaml(file: str, text: str, *, first_line: int = 1) -> Document:
    """In: a file's name for messages and its text. Out: its document; what is wrong with it as
    YAML is in `problems`, and then `data` is None or lacks what could not be read."""
    document = Document(file, first_line=first_line)
    try:
        _refuse_tricks(text)
        node = yaml.compose(text, Loader=_LOADER)
        if node is not None:
            document.data = _plain(node, (), document)
    except _RefusedError as refused:
        document.problems.append(Problem(file, refused.line + first_line - 1, "", refused.message))
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = first_line + (mark.line if mark is not None else 0)
        document.problems.append(
            Problem(file, line, "", f"This is not valid YAML: {_in_words(error.problem)}.")
        )
    except yaml.YAMLError:
        document.problems.append(
            Problem(file, first_line, "", "This holds characters that do not belong in YAML.")
        )
    return document


def _in_words(problem: str | None) -> str:
    if problem and "mapping values are not allowed" in problem:
        return "a colon stands inside a text; put the whole text in quotes"
    if problem and "expected ',' or" in problem:
        return (
            "something in these brackets does not fit; put a text with a colon, comma or bracket "
            "in quotes"
        )
    return problem or "it cannot be read"


def _refuse_tricks(text: str) -> None:
    depth = nodes = documents = 0
    events: Iterable[Any] = yaml.parse(text, Loader=_LOADER)
    for event in events:
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _RefusedError(
                line, "Anchors and aliases (& and *) are not allowed: write it out."
            )
        if isinstance(event, yaml.NodeEvent):
            nodes += 1
            if getattr(event, "tag", None):
                raise _RefusedError(
                    line, "Tags (a word with ! before it) are not allowed: remove it."
                )
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise _RefusedError(line, f"This is nested more than {DEEPEST} levels deep.")
        if nodes > MOST_NODES:
            raise _RefusedError(line, f"This holds more than {MOST_NODES:,} entries.")
        if documents > 1:
            raise _RefusedError(
                line, "A second document starts here (---): one file holds only one."
            )


def _plain(node: Node, path: Path, document: Document) -> Any:
    document.lines.setdefault(path, node.start_mark.line + document.first_line)
    if isinstance(node, ScalarNode):
        return _scalar(node)
    if isinstance(node, SequenceNode):
        return [_plain(item, (*path, at), document) for at, item in enumerate(node.value)]
    assert isinstance(node, MappingNode)
    result: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + document.first_line
        if not isinstance(key_node, ScalarNode):
            document.problems.append(
                Problem(document.file, line, dotted(path), "A key has to be a plain word.")
            )
            continue
        key = str(key_node.value)
        here = (*path, key)
        if key in result:
            document.problems.append(
                Problem(
                    document.file,
                    line,
                    dotted(here),
                    f"This key is here twice, first on line {document.lines[here]}: keep one.",
                )
            )
            continue
        document.lines[here] = line
        result[key] = _plain(value_node, here, document)
    return result


def _scalar(node: ScalarNode) -> Any:
    text = str(node.value)
    if node.style:  # quoted or a block: the author means text
        return text
    if text in ("", "~", "null"):
        return None
    if text in ("true", "false"):
        return text == "true"
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text):
        return float(text)
    return text
