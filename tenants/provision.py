"""Provisioning: from a bundle to a site, all or nothing.

The institute's row, its addresses, its schema and everything the bundle brings are written in one
transaction, so a run that is killed leaves nothing. Two runs for one name meet at a lock: one
wins, the other is told. Provisioning an institute that is there applies its bundle again, which
changes only what the bundle owns. Source: product, "Bundle"; issue text, "Institutes".
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from django.db import transaction

from tenants import names, services, upgrade
from tenants.bundles.applying import apply
from tenants.bundles.format import Bundle
from tenants.bundles.problems import BundleInvalid
from tenants.bundles.reading import load, shipped
from tenants.bundles.things import Changes
from tenants.context import platform_scope, tenant_context
from tenants.errors import NameTaken, ProvisionFailed, TenancyError
from tenants.journal import Journal, journal
from tenants.models import Domain, Institute, Kind, Outcome, State, Step

Tell = Callable[[Step], None]


@dataclass(frozen=True)
class Provisioned:
    """What came of it. `unproved` are domains that still wait for their TXT record."""

    institute: Institute
    is_new: bool
    changes: Changes
    unproved: list[Domain] = field(default_factory=list)


def found(source: str | Path) -> Path:
    """The folder of a bundle: a shipped one by name, or a folder by path. Raises BundleInvalid."""
    text = str(source)
    return Path(text) if "/" in text and Path(text).is_dir() else shipped(text)


def provision(
    source: str | Path,
    *,
    slug: str | None = None,
    domains: Sequence[str] = (),
    tell: Tell | None = None,
    run_id: UUID | None = None,
) -> Provisioned:
    """Make an institute from a bundle, or apply its changed bundle again.

    In: a shipped bundle's name or a folder; `tell` is called as each step begins; `run_id` is a
    row that was made beforehand. Raises BundleInvalid, NameRefused, NameTaken and UpgradeRefused
    before anything is made; ProvisionFailed when a later step failed and was undone.
    """
    bundle = load(found(source))
    slug = bundle.institute.identity.slug if slug is None else slug
    names.checked_slug(slug)
    with journal(slug, bundle.name, run_id) as kept:

        def begin(step: Step) -> None:
            kept.step(step)
            if tell is not None:
                tell(step)

        begin(Step.CHECK)
        with platform_scope():
            there = Institute.objects.filter(slug=slug).first()
        if there is None:
            done = _new(bundle, slug, domains, kept, begin)
        else:
            done = _again(there, bundle, domains, begin)
        kept.close(Outcome.DONE, str(done.changes))
        if tell is not None:
            tell(Step.DONE)
    return done


def _new(
    bundle: Bundle, slug: str, domains: Sequence[str], kept: Journal, begin: Tell
) -> Provisioned:
    changes: list[Changes] = []

    def fill(institute: Institute) -> None:
        begin(Step.BUNDLE)
        changes.append(apply(bundle))

    services.checked_names(slug, domains)
    begin(Step.SCHEMA)
    try:
        institute = services.create_institute(
            slug=slug,
            name=bundle.institute.identity.name,
            bundle=bundle.name,
            domains=domains,
            schema_name=kept.reserve_schema(operators=False),
            fill=fill,
        )
    except (TenancyError, BundleInvalid):
        raise
    except Exception as problem:
        raise ProvisionFailed(
            f"{slug!r} was not made, and nothing of it is left: {problem}"
        ) from problem
    return Provisioned(institute, True, changes[0], _unproved(institute))


def _again(
    institute: Institute, bundle: Bundle, domains: Sequence[str], begin: Tell
) -> Provisioned:
    if institute.kind != Kind.INSTITUTE or institute.state == State.DELETED:
        raise NameTaken(f"The name {institute.slug!r} is not free.")
    if institute.bundle != bundle.name:
        raise NameTaken(
            f"There is an institute {institute.slug!r} already, made from the bundle "
            f"{institute.bundle!r}: {bundle.name!r} cannot be applied to it."
        )
    services.checked_names(institute.slug, domains, own=institute)
    begin(Step.BUNDLE)
    try:
        with tenant_context(institute), transaction.atomic():
            upgrade.no_upgrade_meanwhile()
            services.add_domains(institute, domains)
            changes = apply(bundle)
    except (TenancyError, BundleInvalid):
        raise
    except Exception as problem:
        raise ProvisionFailed(
            f"{institute.slug!r} stays as it was, because applying its bundle failed: {problem}"
        ) from problem
    return Provisioned(institute, False, changes, _unproved(institute))


def _unproved(institute: Institute) -> list[Domain]:
    with platform_scope():
        return list(Domain.objects.filter(institute=institute, proved_at__isnull=True))
