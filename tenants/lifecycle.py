"""Suspending, reopening and renaming institutes: deeds of operators, each written down."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from core.kernel.clock import now
from tenants import deeds, names, services
from tenants.context import platform_scope
from tenants.deeds import Operator
from tenants.errors import DeedRefused, NameTaken
from tenants.hosts import forget_hosts
from tenants.keeping import Deletion, DeletionState
from tenants.models import Domain, Institute, Kind, State

LEADS_ON = timedelta(days=180)
LONGEST_REASON = 300


def suspend(institute: Institute, *, reason: str, by: Operator) -> Institute:
    """Close an institute for its members, who see a calm page; nothing is lost.

    In: the reason is for operators and the institute's trail, never for the page. Out: the row.
    Raises DeedRefused without a reason, for the operators' site, and unless it is active.
    """
    reason = _reason(reason)
    with platform_scope(), transaction.atomic():
        row = _held(institute)
        if row.state != State.ACTIVE:
            raise DeedRefused(f"{row.name} is {row.get_state_display().lower()}, not active.")
        row.state, row.suspended_at, row.suspended_for = State.SUSPENDED, now(), reason
        row.save(update_fields=("state", "suspended_at", "suspended_for"))
        deeds.record("operator.suspended", row, by=by, reason=reason)
        transaction.on_commit(forget_hosts)
    return row


def reopen(institute: Institute, *, by: Operator) -> Institute:
    """Open a suspended institute again. Raises DeedRefused unless it is suspended."""
    with platform_scope(), transaction.atomic():
        row = _held(institute)
        if row.state != State.SUSPENDED:
            raise DeedRefused(f"{row.name} is {row.get_state_display().lower()}, not suspended.")
        if Deletion.objects.filter(institute=row, state=DeletionState.WAITING).exists():
            raise DeedRefused(f"{row.name} is to be deleted: take that back first.")
        row.state, row.suspended_at, row.suspended_for = State.ACTIVE, None, ""
        row.save(update_fields=("state", "suspended_at", "suspended_for"))
        deeds.record("operator.reopened", row, by=by)
        transaction.on_commit(forget_hosts)
    return row


def rename(institute: Institute, *, name: str, by: Operator) -> Institute:
    """Call an institute something else in the console and in the machinery's mails.

    Raises DeedRefused for an empty or endless name.
    """
    name = " ".join(name.split())
    if not name or len(name) > 200:
        raise DeedRefused("Enter a name of at most 200 characters.")
    with platform_scope(), transaction.atomic():
        row = _held(institute)
        before, row.name = row.name, name
        if before == name:
            return row
        row.save(update_fields=("name",))
        deeds.record("operator.renamed", row, by=by, before=before, after=name)
        transaction.on_commit(forget_hosts)
    return row


def move(
    institute: Institute, *, slug: str, keep_old: bool, by: Operator, at: datetime | None = None
) -> Institute:
    """Give an institute another short name, and the address that comes with it.

    In: `keep_old` keeps the old address in service for good; else it leads to the new one for half
    a year. An own domain that is primary stays primary. Raises NameRefused, NameTaken, DeedRefused.
    """
    slug = slug.strip()
    base_host = str(settings.BASE_HOST)
    names.checked_slug(slug)
    host = names.host_of_slug(slug, base_host=base_host)
    try:
        with platform_scope(), transaction.atomic():
            row = _held(institute)
            if row.slug == slug:
                raise DeedRefused(f"{slug!r} is its short name already.")
            _refuse_taken(row, slug, host)
            old = Domain.objects.filter(
                institute=row, domain=names.host_of_slug(row.slug, base_host=base_host)
            ).first()
            before, row.slug = row.slug, slug
            row.save(update_fields=("slug",))
            new, _ = Domain.objects.get_or_create(
                domain=host, institute=row, defaults={"proved_at": now()}
            )
            Domain.objects.filter(pk=new.pk).update(leads_on_until=None)
            if old is not None and old.is_primary:
                services.make_primary(new)
            if old is not None and not keep_old:
                Domain.objects.filter(pk=old.pk).update(leads_on_until=(at or now()) + LEADS_ON)
            deeds.record("operator.moved", row, by=by, before=before, after=slug)
            transaction.on_commit(forget_hosts)
    except IntegrityError:
        raise NameTaken(f"Somebody else has just taken {slug!r}.") from None
    return row


def _refuse_taken(institute: Institute, slug: str, host: str) -> None:
    if Institute.objects.filter(slug=slug).exclude(pk=institute.pk).exists():
        raise NameTaken(f"There is an institute {slug!r} already.")
    if Domain.objects.filter(domain=host).exclude(institute=institute).exists():
        raise NameTaken(f"The address {host!r} belongs to another institute.")


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not reason or len(reason) > LONGEST_REASON:
        raise DeedRefused(f"Give a reason of at most {LONGEST_REASON} characters.")
    return reason


def _held(institute: Institute) -> Institute:
    row = Institute.objects.select_for_update().get(pk=institute.pk)
    if row.kind == Kind.OPERATORS:
        raise DeedRefused("The operators' site is not an institute: it stays as it is.")
    if row.state == State.DELETED:
        raise DeedRefused(f"{row.name} is deleted.")
    return row
