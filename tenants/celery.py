"""The task class: the institute travels in the header, and nothing runs without one.

A task is sent from within an institute (or by a task that runs for one: chains, groups, retries),
and the worker puts the same institute in force around it. Without header, for an unknown or
inactive institute, the task is refused and the refusal kept for operators. A task that belongs to
the whole platform says so, ``@shared_task(base=PlatformTask)``, and runs in the shared schema.
"""

from typing import Any, ClassVar
from uuid import UUID

from celery import Task, current_task
from django.apps import apps
from django.db import transaction

from tenants.errors import OutsideTenancy, TaskRefused

HEADER = "institute"
OF_CELERY_ITSELF = frozenset({"celery.backend_cleanup"})


class InstituteTask(Task[Any, Any]):
    """Base of every task of the product."""

    abstract = True
    platform_wide: ClassVar[bool] = False

    def apply_async(
        self,
        args: Any = None,
        kwargs: Any = None,
        task_id: Any = None,
        producer: Any = None,
        link: Any = None,
        link_error: Any = None,
        shadow: Any = None,
        **options: Any,
    ) -> Any:
        """Send it, for the institute in force. Raises OutsideTenancy when there is none."""
        options["headers"] = self._addressed(options.get("headers"))
        return super().apply_async(
            args, kwargs, task_id, producer, link, link_error, shadow, **options
        )

    def apply(self, args: Any = None, kwargs: Any = None, *more: Any, **options: Any) -> Any:
        """Run it here and now as a worker would. Raises OutsideTenancy when sent from nowhere."""
        options["headers"] = self._addressed(options.get("headers"))
        return super().apply(args, kwargs, *more, **options)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Run it: in its institute when a worker runs it, in the caller's when called."""
        from tenants.context import platform_scope, tenant_context

        if self.request.called_directly:
            return super().__call__(*args, **kwargs)
        if self._platform_wide:
            with platform_scope():
                return self.run(*args, **kwargs)
        try:
            institute = _active_institute(header_of(self.request))
        except TaskRefused as refusal:
            self._keep(refusal, args, kwargs)
            raise
        with tenant_context(institute):
            return self.run(*args, **kwargs)

    @property
    def _platform_wide(self) -> bool:
        return bool(self.platform_wide) or self.name in OF_CELERY_ITSELF

    def _addressed(self, headers: dict[str, Any] | None) -> dict[str, Any]:
        """The headers with the present institute, whatever the caller wrote there."""
        kept = {name: value for name, value in (headers or {}).items() if name != HEADER}
        return kept if self._platform_wide else kept | {HEADER: self._sent_for()}

    def _sent_for(self) -> str:
        from tenants.context import current_institute

        institute = current_institute()
        if institute is not None:
            return str(institute.pk)
        # Celery sends the next task of a chain after the present one has left its institute.
        running_for = header_of(getattr(current_task, "request", None))
        if running_for is None:
            raise OutsideTenancy(
                f"The task {self.name} was sent outside any institute: send it within "
                "tenant_context(institute), or give it the base PlatformTask."
            )
        return running_for

    def _keep(self, refusal: TaskRefused, args: Any, kwargs: Any) -> None:
        from tenants.context import platform_scope

        with platform_scope(), transaction.atomic():
            apps.get_model("tenants", "RefusedTask").objects.create(
                task=self.name,
                institute=str(header_of(self.request) or ""),
                reason=str(refusal),
                arguments={"args": [str(arg) for arg in args], "kwargs": _as_text(kwargs)},
            )


class PlatformTask(InstituteTask):
    """Base of a task that belongs to the whole platform."""

    abstract = True
    platform_wide: ClassVar[bool] = True


def header_of(request: Any) -> str | None:
    """The institute's id in a task's header, wherever Celery put it; None without one."""
    found = getattr(request, HEADER, None) or (getattr(request, "headers", None) or {}).get(HEADER)
    return str(found) if found else None


def _as_text(kwargs: dict[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in kwargs.items()}


def _active_institute(header: str | None) -> Any:
    from tenants.context import platform_scope
    from tenants.models import Institute, State

    if header is None:
        raise TaskRefused("The task names no institute.")
    try:
        key = UUID(header)
    except ValueError:
        raise TaskRefused(f"The task names {header!r}, which is no institute's id.") from None
    with platform_scope():
        institute = Institute.objects.filter(pk=key).first()
    if institute is None:
        raise TaskRefused(f"The task names the institute {key}, which does not exist.")
    if institute.state != State.ACTIVE:
        raise TaskRefused(f"The institute {key} is {institute.get_state_display().lower()}.")
    return institute
