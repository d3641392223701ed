"""``makemigrations`` as Django has it, asked from the shared schema."""

from typing import Any

from django.core.management.commands import makemigrations

from tenants.context import platform_scope


class Command(makemigrations.Command):
    """Looks at history in the shared schema: a connection at rest answers nothing."""

    def handle(self, *app_labels: str, **options: Any) -> None:
        """Write migrations of changed models."""
        with platform_scope():
            super().handle(*app_labels, **options)
