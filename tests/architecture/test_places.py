"""The traps of a folder called ``platform``, and other rules about where things lie."""

import importlib
import importlib.metadata
import platform
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
CODE = ("core", "tenants", "theming", "platform", "tests")
LONGEST = 400


def faults_of_platform_folder(folder: Path) -> list[str]:
    """What would break Python's own ``platform`` or another module."""
    found = []
    taken = sys.stdlib_module_names | {
        name
        for name, owners in importlib.metadata.packages_distributions().items()
        if owners != ["ithaca"]
    }
    for child in sorted(folder.iterdir()):
        if child.name == "__init__.py":
            found.append("platform/ is a package")
        elif child.suffix == ".py":
            found.append(f"{child.name} is a module beside the packages")
        elif child.is_dir() and child.name in taken:
            found.append(f"{child.name} hides a module of that name")
    return found


def files_too_long(root: Path) -> list[str]:
    """Python files of ours with more lines than one can keep in mind."""
    return [
        f"{file.relative_to(root)}: {lines} lines"
        for folder in CODE
        for file in sorted((root / folder).rglob("*.py"))
        if "migrations" not in file.parts
        and (lines := len(file.read_text().splitlines())) > LONGEST
    ]


def folders_without_init(root: Path) -> list[str]:
    """Folders of tests that pytest would give a clashing name."""
    return [
        str(folder.relative_to(root))
        for folder in sorted((root / "tests").rglob("*"))
        if folder.is_dir() and any(folder.glob("*.py")) and not (folder / "__init__.py").exists()
    ]


def test_platform_folder_hides_nothing() -> None:
    assert faults_of_platform_folder(ROOT / "platform") == []


@pytest.mark.parametrize("planted", ["__init__.py", "celery", "json", "email.py"])
def test_planted_fault_in_platform_folder_is_found(tmp_path: Path, planted: str) -> None:
    place = tmp_path / planted
    if place.suffix:
        place.touch()
    else:
        place.mkdir()
    assert len(faults_of_platform_folder(tmp_path)) == 1


def test_python_finds_its_own_platform_module() -> None:
    assert platform.system()
    assert Path(str(platform.__file__)).parent != ROOT / "platform"
    assert importlib.import_module("platform") is platform


def test_tests_have_no_folder_that_hides_platform() -> None:
    assert not (ROOT / "tests" / "platform").exists()
    assert folders_without_init(ROOT) == []


def test_planted_folder_without_init_is_found(tmp_path: Path) -> None:
    (tmp_path / "tests" / "fresh").mkdir(parents=True)
    (tmp_path / "tests" / "fresh" / "test_it.py").touch()
    assert folders_without_init(tmp_path) == ["tests/fresh"]


def test_config_brings_its_celery_app() -> None:
    from celery import current_app

    import config
    from config.celery import app

    assert config.celery_app is app
    assert current_app.conf is app.conf
    assert app.Task.__mro__[1].__name__ == "InstituteTask"


def test_ruff_knows_both_source_roots() -> None:
    ruff = PYPROJECT["tool"]["ruff"]
    assert ruff["src"] == ["."]
    for package in ("config", "console", "core", "tenants", "theming"):
        assert package in ruff["lint"]["isort"]["known-first-party"]


def test_no_file_is_too_long() -> None:
    assert files_too_long(ROOT) == []


def test_planted_long_file_is_found(tmp_path: Path) -> None:
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "endless.py").write_text("x = 1\n" * (LONGEST + 1))
    assert files_too_long(tmp_path) == [f"core/endless.py: {LONGEST + 1} lines"]
