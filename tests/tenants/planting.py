"""Migrations planted beside the real ones of one app, for the length of a test."""

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from pytest_django.fixtures import Settings

from tenants import schema

Plant = Callable[..., None]
APP = "visits"
PACKAGE = "planted_migrations"
HEAD = "from django.db import migrations, models\n\n"


def newest() -> str:
    """The name of the newest real migration of the app."""
    folder = _real()
    return sorted(path.stem for path in folder.glob("0*.py"))[-1]


def _real() -> Path:
    module: ModuleType = import_module(f"core.{APP}.migrations")
    return Path(str(module.__path__[0]))


class Garden:
    """Where migrations are planted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / PACKAGE
        self._folder.mkdir()
        (self._folder / "__init__.py").touch()
        for path in _real().glob("0*.py"):
            (self._folder / path.name).write_text(path.read_text())
        self._last = newest()

    def plant(self, name: str, *, operations: str, head: str = "", atomic: bool = True) -> None:
        """Add a migration after the last one."""
        body = (
            f"{HEAD}{head}\n\nclass Migration(migrations.Migration):\n"
            f"    atomic = {atomic}\n"
            f"    dependencies = [({APP!r}, {self._last!r})]\n"
            f"    operations = [{operations}]\n"
        )
        (self._folder / f"{name}.py").write_text(body)
        self._last = name
        forget()

    def pull(self, name: str) -> None:
        """Take the last migration away again."""
        (self._folder / f"{name}.py").unlink()
        self._last = sorted(path.stem for path in self._folder.glob("0*.py"))[-1]
        forget()


def forget() -> None:
    """Let the next look at the migrations see the files as they are."""
    for module in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[module]
    schema.forget_fingerprint()


def garden_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Garden:
    """A garden for one test: the app's migrations are read from it."""
    made = Garden(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    settings.MIGRATION_MODULES = {APP: PACKAGE}
    forget()
    return made
