"""Platform-wide tasks."""

from collections.abc import Sequence
from uuid import UUID

from celery import current_app, shared_task

from tenants.celery import PlatformTask
from tenants.context import tenant_context
from tenants.models import Institute, State
from tenants.provision import provision


@shared_task(name="tenants.each_institute", base=PlatformTask)
def each_institute(task_name: str) -> int:
    """Send the named task once for each active site; returns how many.

    The operators' site has an outbox and people of its own, so it is among them.
    """
    task = current_app.tasks[task_name]
    sent = 0
    for institute in Institute.objects.filter(state=State.ACTIVE):
        with tenant_context(institute):
            task.delay()
        sent += 1
    return sent


@shared_task(name="tenants.provision", base=PlatformTask)
def provision_institute(bundle: str, slug: str, domains: Sequence[str], run_id: str) -> None:
    """Provision a shipped bundle for operators; progress and refusals are in the run's row."""
    provision(bundle, slug=slug, domains=domains, run_id=UUID(run_id))
