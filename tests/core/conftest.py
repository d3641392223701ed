"""Core knows no institutes: its tests run inside one without saying so."""

from collections.abc import Iterator

import pytest

from tenants.context import tenant_context
from tenants.models import Institute


@pytest.fixture(autouse=True)
def _inside_ciltuk(request: pytest.FixtureRequest) -> Iterator[None]:
    """Put ``ciltuk`` in force around every test of core that uses the database."""
    wants = {"db", "transactional_db"} & set(request.fixturenames)
    if not wants and request.node.get_closest_marker("django_db") is None:
        yield
        return
    institute: Institute = request.getfixturevalue("ciltuk")
    with tenant_context(institute):
        yield
