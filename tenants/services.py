"""What happens to institutes: made, suspended, given domains."""

from collections.abc import Callable, Iterable, Sequence

from django.conf import settings
from django.db import IntegrityError, transaction

from core.kernel.clock import now
from tenants import names, schema, upgrade
from tenants.context import platform_scope, tenant_context
from tenants.errors import NameRefused, NameTaken
from tenants.hosts import forget_hosts
from tenants.models import Domain, Institute, Kind, State, UsedSchemaName

Fill = Callable[[Institute], None]


def create_institute(
    *,
    slug: str,
    name: str,
    kind: str = Kind.INSTITUTE,
    bundle: str = "",
    domains: Sequence[str] = (),
    schema_name: str | None = None,
    fill: Fill | None = None,
) -> Institute:
    """Make an institute with its schema and its addresses: everything or nothing.

    In: `domains` are further host names, served once they are proved; `fill` is called within the
    new institute and within the transaction. `schema_name` is one that `reserve_schema_name` gave.
    Out: the institute, active. Raises NameRefused, NameTaken and UpgradeRefused before anything is
    made, and whatever `fill` raises, with nothing left behind.
    """
    hosts = checked_names(slug, domains, operators=kind == Kind.OPERATORS)
    schema.recorded()
    institute = Institute(
        slug=slug,
        name=name,
        kind=kind,
        bundle=bundle,
        state=State.ACTIVE,
        schema_name=schema_name or reserve_schema_name(operators=kind == Kind.OPERATORS),
    )
    with tenant_context(institute), transaction.atomic():
        upgrade.no_upgrade_meanwhile()
        with platform_scope():
            _write_names(institute, hosts)
        schema.create_schema(institute.schema_name)
        if fill is not None:
            fill(institute)
        transaction.on_commit(forget_hosts)
    return institute


def checked_names(
    slug: str, domains: Iterable[str] = (), *, operators: bool = False, own: Institute | None = None
) -> list[str]:
    """The hosts that the slug and the further domains stand for, the primary one first.

    Raises NameRefused for names that nobody may have, NameTaken for those that somebody else has.
    """
    base_host = str(settings.BASE_HOST)
    names.checked_slug(slug, operators=operators)
    hosts = [names.host_of_slug(slug, base_host=base_host)]
    hosts += [names.checked_domain(domain, base_host=base_host) for domain in domains]
    for host in hosts:
        if hosts.count(host) > 1:
            raise NameRefused(f"{host!r} is given twice.")
    with platform_scope():
        if own is None and Institute.objects.filter(slug=slug).exists():
            raise NameTaken(f"There is an institute {slug!r} already.")
        others = Domain.objects.filter(domain__in=hosts)
        for other in others.exclude(institute=own) if own else others:
            raise NameTaken(f"The address {other.domain!r} belongs to another institute.")
    return hosts


def reserve_schema_name(*, operators: bool = False) -> str:
    """A schema name that was never given out and never will be again."""
    name = names.PLATFORM_SCHEMA if operators else names.new_schema_name()
    with platform_scope():
        try:
            with transaction.atomic():
                UsedSchemaName.objects.create(schema_name=name)
        except IntegrityError:
            if operators and not Institute.objects.filter(schema_name=name).exists():
                return name
            raise NameTaken(f"The schema name {name} was used before.") from None
    return name


def _write_names(institute: Institute, hosts: list[str]) -> None:
    try:
        with transaction.atomic():
            institute.save(force_insert=True)
            for host in hosts:
                primary = host == hosts[0]
                Domain.objects.create(
                    institute=institute,
                    domain=host,
                    is_primary=primary,
                    proved_at=now() if primary else None,
                )
    except IntegrityError:
        raise NameTaken(
            f"Somebody else has just taken {institute.slug!r} or one of its addresses."
        ) from None


def add_domains(institute: Institute, domains: Sequence[str]) -> list[Domain]:
    """Give an institute further addresses, unproved; returns the new ones. Raises as above."""
    hosts = checked_names(
        institute.slug, domains, operators=_is_operators(institute), own=institute
    )
    try:
        with platform_scope(), transaction.atomic():
            made = [
                Domain.objects.get_or_create(domain=host, institute=institute) for host in hosts
            ]
    except IntegrityError:
        raise NameTaken("One of these addresses now belongs to another institute.") from None
    return [domain for domain, new in made if new]


def prove_domain(host: str, *, found: Iterable[str]) -> Domain:
    """Take a domain into service when a TXT record of it holds the stored value.

    In: `found` are the values of its TXT records. Raises NameRefused when none of them is it.
    """
    with platform_scope(), transaction.atomic():
        domain = Domain.objects.select_for_update().get(domain=names.checked_host(host))
        if domain.proof not in {value.strip().strip('"') for value in found}:
            raise NameRefused(
                f"No TXT record of {domain.domain} holds {domain.proof!r}: the address is not "
                "served until one does."
            )
        domain.proved_at = now()
        domain.save(update_fields=("proved_at",))
        transaction.on_commit(forget_hosts)
    return domain


def make_primary(domain: Domain) -> None:
    """Build links and mails from this address from now on. Raises NameRefused while unproved."""
    if domain.proved_at is None:
        raise NameRefused(f"{domain.domain} is not proved, so it cannot be the primary address.")
    with platform_scope(), transaction.atomic():
        siblings = Domain.objects.filter(institute_id=domain.institute_id)
        siblings.filter(is_primary=True).update(is_primary=False)
        siblings.filter(pk=domain.pk).update(is_primary=True, leads_on_until=None)
        transaction.on_commit(forget_hosts)


def set_state(institute: Institute, state: State) -> None:
    """Suspend, reopen or retire an institute. Its schema and its names stay as they are."""
    with platform_scope(), transaction.atomic():
        Institute.objects.filter(pk=institute.pk).update(state=state)
        institute.state = state
        transaction.on_commit(forget_hosts)


def migrate_institute(institute: Institute) -> None:
    """Bring one institute to the newest version. Raises UpgradeRefused with the reason."""
    upgrade.migrate_institute(institute)


def _is_operators(institute: Institute) -> bool:
    return institute.kind == Kind.OPERATORS
