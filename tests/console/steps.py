"""Pages of the operators' site, and what they leave behind."""

from typing import Any
from uuid import UUID

from django.test import Client
from django.urls import reverse

from core.kernel.ids import new_id
from core.kernel.models import AuditEntry
from tenants.context import tenant_context
from tenants.models import Institute

OPERATORS = "config.urls.operators"


def address(name: str, *args: object) -> str:
    return reverse(f"console:{name}", urlconf=OPERATORS, args=args)


def text_of(client: Client, path: str, **query: Any) -> str:
    response = client.get(path, query)
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def audit_of(institute: Institute) -> list[AuditEntry]:
    with tenant_context(institute):
        return list(AuditEntry.objects.filter(verb__startswith="operator.").order_by("at", "id"))


def every_page(slug: str, mail_id: UUID) -> list[str]:
    return [
        address("institutes"),
        address("visits"),
        address("provision"),
        address("upload"),
        address("uploaded", new_id()),
        address("run", new_id()),
        address("visit_again", slug, new_id()),
        address("kept"),
        *(address(name, new_id()) for name in ("work", "restore", "archive", "receipt")),
        address("bundle_changes", slug, new_id()),
        address("bundle_page", slug, new_id(), "front"),
        address("bundle_revision", slug, new_id()),
        address("bundle_revision_file", slug, new_id()),
        *(address(name, slug) for name in OF_ONE),
        *of_mails(slug, mail_id),
    ]


OF_ONE = (
    "institute", "suspend", "rename", "move", "clone", "head", "enter", "addresses",
    "bundle", "bundle_export", "backups", "deletion",
)  # fmt: skip


def of_mails(slug: str, mail_id: UUID) -> list[str]:
    return [
        address("mails", slug),
        address("mail", slug, mail_id),
        address("mail_body", slug, mail_id),
    ]


def every_deed(slug: str) -> list[str]:
    """What is done by a POST alone."""
    return [
        address("refresh_all"),
        address("remove_backup", new_id()),
        *(address(name, slug) for name in ("refresh", "check_sender", "reopen")),
        *(
            address(name, slug, new_id())
            for name in ("check_domain", "make_primary", "remove_domain")
        ),
    ]
