"""Start-up checks: faults of wiring that no type checker sees."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def no_app_in_both_lists(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """An app in both lists would have its tables in the shared schema as well."""
    both = sorted(set(settings.SHARED_APPS) & set(settings.TENANT_APPS))
    return [
        Error(f"{app} stands in SHARED_APPS and in TENANT_APPS.", id="config.E001") for app in both
    ]
