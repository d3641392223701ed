"""The import contracts hold, cover every app, and notice a planted fault."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINTER = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
CONTRACTS = {
    contract["id"]: contract
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
}
# A library of parts and the place that puts the apps together follow no app's plan.
WITHOUT_PLAN = {"kernel", "routes"}


def lint(root: Path) -> subprocess.CompletedProcess[str]:
    """Run the contracts on a tree."""
    return subprocess.run(
        LINTER,
        cwd=root,
        env={"PYTHONPATH": f"{root}:{root / 'platform'}", "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_every_app_has_its_place_in_the_contracts() -> None:
    apps = {folder.parent.name for folder in (ROOT / "core").glob("*/__init__.py")}
    planned = {container.removeprefix("core.") for container in CONTRACTS["plan"]["containers"]}
    assert planned == apps - WITHOUT_PLAN


def test_contracts_are_kept() -> None:
    done = lint(ROOT)
    assert done.returncode == 0, done.stdout


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The packages without templates and pictures, to plant faults in."""
    for name in ("core", "tenants", "theming", "platform"):
        shutil.copytree(
            ROOT / name,
            tmp_path / name,
            ignore=lambda folder, names: [
                each
                for each in names
                if not each.endswith(".py") and not (Path(folder) / each).is_dir()
            ],
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("file", "line", "contract"),
    [
        ("core/kernel/clock.py", "import tenants.models", "floors"),
        ("theming/tokens.py", "import core.kernel.clock", "floors"),
        ("tenants/names.py", "import config.env", "floors"),
        ("core/accounts/rules.py", "import core.mentorships.states", "rooms"),
        ("core/programme/rules.py", "import core.programme.models", "plan"),
        ("core/accounts/helpers.py", "", "plan"),
        ("core/utils.py", "", "rooms"),
        ("core/kernel/ids.py", "import django_tenants", "blind"),
        ("core/mentorships/states.py", "import django.db", "pure"),
        ("theming/tokens.py", "import django.conf", "pure"),
    ],
)
def test_planted_import_breaks_its_contract(
    copy: Path, file: str, line: str, contract: str
) -> None:
    place = copy / file
    place.write_text((place.read_text() if place.exists() else "") + f"\n{line}\n")
    done = lint(copy)
    assert done.returncode == 1
    assert f"{CONTRACTS[contract]['name']} BROKEN" in done.stdout
