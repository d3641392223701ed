"""Every deed that the code can write into the audit trail has words for people."""

import ast
import importlib
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from core.kernel.deeds import PHRASES, phrase

ROOT = Path(__file__).resolve().parents[3]
PLACES = {"core": ROOT, "tenants": ROOT, "theming": ROOT, "config": ROOT / "platform",
          "console": ROOT / "platform"}  # fmt: skip
DOORS = {"audit", "deeds"}
Call = tuple[str, ast.FunctionDef | None, ast.Call]


def trees() -> dict[str, ast.Module]:
    found = {}
    for package, base in PLACES.items():
        for path in (base / package).rglob("*.py"):
            parts = path.relative_to(base).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            if "migrations" not in parts:
                found[name] = ast.parse(path.read_text(encoding="utf-8"))
    assert len(found) > 300
    return found


class Collector:
    """Follows what stands in the place of the verb: words, choices, and what callers give."""

    def __init__(self, found: dict[str, ast.Module]) -> None:
        self.verbs: set[str] = set()
        self.unclear: list[str] = []
        self.calls: dict[str, list[Call]] = defaultdict(list)
        for module, tree in found.items():
            inside: dict[ast.AST, ast.FunctionDef] = {}
            for function in ast.walk(tree):
                if isinstance(function, ast.FunctionDef):
                    inside |= dict.fromkeys(ast.walk(function), function)
            for node in ast.walk(tree):
                if isinstance(node, ast.Call):
                    self.calls[_called(node)].append((module, inside.get(node), node))
        for module, tree in found.items():
            for function in ast.walk(tree):
                if isinstance(function, ast.FunctionDef) and module != "core.kernel.audit":
                    for node in ast.walk(function):
                        if isinstance(node, ast.Call) and _is_door(node) and node.args:
                            self._take(module, function, node.args[0])

    def _take(self, module: str, function: ast.FunctionDef, verb: ast.expr) -> None:
        texts = self._texts(module, function, verb, depth=0)
        self.verbs |= texts
        if not texts:
            self.unclear.append(f"{module}: {ast.unparse(verb)}")

    def _texts(
        self, module: str, function: ast.FunctionDef | None, node: ast.expr, depth: int
    ) -> set[str]:
        if isinstance(node, ast.Constant):
            return {node.value} if isinstance(node.value, str) and node.value else set()
        if isinstance(node, ast.IfExp):
            return self._texts(module, function, node.body, depth) | self._texts(
                module, function, node.orelse, depth
            )
        if isinstance(node, ast.JoinedStr):
            texts = {""}
            for part in node.values:
                inner = part.value if isinstance(part, ast.FormattedValue) else part
                texts = {
                    text + more
                    for text in texts
                    for more in self._texts(module, function, inner, depth)
                }
            return texts
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name):
            table = _value(module, node.value.id)
            return {str(one) for one in table.values()} if isinstance(table, dict) else set()
        if isinstance(node, ast.Attribute):
            value = _evaluated(module, node)
            if isinstance(value, str):
                return {str(value)}
            if node.attr == "verbose_name":
                return {"section", "field", "option"}
            return set()
        if isinstance(node, ast.Name):
            return self._named(module, function, node.id, depth)
        return set()

    def _named(
        self, module: str, function: ast.FunctionDef | None, name: str, depth: int
    ) -> set[str]:
        value = _value(module, name)
        if isinstance(value, str):
            return {str(value)}
        if function is None or depth > 3:
            return set()
        texts: set[str] = set()
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and any(
                isinstance(target, ast.Name) and target.id == name for target in node.targets
            ):
                texts |= self._texts(module, function, node.value, depth)
        every = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
        places = [one.arg for one in every]
        if name in places:
            for caller, around, call in self.calls[function.name]:
                if caller.split(".")[:2] != module.split(".")[:2] and function.name[0] == "_":
                    continue
                given = next((one.value for one in call.keywords if one.arg == name), None)
                if given is None and places.index(name) < len(call.args):
                    given = call.args[places.index(name)]
                if given is not None:
                    texts |= self._texts(caller, around, given, depth + 1)
        return texts


def _called(node: ast.Call) -> str:
    function = node.func
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _is_door(node: ast.Call) -> bool:
    function = node.func
    return (
        isinstance(function, ast.Attribute)
        and function.attr in {"record", "record_all"}
        and isinstance(function.value, ast.Name)
        and function.value.id in DOORS
    )


def _value(module: str, name: str) -> Any:
    return vars(importlib.import_module(module)).get(name)


def _evaluated(module: str, node: ast.Attribute) -> Any:
    """What a dotted name stands for in a module; None where it is a variable of a function."""
    try:
        return eval(ast.unparse(node), vars(importlib.import_module(module)))
    except (NameError, AttributeError):
        return None


@pytest.fixture(scope="module")
def collected() -> Collector:
    return Collector(trees())


def test_every_verb_of_the_code_has_words(collected: Collector) -> None:
    assert collected.unclear == [], "the test cannot see which verbs these are"
    assert len(collected.verbs) > 120
    assert sorted(verb for verb in collected.verbs if verb not in PHRASES) == []


def test_phrases_go_on_after_a_name_and_hold_only_known_words() -> None:
    known = {"request", "a_request", "requests", "mentor", "mentee", "mentoring", "team"}
    for verb, words in PHRASES.items():
        assert set(re.findall(r"\{(\w+)\}", words)) <= known, verb
        assert words[0].islower(), verb
        assert not words.endswith("."), verb


def test_collector_meets_planted_verbs_and_finds_them() -> None:
    source = (
        "def one(verb):\n    audit.record(verb, thing=1)\n"
        "def two():\n    one('planted by a caller')\n    audit.record('planted', thing=1)\n"
        "def three(yes):\n    audit.record(f\"planted {'here' if yes else 'there'}\", thing=1)\n"
    )
    found = Collector({"core.kernel.ids": ast.parse(source)})
    assert found.verbs == {"planted by a caller", "planted", "planted here", "planted there"}


def test_verb_without_words_is_told_plainly() -> None:
    assert phrase("lamp.was_lit", {}) == "lamp was lit"
