"""Pydantic's findings as sentences for the author of a bundle."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from core.canvases.rules import KEY
from tenants.bundles import format as shape
from tenants.bundles.documents import Document
from tenants.bundles.problems import Path, Problem, listed, suggestion

_PATTERNS = {
    shape.KEY: "Use small letters, digits and underscores, a letter first, at most 48 in all.",
    KEY: "Use small letters, digits and underscores, a letter first, 40 at most.",
    shape.SLUG: "Use small letters, digits and hyphens, a letter first.",
    shape.LABEL_OF_HOST: "Use small letters, digits and hyphens, a letter first, 40 at most.",
    shape.LINE: "Write one line of text, with no space at either end.",
    shape.EMAIL: "Write an e-mail address such as mentoring@institute.example.",
    shape.COLOUR: "Write a colour as # and six hexadecimal digits, such as “#1f6f5c”, in quotes.",
    r"^https://[^\s]+$": "Write a full web address that starts with https://.",
}
_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list (lines that start with a hyphen)",
    "tuple_type": "a list (lines that start with a hyphen)",
    "model_type": "a group of keys",
    "dict_type": "a group of keys",
}


def findings(
    model: type[BaseModel], document: Document, errors: Iterable[ErrorDetails]
) -> list[tuple[Path, str, Problem]]:
    """Each of pydantic's errors as (path, pydantic's type, problem)."""
    result = []
    for error in errors:
        path: Path = error["loc"]
        problem = document.problem(path, _sentence(model, error))
        result.append((path, error["type"], problem))
    return result


def _sentence(model: type[BaseModel], error: ErrorDetails) -> str:
    kind = error["type"]
    facts: dict[str, Any] = error.get("ctx", {})
    match kind:
        case "missing":
            return "This key is missing: add it."
        case "extra_forbidden":
            known = known_keys(model, error["loc"][:-1])
            if error["input"] is None:
                return "This is no key here. If it belongs to a text, put the whole text in quotes."
            return "This key is not known here." + suggestion(str(error["loc"][-1]), known)
        case "literal_error":
            expected = str(facts["expected"]).replace(" or ", ", ")
            known = [part.strip(" '") for part in expected.split(",")]
            if str(error["input"]) in known:
                return f"Write {error['input']} without quotes."
            return f"Write {listed(known)}, not {_shown(error['input'])}." + suggestion(
                str(error["input"]), known
            )
        case "string_pattern_mismatch":
            told = _PATTERNS.get(str(facts["pattern"]), "This has not the expected form.")
            return f"{_shown(error['input'])} does not fit. {told}"
        case "string_too_long":
            return f"Use {facts['max_length']} characters or fewer; here are {len(error['input'])}."
        case "string_too_short":
            return "Write something here: it is empty."
        case "greater_than_equal":
            return f"Use {facts['ge']} or more, not {_shown(error['input'])}."
        case "less_than_equal":
            return f"Use {facts['le']} or less, not {_shown(error['input'])}."
        case "too_long":
            return f"List {facts['max_length']} at most; here are {facts['actual_length']}."
        case "too_short":
            return f"List {facts['min_length']} at least; here are {facts['actual_length']}."
        case "value_error":
            return str(error["msg"]).removeprefix("Value error, ") + "."
    if kind in _KINDS:
        return f"Write {_KINDS[kind]} here, not {_shown(error['input'])}."
    return f"{error['msg']}."


def known_keys(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that the model knows at a path; empty where it cannot tell."""
    here: Any = model
    for part in path:
        if isinstance(part, int):
            continue
        if part not in here.model_fields:
            return []
        here = _inner(here.model_fields[part].annotation)
        if here is None:
            return []
    return list(here.model_fields)


def _inner(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for argument in getattr(annotation, "__args__", ()):
        found = _inner(argument)
        if found is not None:
            return found
    return None


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a group of keys"
    if isinstance(value, list):
        return "a list"
    text = str(value)
    return f"“{text if len(text) <= 40 else text[:39] + '…'}”"
