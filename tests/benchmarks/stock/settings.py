"""The same apps on the library's own backend, with its own commands."""

import os
import sys

from config.settings.test import *  # noqa: F403
from config.settings.test import DATABASES, PLAIN_APPS, TENANT_APPS

SHARED_APPS = ["django_tenants", "tests.benchmarks.stock"]
INSTALLED_APPS = [*SHARED_APPS, *TENANT_APPS, *PLAIN_APPS, "django.forms"]
TENANT_MODEL = "stock.Tenant"
TENANT_DOMAIN_MODEL = "stock.Domain"
DATABASES["default"]["ENGINE"] = "django_tenants.postgresql_backend"
DATABASES["default"]["CONN_MAX_AGE"] = 60
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if "BENCH_MIGRATIONS" in os.environ:
    sys.path.insert(0, os.environ["BENCH_MIGRATIONS"])
    MIGRATION_MODULES = {"visits": "planted_migrations"}
