"""Requirements name no index, and the commands that the README tells exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = ("README.md", "CONTRIBUTING.md")
ADDRESS = re.compile(r"https?://|--(extra-)?index-url|--find-links|--trusted-host")


def addresses(text: str) -> list[str]:
    """Lines of a requirements file that would send people to one place."""
    return [line for line in text.splitlines() if ADDRESS.search(line)]


def unhashed(text: str) -> list[str]:
    """Requirements without a hash."""
    joined = text.replace("\\\n", " ")
    return [
        line.split()[0]
        for line in joined.splitlines()
        if line and not line.startswith((" ", "#")) and "--hash=sha256:" not in line
    ]


def told_commands(text: str) -> set[str]:
    """Targets of make that a document names."""
    return set(re.findall(r"`make ([a-z-]+)", text)) | set(
        re.findall(r"^make ([a-z-]+)", text, re.MULTILINE)
    )


def targets() -> set[str]:
    """Targets that the Makefile explains."""
    return set(re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(), re.MULTILINE))


@pytest.mark.parametrize("name", ["base", "production", "demo", "dev"])
def test_requirements_are_hashed_and_name_no_index(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.txt").read_text()
    assert addresses(text) == []
    assert unhashed(text) == []


def test_planted_index_address_is_found() -> None:
    assert addresses("--index-url https://packages.example/simple\ndjango==5.2\n")
    assert addresses("thing @ https://files.example/thing.whl\n")
    assert unhashed("django==5.2\nrich==15 \\\n    --hash=sha256:00\n") == ["django==5.2"]


@pytest.mark.parametrize("name", ["base", "production", "demo", "dev"])
def test_requirements_were_compiled_from_what_is_wanted(name: str) -> None:
    wanted = (ROOT / "requirements" / f"{name}.in").read_text()
    compiled = (ROOT / "requirements" / f"{name}.txt").read_text()
    for line in wanted.splitlines():
        package = re.match(r"[a-z][a-z0-9-]*", line)
        if package:
            assert re.search(rf"^{package[0]}==", compiled, re.MULTILINE), package[0]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_commands_of_the_documents_exist(name: str) -> None:
    told = told_commands((ROOT / name).read_text())
    assert told
    assert told <= targets()


def test_planted_command_is_found() -> None:
    assert told_commands("Type `make everything` or\nmake nothing\n") == {"everything", "nothing"}
