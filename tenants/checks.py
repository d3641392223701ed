"""Start-up checks of tenancy."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def no_app_in_both_lists(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """An app in both lists would have tables in the shared schema that queries fall through to."""
    both = sorted(set(settings.SHARED_APPS) & set(settings.TENANT_APPS))
    return [
        Error(
            f"The app {app} stands in SHARED_APPS and in TENANT_APPS: it must be in one of them.",
            id="tenants.E001",
        )
        for app in both
    ]


@register()
def connection_rests_in_no_schema(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """Another engine would run forgotten queries in the shared schema."""
    return [
        Error(f"The database {alias} must use the engine tenants.backend.", id="tenants.E002")
        for alias, database in settings.DATABASES.items()
        if database["ENGINE"] != "tenants.backend"
    ]


@register()
def files_and_cache_carry_the_schema(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """A cache or storage of another kind would mix institutes."""
    faults = [
        Error(f"The cache {alias} must use KEY_FUNCTION tenants.cache.key.", id="tenants.E003")
        for alias, cache in settings.CACHES.items()
        if cache.get("KEY_FUNCTION") != "tenants.cache.key"
    ]
    if not settings.STORAGES["default"]["BACKEND"].startswith("tenants.storage."):
        faults.append(
            Error("The default storage must be one of tenants.storage.", id="tenants.E004")
        )
    return list(faults)
