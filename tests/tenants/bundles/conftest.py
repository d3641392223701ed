import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import transaction

from tenants.bundles.applying import apply
from tenants.bundles.reading import load, shipped
from tenants.bundles.things import Changes
from tenants.context import tenant_context
from tenants.models import Institute
from tenants.services import create_institute
from tests.tenants.bundles import small


@pytest.fixture
def bundle_folder(tmp_path: Path) -> Path:
    """A small good bundle of a society of beekeepers."""
    return small.write(tmp_path / "beekeepers")


@pytest.fixture
def hive(db: None) -> Iterator[Institute]:
    """An empty institute, in force."""
    institute = create_institute(slug="beekeepers", name="Beekeepers")
    with tenant_context(institute):
        yield institute


@pytest.fixture
def inside_ciltuk(ciltuk: Institute) -> Iterator[Institute]:
    """The institute of the bundle ciltuk, in force."""
    with tenant_context(ciltuk):
        yield ciltuk


@pytest.fixture
def ciltuk_folder(tmp_path: Path) -> Path:
    """A copy of the bundle ciltuk, to be changed."""
    return Path(shutil.copytree(shipped("ciltuk"), tmp_path / "ciltuk"))


@pytest.fixture
def applied() -> Callable[[Path], Changes]:
    """``applied(folder)`` reads a bundle and applies it to the institute in force."""

    def run(folder: Path) -> Changes:
        with transaction.atomic():
            return apply(load(folder))

    return run
