"""The tenancy library is reached through one seam, and contexts are put in force in one way."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("core", "theming", "tenants", "platform")
SEAM = {Path("tenants/context.py"), Path("tenants/backend/base.py")}
FORBIDDEN = re.compile(
    r"\bdjango_tenants\b(?!\.routers)|\.set_tenant\(|\.set_schema\(|\bschema_context\b"
    r"|\.set_schema_to_public\(|headers\S*[\"']X-Forwarded-Host|HTTP_X_FORWARDED_HOST"
)


def crossings(text: str) -> list[str]:
    """Lines that reach past the seam, comments left out."""
    lines = (line for line in text.splitlines() if not line.lstrip().startswith("#"))
    return [line.strip() for line in lines if FORBIDDEN.search(line)]


def test_only_the_seam_reaches_the_library() -> None:
    found = {
        str(path.relative_to(ROOT)): crossings(path.read_text())
        for folder in FOLDERS
        for path in (ROOT / folder).rglob("*.py")
        if path.relative_to(ROOT) not in SEAM
    }
    assert {name: lines for name, lines in found.items() if lines} == {}


@pytest.mark.parametrize(
    "fault",
    [
        "from django_tenants.utils import tenant_context",
        "import django_tenants",
        "connection.set_tenant(institute)",
        "connection.set_schema('public')",
        "with schema_context('public'):",
        "host = request.META['HTTP_X_FORWARDED_HOST']",
        "host = request.headers['X-Forwarded-Host']",
        "host = request.headers.get('X-Forwarded-Host', '')",
    ],
)
def test_planted_crossing_is_seen(fault: str) -> None:
    assert crossings(f"x = 1\n    {fault}\n")
