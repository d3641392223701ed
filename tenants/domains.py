"""Addresses of institutes: added, proved by a TXT record, checked again, made primary, removed."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from core.kernel.clock import now
from tenants import deeds, dns, names, services
from tenants.context import platform_scope
from tenants.deeds import Operator
from tenants.errors import DeedRefused
from tenants.hosts import forget_hosts, primary_host
from tenants.models import DnsState, Domain, Institute, Kind, State

# A TXT record cannot stand beside a CNAME, so the value stands at a name of its own.
LABEL = "_mentoring-proof"
UNPROVED_EVERY, UNPROVED_FOR = timedelta(hours=1), timedelta(days=60)
PROVED_EVERY = timedelta(days=1)
AT_ONCE = 60
CLOCK = Operator(None, "Periodic check")


def proof_name(domain: Domain) -> str:
    """The name whose TXT record holds the proof."""
    return f"{LABEL}.{domain.domain}"


def add(institute: Institute, host: str, *, by: Operator) -> Domain:
    """Give an institute a further address, not served until it is proved.

    Raises NameRefused for a name that nobody may have, NameTaken when somebody has it: the
    sentence names nobody. DeedRefused for the operators' site.
    """
    _refuse_operators(institute)
    if host.strip().startswith("*."):
        raise DeedRefused(
            "Addresses with * are not served: every address is proved and gets a certificate of "
            "its own. Add each one."
        )
    stored = names.checked_domain(host.strip(), base_host=str(settings.BASE_HOST))
    with platform_scope(), transaction.atomic():
        made = [row for row in services.add_domains(institute, [stored]) if row.domain == stored]
        if not made:
            raise DeedRefused("The institute has this address already.")
        deeds.record("operator.domain_added", institute, by=by, domain=stored)
    return made[0]


def check(domain: Domain, *, by: Operator | None = None) -> Domain:
    """Look the proof up now; one that is found puts the domain into service.

    In: `by` is None for the clock. A served domain whose record has gone stays in service: what
    was found is shown, and operators decide. Out: the row as it is now.
    """
    return _noted(domain, look_up(domain, own=primary_host(domain.institute)), by=by)


@dataclass(frozen=True)
class Found:
    """What DNS said."""

    state: DnsState
    says: str = ""
    texts: tuple[str, ...] = ()


def look_up(domain: Domain, *, own: str) -> Found:
    """Ask DNS alone: no query of ours. In: `own` is the institute's primary host."""
    name = proof_name(domain)
    try:
        there = dns.txt_records(name)
        if domain.proof in _plain(there):
            return Found(DnsState.FOUND, _leads_here(domain.domain, own), tuple(there))
    except dns.DnsAway as problem:
        return Found(DnsState.AWAY, str(problem)[:300])
    if there:
        return Found(DnsState.OTHER, f"{name} holds another value: {there[0][:120]!r}.")
    return Found(
        DnsState.MISSING, f"{name} has no TXT record yet. A new record can take some hours."
    )


def _leads_here(host: str, own: str) -> str:
    """Whether who types the name arrives: told, but no condition (a proxy may stand before)."""
    try:
        theirs, ours = dns.addresses(host), dns.addresses(own)
    except dns.DnsAway:
        return ""
    if not theirs:
        return f"It has no address record yet: point a CNAME at {own}."
    if ours and not theirs & ours:
        return f"It points to another place than {own}, unless a proxy stands between."
    return ""


def _plain(texts: Iterable[str]) -> set[str]:
    return {text.strip().strip('"') for text in texts}


def _noted(domain: Domain, found: Found, *, by: Operator | None) -> Domain:
    with platform_scope(), transaction.atomic():
        row = Domain.objects.select_for_update(of=("self",)).select_related("institute")
        kept = row.get(pk=domain.pk)
        if found.state == DnsState.FOUND and kept.proved_at is None:
            kept.proved_at = services.prove_domain(kept.domain, found=found.texts).proved_at
            deeds.record(
                "operator.domain_proved", kept.institute, by=by or CLOCK, domain=kept.domain
            )
        kept.check_state, kept.check_says, kept.checked_at = found.state, found.says, now()
        kept.save(update_fields=("check_state", "check_says", "checked_at"))
    return kept


def check_due(at: datetime | None = None) -> int:
    """Check what is due: unproved ones hourly for sixty days, proved ones daily; out: how many."""
    at = at or now()
    not_lately = Q(checked_at=None) | Q(checked_at__lt=at - UNPROVED_EVERY)
    not_today = Q(checked_at=None) | Q(checked_at__lt=at - PROVED_EVERY)
    with platform_scope():
        due = list(
            Domain.objects.filter(
                Q(proved_at=None, added_at__gt=at - UNPROVED_FOR) & not_lately
                | Q(proved_at__isnull=False) & not_today,
                leads_on_until=None,
            )
            .exclude(domain__endswith=f".{settings.BASE_HOST}")
            .exclude(institute__state=State.DELETED)
            .select_related("institute")
            .order_by("checked_at")[:AT_ONCE]
        )
        hosts = {each.pk: primary_host(each.institute) for each in due}
    with ThreadPoolExecutor(max_workers=10, thread_name_prefix="dns") as pool:
        found = list(pool.map(lambda each: look_up(each, own=hosts[each.pk]), due))
    for domain, each in zip(due, found, strict=True):
        try:
            _noted(domain, each, by=None)
        except Domain.DoesNotExist:  # removed while it was looked up
            continue
    return len(due)


def is_own(domain: Domain) -> bool:
    """Whether it lies under the platform's own host and needs no proof."""
    return domain.domain.endswith(f".{settings.BASE_HOST}")


def make_primary(domain: Domain, *, by: Operator) -> None:
    """Build links and mails from this address from now on. Raises DeedRefused while unproved."""
    if domain.proved_at is None or domain.leads_on_until is not None:
        raise DeedRefused(f"{domain.domain} is not served, so it cannot be the primary address.")
    with platform_scope(), transaction.atomic():
        institute = Institute.objects.select_for_update().get(pk=domain.institute_id)
        services.make_primary(domain)
        deeds.record("operator.domain_made_primary", institute, by=by, domain=domain.domain)


def remove(domain: Domain, *, by: Operator) -> None:
    """Take an address away, at once. Raises DeedRefused for the primary and the one of its name."""
    with platform_scope(), transaction.atomic():
        institute = Institute.objects.select_for_update().get(pk=domain.institute_id)
        row = Domain.objects.filter(pk=domain.pk).first()
        if row is None:
            raise DeedRefused(f"{domain.domain} has been removed already.")
        if row.is_primary:
            raise DeedRefused(
                f"{row.domain} is the primary address: make another one primary first."
            )
        if row.domain == names.host_of_slug(institute.slug, base_host=str(settings.BASE_HOST)):
            raise DeedRefused(
                f"{row.domain} comes from the short name and stays: give the institute another "
                "short name instead."
            )
        row.delete()
        deeds.record("operator.domain_removed", institute, by=by, domain=row.domain)
        transaction.on_commit(forget_hosts)


def of(institute: Institute) -> list[Domain]:
    """The addresses of an institute, the primary one first."""
    with platform_scope():
        return list(Domain.objects.filter(institute=institute).select_related("institute"))


def _refuse_operators(institute: Institute) -> None:
    if institute.kind == Kind.OPERATORS:
        raise DeedRefused("The operators' site keeps its one address.")
