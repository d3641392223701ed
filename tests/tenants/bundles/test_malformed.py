"""A corpus of spoiled bundles: each is refused with exactly its sentences."""

from pathlib import Path

import pytest

from tenants.bundles.problems import BundleInvalid
from tenants.bundles.reading import load, shipped
from tests.tenants.bundles import spoiled_files, spoiled_keys

CORPUS = {**spoiled_keys.CORPUS, **spoiled_files.CORPUS}


@pytest.mark.parametrize("name", CORPUS)
def test_author_of_a_spoiled_bundle_reads_every_problem(name: str, bundle_folder: Path) -> None:
    spoil, expected = CORPUS[name]
    spoil(bundle_folder)
    with pytest.raises(BundleInvalid) as refused:
        load(bundle_folder)
    assert [str(problem) for problem in refused.value.problems] == expected


def test_author_of_a_good_bundle_reads_no_problem(bundle_folder: Path) -> None:
    bundle = load(bundle_folder)
    assert bundle.name == "beekeepers"
    assert [faq.key for faq in bundle.faqs] == ["send"]
    assert bundle.institute.words["request"].form("article") == "an appeal"


def test_operator_who_names_no_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(BundleInvalid, match="There is no bundle folder here"):
        load(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["ciltux", "../ciltuk", "", "CILTUK", "shipped/ciltuk"])
def test_operator_who_names_an_unknown_bundle_is_told_which_there_are(name: str) -> None:
    with pytest.raises(BundleInvalid, match="Shipped are: ciltuk, connect, guided, linguists, uhb"):
        shipped(name)
