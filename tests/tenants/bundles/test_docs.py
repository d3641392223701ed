"""The operators' page on bundles says what the models say."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from core.programme.rules import PLACEHOLDERS, WORD_KEYS, Front
from tenants.bundles import format as shape
from tenants.bundles.files import TEXT_FOLDERS

PAGE = (Path(__file__).parents[3] / "docs" / "operating" / "bundles.md").read_text()


def named(part: str) -> set[str]:
    """The words in code type in a part of the page."""
    return set(re.findall(r"`([^`]+)`", part))


def row(key: str) -> set[str]:
    """What the table of groups says of a group."""
    found = re.search(rf"^\| `{key}` \| (.*) \|$", PAGE, re.MULTILINE)
    assert found, f"{key} is not in the table"
    return named(found[1])


def test_page_names_every_group_of_the_file() -> None:
    table = PAGE.split("## `institute.yaml`")[1].split("## Markdown")[0]
    groups = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    assert groups == set(shape.InstituteFile.model_fields)


@pytest.mark.parametrize(
    ("group", "model"),
    [
        ("identity", shape.Identity),
        ("mail", shape.Mail),
        ("brand", shape.Brand),
        ("front", Front),
        ("sections", shape.ProfileSection),
        ("criteria", shape.Criterion),
    ],
)
def test_page_names_every_key_of_a_group(group: str, model: type[BaseModel]) -> None:
    assert set(model.model_fields) <= row(group)


def test_page_names_every_word_and_placeholder() -> None:
    assert set(WORD_KEYS) <= row("words")
    written = set(re.findall(r"`\{\{ (\w+) \}\}`", PAGE))
    assert written <= PLACEHOLDERS
    others = {name for name in PLACEHOLDERS if not any(key in name.lower() for key in WORD_KEYS)}
    assert others <= written


def test_page_names_every_folder_and_head() -> None:
    for folder in TEXT_FOLDERS:
        assert f"{folder}/*.md" in PAGE
    for model in (shape.FaqFront, shape.GuideFront, shape.PageFront):
        for key in model.model_fields:
            assert re.search(rf"\b{key}\b", PAGE.split("## Markdown files")[1])
