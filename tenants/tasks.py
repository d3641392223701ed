"""Platform-wide tasks."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from celery import current_app, shared_task

from tenants import domains, health, sender, uploads
from tenants.backups import tasks as of_backups  # noqa: F401 - Celery finds tasks through here
from tenants.celery import PlatformTask
from tenants.context import tenant_context
from tenants.models import Institute, Kind, State
from tenants.provision import provision

OF_OPERATORS: Final = frozenset({"kernel", "accounts", "privacy"})
"""Apps whose work is done on the operators' site too: it has people and an outbox, no programme."""


@shared_task(name="tenants.each_institute", base=PlatformTask)
def each_institute(task_name: str) -> int:
    """Send the named task once for each active site; returns how many.

    The operators' site is among them for what it has: an outbox and people of its own.
    """
    task = current_app.tasks[task_name]
    sites = Institute.objects.filter(state=State.ACTIVE)
    if task_name.partition(".")[0] not in OF_OPERATORS:
        sites = sites.exclude(kind=Kind.OPERATORS)
    sent = 0
    for institute in sites:
        with tenant_context(institute):
            task.delay()
        sent += 1
    return sent


@shared_task(name="tenants.provision", base=PlatformTask)
def provision_institute(bundle: str, slug: str, hosts: Sequence[str], run_id: str) -> None:
    """Provision a shipped bundle for operators; progress and refusals are in the run's row."""
    provision(bundle, slug=slug, domains=hosts, run_id=UUID(run_id))


@shared_task(name="tenants.provision_upload", base=PlatformTask)
def provision_upload(upload_id: str, slug: str, hosts: Sequence[str], run_id: str) -> None:
    """Provision a bundle that an operator sent; progress and refusals are in the run's row."""
    uploads.provision_upload(UUID(upload_id), slug=slug, domains=hosts, run_id=UUID(run_id))


@shared_task(name="tenants.take_snapshots", base=PlatformTask)
def take_snapshots() -> int:
    """Gather the figures of all institutes."""
    return health.take_snapshots()


@shared_task(name="tenants.check_domains", base=PlatformTask)
def check_domains() -> int:
    """Look at the TXT records of domains that are due."""
    return domains.check_due()


@shared_task(name="tenants.check_senders", base=PlatformTask)
def check_senders() -> int:
    """Look at the records of all sender addresses."""
    return sender.check_all()


@shared_task(name="tenants.forget_uploads", base=PlatformTask)
def forget_uploads() -> int:
    """Forget bundles that were sent and never used."""
    return uploads.forget_old()
