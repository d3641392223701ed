"""Platform-wide tasks."""

from celery import current_app, shared_task

from tenants.context import tenant_context
from tenants.models import Institute, State


@shared_task(name="tenants.each_institute", platform_wide=True)
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
