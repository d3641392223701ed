"""Whatever is in the files, the reader answers with a bundle or with a list of problems."""

import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tenants.bundles.problems import BundleInvalid
from tenants.bundles.reading import load
from tests.tenants.bundles import small

LINES = small.INSTITUTE.splitlines()
DATA: dict[str, Any] = yaml.safe_load(small.INSTITUTE)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
TREES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*DATA, "key", "kind", "options"]), inner, max_size=3)
    ),
    max_leaves=8,
)


def answers(file: str, content: bytes) -> None:
    """Load the small bundle with one file replaced."""
    with tempfile.TemporaryDirectory() as place:
        folder = small.write(Path(place) / "beekeepers")
        (folder / file).write_bytes(content)
        with suppress(BundleInvalid):
            load(folder)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(["institute.yaml", "faqs/send.md", "logo.svg"]))
def test_any_bytes_are_read_or_refused(content: bytes, file: str) -> None:
    answers(file, content)


@settings(max_examples=100, deadline=None)
@given(st.integers(0, len(LINES) - 1), st.integers(0, 60), st.text(max_size=12))
def test_any_slip_of_the_pen_is_read_or_refused(line: int, at: int, typed: str) -> None:
    lines = list(LINES)
    lines[line] = lines[line][:at] + typed + lines[line][at + 1 :]
    answers("institute.yaml", "\n".join(lines).encode("utf-8", "replace"))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(DATA)), TREES)
def test_anything_in_the_place_of_a_group_is_read_or_refused(group: str, tree: Any) -> None:
    answers("institute.yaml", yaml.safe_dump({**DATA, group: tree}).encode("utf-8", "replace"))


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(["fields", "criteria", "sections", "legal"]), st.data())
def test_anything_in_a_list_is_read_or_refused(group: str, data: st.DataObject) -> None:
    rows = list(DATA[group])
    at = data.draw(st.integers(0, len(rows) - 1))
    key = data.draw(st.sampled_from(sorted(rows[at])))
    rows[at] = {**rows[at], key: data.draw(TREES)}
    answers("institute.yaml", yaml.safe_dump({**DATA, group: rows}).encode("utf-8", "replace"))
