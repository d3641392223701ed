"""A bundle for newcomers explains every key and provisions as it is."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.core.management import CommandError, call_command
from django.db import transaction

from core.programme.queries import current
from tenants.bundles.applying import apply
from tenants.bundles.format import schema
from tenants.bundles.newcomer import BLANK, OPTIONAL, WORDS, NotWritten, slug_of, write
from tenants.bundles.reading import load
from tenants.models import Institute
from tests.tenants.bundles.test_schema import checker

NAME = "Guild of Bell Founders: Tower & Rope"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "bells", name=NAME, slug="bells", word="application")


def test_new_bundle_applies_as_it_is_to_an_empty_institute(folder: Path, hive: Institute) -> None:
    with transaction.atomic():
        assert apply(load(folder)).added
    assert current().organisation_name == NAME
    assert current().words.request.form("article") == "an application"
    with transaction.atomic():
        assert not apply(load(folder))


def test_new_bundle_satisfies_the_published_schema(folder: Path) -> None:
    checker("InstituteFile").validate(yaml.safe_load((folder / "institute.yaml").read_text()))
    for kind, part in (("faqs", "FaqFront"), ("guides", "GuideFront"), ("pages", "PageFront")):
        for file in (folder / kind).glob("*.md"):
            checker(part).validate(yaml.safe_load(file.read_text().split("---\n")[1]))


def test_what_may_be_left_out_is_good_too_when_it_is_used(folder: Path) -> None:
    file = folder / "institute.yaml"
    text = file.read_text()
    assert OPTIONAL in text
    file.write_text(text.replace(OPTIONAL, ""))
    found = load(folder).institute
    assert [canvas.key for canvas in found.canvases] == ["swot", "gstar"]
    assert found.cpd is not None
    assert found.surveys.completion is not None
    assert found.journey.stages[0].activities


def keys_of_schema() -> dict[str, set[str]]:
    """{"InstituteFile": {"format", …}, …} of every part of the schema."""
    return {name: set(part.get("properties", {})) for name, part in schema()["$defs"].items()}


def unexplained(text: str) -> set[str]:
    """Keys of the schema that a text does not name as a key."""
    named = set(re.findall(r"[\s{,#|-]([a-z_]+):", text))
    return set().union(*keys_of_schema().values()) - named


def test_every_key_of_the_schema_is_named_and_every_group_is_explained() -> None:
    heads = "\n".join(file.read_text().split("---\n")[1] for file in BLANK.glob("*/*.md"))
    text = (BLANK / "institute.yaml").read_text()
    assert unexplained(f"{text}\n{heads}") == set()
    lines = text.splitlines()
    groups = [
        (at, found[1])
        for at, line in enumerate(lines)
        if (found := re.match(rf"(?:{re.escape(OPTIONAL)})?([a-z]+):", line))
    ]
    assert {name for _, name in groups} == keys_of_schema()["InstituteFile"]
    for at, name in groups:
        assert lines[at - 1].startswith("# "), f"{name} is not explained"


def test_a_key_that_nobody_named_is_found() -> None:
    text = (BLANK / "institute.yaml").read_text()
    heads = "\n".join(file.read_text().split("---\n")[1] for file in BLANK.glob("*/*.md"))
    spoiled = re.sub(r"lapse_days", "collapse_days", f"{text}\n{heads}")
    assert unexplained(spoiled) == {"lapse_days"}


@pytest.mark.parametrize("word", WORDS)
def test_command_writes_in_each_of_the_words(tmp_path: Path, word: str, capsys: Any) -> None:
    call_command("new_bundle", tmp_path / "b", name="Bees", slug="bees", word=word)
    assert load(tmp_path / "b").institute.words.request.singular == word
    assert "manage.py provision" in capsys.readouterr().out
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b"]


def test_command_refuses_what_it_cannot_write_and_leaves_nothing(tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("mine")
    linked = tmp_path / "linked"
    linked.symlink_to(full)
    for where, name, slug, said in (
        (full, "Bees", "bees", "holds files already"),
        (full / "mine.txt", "Bees", "bees", "is no folder"),
        (linked, "Bees", "bees", "is no folder"),
        (tmp_path / "new", "Bees\nand more", "bees", "one line"),
        (tmp_path / "new", "Bees", "Bees!", "short name"),
        (tmp_path / "new", "", "bees", "Say what"),
    ):
        with pytest.raises(CommandError, match=said):
            call_command("new_bundle", where, name=name, slug=slug, word="request")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full", "linked"]
    assert (full / "mine.txt").read_text() == "mine"
    with pytest.raises(NotWritten, match="one of"):
        write(tmp_path / "new", name="Bees", slug="bees", word="petition")


def test_an_empty_folder_is_filled_and_a_short_name_is_made_of_the_name(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    write(empty, name="Bees", slug=slug_of("2nd Guild of Bees"))
    assert load(empty).institute.identity.slug == "nd-guild-of-bees"
    assert slug_of("日本") == ""
