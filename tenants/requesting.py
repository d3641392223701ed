"""Asking a worker to provision: what the operators' console calls."""

from collections.abc import Sequence

from django.db import transaction

from tenants import services
from tenants.bundles.reading import load, shipped
from tenants.context import platform_scope
from tenants.models import Institute, ProvisionRun
from tenants.tasks import provision_institute


def request_provision(
    bundle: str, *, slug: str | None = None, domains: Sequence[str] = ()
) -> ProvisionRun:
    """Ask a worker to provision a shipped bundle; out: the row that shows its progress.

    Raises BundleInvalid, NameRefused and NameTaken at once, before the worker is asked.
    """
    read = load(shipped(bundle))
    slug = read.institute.identity.slug if slug is None else slug
    with platform_scope():
        there = Institute.objects.filter(slug=slug, bundle=read.name).first()
    services.checked_names(slug, domains, own=there)
    with platform_scope(), transaction.atomic():
        run = ProvisionRun.objects.create(slug=slug, bundle=bundle)
        transaction.on_commit(
            lambda: provision_institute.delay(bundle, slug, list(domains), str(run.pk))
        )
    return run
