"""Start-up checks of tenancy."""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.db import ProgrammingError

from tenants.contents import schemas_with_other_ids
from tenants.context import platform_scope
from tenants.models import Institute, State
from tenants.schema import labels


@register()
def no_app_in_both_lists(
    app_configs: Sequence[AppConfig] | None, **kwargs: Any
) -> list[CheckMessage]:
    """An app in both lists would have tables in the shared schema that queries fall through to."""
    both = sorted(labels(settings.SHARED_APPS) & labels(settings.TENANT_APPS))
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


@register(Tags.database)
def content_types_have_equal_ids(
    app_configs: Sequence[AppConfig] | None, databases: Sequence[str] | None = None, **kwargs: Any
) -> list[CheckMessage]:
    """All threads share one cache of content types, which is right only with equal ids."""
    if not databases:
        return []
    try:
        with platform_scope():
            institutes = list(Institute.objects.exclude(state=State.DELETED))
        odd = schemas_with_other_ids([one.schema_name for one in institutes])
    except ProgrammingError:
        return []  # nothing was made yet, or a schema is missing: the upgrade names it
    return [
        Error(
            f"The institute {one.slug} has content types or permissions with other ids than "
            "elsewhere: restore it from a backup of this installation.",
            id="tenants.E005",
        )
        for one in institutes
        if one.schema_name in odd
    ]
