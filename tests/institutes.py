"""What stands in the database of every test: the shared schema and two institutes."""

from django.apps import apps
from django.conf import settings
from django.db import connection

from core.kernel.clock import now
from tenants.context import platform_scope, schema_scope, tenant_context
from tenants.models import Domain, Institute, State
from tenants.names import host_of_slug, new_schema_name

SLUGS = ("ciltuk", "guided")


def provision_all() -> None:
    """Fill an empty database."""
    with platform_scope():
        _make_tables(settings.SHARED_APPS)
    for slug in SLUGS:
        with platform_scope():
            institute = Institute.objects.create(
                slug=slug, name=slug, schema_name=new_schema_name(), state=State.ACTIVE
            )
            Domain.objects.create(
                domain=host_of_slug(slug, base_host=settings.BASE_HOST),
                institute=institute,
                is_primary=True,
                proved_at=now(),
            )
        with schema_scope(institute.schema_name):
            connection.cursor().execute(f"create schema {institute.schema_name}")
            _make_tables(settings.TENANT_APPS)
        with tenant_context(institute):
            pass


def _make_tables(names: list[str]) -> None:
    with connection.schema_editor() as editor:
        for app in apps.get_app_configs():
            if app.name in names:
                for model in app.get_models():
                    editor.create_model(model)
