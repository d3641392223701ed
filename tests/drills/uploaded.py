"""A bundle that an operator sent, seen from inside the product (`Site.inside`)."""

import json
from uuid import UUID

from core.profiles.models import Field
from core.programme.models import Programme
from core.resources.models import Guide
from tenants import uploads
from tenants.bundles.reading import shipped
from tenants.bundles.writing import as_zip
from tenants.context import platform_scope, tenant_context
from tenants.deeds import COMMAND_LINE
from tenants.models import Institute, ProvisionRun
from tests.drills.acts import institute

BUNDLE = "ciltuk"


def send(slug: str) -> None:
    """Send a bundle and ask for an institute of this name; print the key of the run."""
    folder = shipped(BUNDLE)
    files = {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
    kept = uploads.keep(as_zip(files, BUNDLE), f"{BUNDLE}.zip", by=COMMAND_LINE)
    print(json.dumps(str(uploads.request(kept, slug=slug).pk)))  # noqa: T201


def seen(slug: str, run_id: str) -> None:
    """Print how the run stands, and how much of the institute is there."""
    with platform_scope():
        run = ProvisionRun.objects.get(pk=UUID(run_id))
        made = Institute.objects.filter(slug=slug).first()
    found = {"step": run.step, "outcome": run.outcome, "message": run.message, "there": bool(made)}
    if made is not None:
        found |= _contents(made)
    print(json.dumps(found))  # noqa: T201


def whole() -> None:
    """Print how much the institute has that came out of the same bundle unharmed."""
    print(json.dumps(_contents(institute(BUNDLE))))  # noqa: T201


def _contents(made: Institute) -> dict[str, int]:
    with tenant_context(made):
        return {
            "programmes": Programme.objects.count(),
            "fields": Field.objects.count(),
            "guides": Guide.objects.count(),
        }
