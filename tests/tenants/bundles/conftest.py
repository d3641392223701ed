from pathlib import Path

import pytest

from tests.tenants.bundles import small


@pytest.fixture
def bundle_folder(tmp_path: Path) -> Path:
    """A small good bundle of a society of beekeepers."""
    return small.write(tmp_path / "beekeepers")
