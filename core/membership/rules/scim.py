"""SCIM 2.0 (RFC 7643, RFC 7644) as far as it needs no database: names, filters, patches, parts.

A user is handled as the JSON object that goes over the line; keys are found whatever their case.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

USER: Final = "urn:ietf:params:scim:schemas:core:2.0:User"
MEMBER: Final = "urn:ietf:params:scim:schemas:extension:membership:2.0:User"
LIST: Final = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
PATCH: Final = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
ERROR: Final = "urn:ietf:params:scim:api:messages:2.0:Error"
CONFIG: Final = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
RESOURCE_TYPE: Final = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"
SCHEMA: Final = "urn:ietf:params:scim:schemas:core:2.0:Schema"

WRITABLE: Final = ("userName", "externalId", "name", "active", "emails", MEMBER)
READ_ONLY: Final = ("id", "schemas", "meta", "displayName")
_PARTS: Final = {
    "name": ("givenName", "familyName"),
    "emails": ("value", "primary", "type"),
    MEMBER: ("number", "status", "roles"),
}
_FILTER: Final = re.compile(
    r"""\s*([A-Za-z][\w.:\-]*)\s+eq\s+("(?:[^"\\]|\\.)*"|true|false)\s*""", re.IGNORECASE
)
_IN_EMAILS: Final = re.compile(
    r"""emails\s*\[\s*(\w+)\s+eq\s+("(?:[^"\\]|\\.)*"|true|false)\s*\]""", re.IGNORECASE
)


class ScimRefused(Exception):
    """Something that is answered with an error of SCIM; the text is for the other system's log."""

    def __init__(
        self, detail: str, *, status: int = HTTPStatus.BAD_REQUEST, kind: str = ""
    ) -> None:
        super().__init__(detail)
        self.detail, self.status, self.kind = detail, int(status), kind


@dataclass(frozen=True)
class Test:
    """One comparison of a filter: an attribute in lower case, and what it has to equal."""

    attribute: str
    value: str | bool


def read_filter(text: str) -> list[Test]:
    """The comparisons of a filter, all of which have to hold. Errors: ScimRefused."""
    text = _IN_EMAILS.sub(lambda found: f"emails.{found[1]} eq {found[2]}", text)
    tests = []
    place = 0
    while True:
        found = _FILTER.match(text, place)
        if found is None:
            break
        name = found[1].removeprefix(f"{USER}:").lower()
        value = found[2]
        is_flag = value.lower() in ("true", "false")
        tests.append(
            Test(name, value.lower() == "true" if is_flag else re.sub(r"\\(.)", r"\1", value[1:-1]))
        )
        place = found.end()
        if place == len(text):
            return tests
        joint = re.compile(r"and\s+", re.IGNORECASE).match(text, place)
        if joint is None:
            break
        place = joint.end()
    raise ScimRefused(
        "Only comparisons with “eq”, joined by “and”, can be asked for.", kind="invalidFilter"
    )


def plain(document: Mapping[str, Any]) -> dict[str, Any]:
    """The writable part of a user, with names as the schema spells them."""
    known = {name.lower(): name for name in WRITABLE}
    out: dict[str, Any] = {}
    for name, value in document.items():
        if (proper := known.get(str(name).lower())) is not None and value is not None:
            out[proper] = _tidy(proper, value)
    return out


def patched(document: Mapping[str, Any], operations: object) -> dict[str, Any]:
    """The writable part of a user after the operations of a PATCH. Errors: ScimRefused."""
    if not isinstance(operations, list) or not operations:
        raise ScimRefused("“Operations” must be a list with something in it.", kind="invalidSyntax")
    out = plain(document)
    for one in operations:
        if not isinstance(one, dict):
            raise ScimRefused("An operation must be an object.", kind="invalidSyntax")
        op = str(one.get("op", "")).lower()
        if op not in ("add", "replace", "remove"):
            raise ScimRefused("“op” must be add, replace or remove.", kind="invalidSyntax")
        path, value = one.get("path"), one.get("value")
        if path is None:
            if op == "remove" or not isinstance(value, dict):
                raise ScimRefused("Without a path, “value” must be an object.", kind="noTarget")
            for name, inner in value.items():
                _put(out, op, str(name), inner, lenient=True)
        elif isinstance(path, str) and path.strip():
            _put(out, op, path.strip(), value, lenient=False)
        else:
            raise ScimRefused("“path” must be a text.", kind="invalidPath")
    return out


def _put(out: dict[str, Any], op: str, path: str, value: Any, *, lenient: bool) -> None:
    attribute, part = _target(path)
    if attribute in READ_ONLY:
        if lenient:
            return
        raise ScimRefused(f"“{attribute}” cannot be changed.", kind="mutability")
    if attribute not in WRITABLE:
        if lenient:
            return
        raise ScimRefused(f"There is no “{path}” here.", kind="invalidPath")
    if not part:
        if op == "remove":
            out.pop(attribute, None)
        elif attribute in ("name", MEMBER) and isinstance(value, dict):
            out[attribute] = {**out.get(attribute, {}), **_tidy(attribute, value)}
        else:
            out[attribute] = _tidy(attribute, value)
        return
    if attribute == "emails":
        mails = out.get("emails") or [{"primary": True}]
        held = dict(mails[0])
    else:
        held = dict(out.get(attribute, {}))
    if op == "remove":
        held.pop(part, None)
    else:
        held[part] = value
    out[attribute] = [held] if attribute == "emails" else held


def _target(path: str) -> tuple[str, str]:
    """An attribute as the schema spells it, and the part of it that is meant or ""."""
    path = _IN_EMAILS.sub("emails", path)
    if path.lower().startswith(f"{USER}:".lower()):
        path = path[len(USER) + 1 :]
    known = {name.lower(): name for name in (*WRITABLE, *READ_ONLY)}
    if path.lower() in known:
        return known[path.lower()], ""
    joint = ":" if path.lower().startswith(MEMBER.lower()) else "."
    head, _, tail = path.rpartition(joint)
    attribute = known.get(head.lower(), path)
    parts = {one.lower(): one for one in _PARTS.get(attribute, ())}
    if tail.lower() not in parts:
        return path, ""
    return attribute, parts[tail.lower()]


def _tidy(attribute: str, value: Any) -> Any:
    """The parts of an attribute as the schema spells them."""
    parts = {one.lower(): one for one in _PARTS.get(attribute, ())}
    if attribute == "emails":
        listed = value if isinstance(value, list) else [value]
        if not all(isinstance(one, dict) for one in listed):
            raise ScimRefused("“emails” must be a list of objects.", kind="invalidValue")
        return [
            {parts[k.lower()]: v for k, v in one.items() if k.lower() in parts} for one in listed
        ]
    if not parts:
        return value
    if not isinstance(value, dict):
        raise ScimRefused(f"“{attribute}” must be an object.", kind="invalidValue")
    return {parts[k.lower()]: v for k, v in value.items() if k.lower() in parts}


def cut(document: dict[str, Any], wanted: str, unwanted: str) -> dict[str, Any]:
    """A resource with the attributes that were asked for (RFC 7644, 3.9)."""
    if wanted:
        names = {_head(one) for one in wanted.split(",")}
        always = {"id", "schemas"}
        return {k: v for k, v in document.items() if k in always or k.lower() in names}
    if unwanted:
        names = {_head(one) for one in unwanted.split(",")} - {"id", "schemas"}
        return {k: v for k, v in document.items() if k.lower() not in names}
    return document


def _head(path: str) -> str:
    """The attribute that a path begins with, in lower case."""
    path = path.strip()
    if path.lower().startswith(MEMBER.lower()):
        return MEMBER.lower()
    if path.lower().startswith(f"{USER}:".lower()):
        path = path[len(USER) + 1 :]
    return path.partition(".")[0].lower()
