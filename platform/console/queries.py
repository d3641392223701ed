"""What operators see of the institutes: kept figures of all of them, and mails of one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum

from core.kernel.clock import now
from core.kernel.deeds import phrase
from core.kernel.models import OutboxMail
from tenants.bundles.reading import shipped_names
from tenants.context import platform_scope
from tenants.models import Domain, Institute, Kind, ProvisionRun, State
from tenants.site import url_of
from tenants.standing import Fault, OperatorDeed, OperatorVisit, SenderCheck, Snapshot

PER_PAGE = 50
SORTS = {
    "name": ("kind", "name", "slug"),
    "members": (F("snapshot__members").desc(nulls_last=True), "slug"),
    "visits": (F("snapshot__visits").desc(nulls_last=True), "slug"),
    "size": (F("snapshot__schema_bytes").desc(nulls_last=True), "slug"),
    "error": (F("last_fault").desc(nulls_last=True), "slug"),
    "newest": ("-created_at", "slug"),
}
TROUBLES = ("", "mail", "migrations", "errors", "domains", "sender")
RECENT = timedelta(days=7)


@dataclass(frozen=True)
class Wanted:
    """What an operator looks for in the list. Unknown words count as none."""

    query: str = ""
    state: str = ""
    trouble: str = ""
    sort: str = "name"


@dataclass(frozen=True)
class Row:
    """An institute in the list. `snapshot` is None until its figures were gathered once."""

    institute: Institute
    address: str
    domains: list[Domain]
    snapshot: Snapshot | None
    faults: list[Fault]
    sender: SenderCheck | None

    @property
    def fault(self) -> Fault | None:
        """The newest one."""
        return max(self.faults, key=lambda fault: fault.at, default=None)

    @property
    def trend(self) -> int | None:
        """Visits of thirty days against the thirty before, in per cent; None without any."""
        if self.snapshot is None or not self.snapshot.visits_before:
            return None
        before = self.snapshot.visits_before
        return round(100 * (self.snapshot.visits - before) / before)

    @property
    def spark(self) -> str:
        """The visits of thirty days as the points of a line, 90 wide and 24 high."""
        days: Sequence[int] = self.snapshot.visit_days if self.snapshot else ()
        top = max(days, default=0)
        if not top:
            return ""
        return " ".join(
            f"{3 * place},{23 - round(22 * day / top)}" for place, day in enumerate(days)
        )


@dataclass(frozen=True)
class Summary:
    """All institutes in one line."""

    institutes: int
    active: int
    suspended: int
    members: int
    visits: int
    figures_of: datetime | None


def institutes_found(wanted: Wanted) -> QuerySet[Institute]:
    """The institutes that an operator looks for; to be read in the platform's scope."""
    rows = Institute.objects.select_related("snapshot", "sender_check")
    if wanted.query:
        text = wanted.query
        own = Domain.objects.filter(domain__icontains=text).values("institute")
        rows = rows.filter(Q(name__icontains=text) | Q(slug__icontains=text) | Q(pk__in=own))
    if wanted.state in State.values:
        rows = rows.filter(state=wanted.state)
    elif not wanted.query:
        rows = rows.exclude(state=State.DELETED)
    if wanted.trouble in TROUBLES[1:]:
        rows = rows.filter(_in_trouble(wanted.trouble))
    if wanted.sort == "error":
        rows = rows.annotate(last_fault=Max("faults__at"))
    order = SORTS.get(wanted.sort, SORTS["name"])
    return rows.order_by(*order)


def _in_trouble(trouble: str) -> Q:
    at = now()
    late = at - timedelta(hours=1)
    if trouble == "mail":
        return Q(snapshot__mails_failed__gt=0) | Q(snapshot__mail_waits_since__lt=late)
    if trouble == "migrations":
        return ~Q(snapshot__behind=[]) | Q(snapshot__has_schema=False)
    if trouble == "errors":
        return Q(pk__in=Fault.objects.filter(at__gt=at - RECENT).values("institute"))
    if trouble == "domains":
        return Q(pk__in=Domain.objects.filter(proved_at=None).values("institute"))
    return Q(sender_check__state="lacking")


def rows_of(institutes: Sequence[Institute]) -> list[Row]:
    """The rows of one page of the list: two queries more, however many rows there are."""
    domains: dict[UUID, list[Domain]] = {}
    faults: dict[UUID, list[Fault]] = {}
    with platform_scope():
        for domain in Domain.objects.filter(institute__in=institutes):
            domains.setdefault(domain.institute_id, []).append(domain)
        for fault in Fault.objects.filter(institute__in=institutes):
            faults.setdefault(fault.institute_id, []).append(fault)
    return [
        Row(
            institute=institute,
            address=_address(institute, domains.get(institute.pk, [])),
            domains=domains.get(institute.pk, []),
            snapshot=getattr(institute, "snapshot", None),
            faults=faults.get(institute.pk, []),
            sender=getattr(institute, "sender_check", None),
        )
        for institute in institutes
    ]


def _address(institute: Institute, domains: list[Domain]) -> str:
    primary = next((domain.domain for domain in domains if domain.is_primary), "")
    return url_of(primary) if primary and institute.state == State.ACTIVE else ""


def summary() -> Summary:
    """All institutes in one line, from kept figures: one query."""
    with platform_scope():
        found = Institute.objects.filter(kind=Kind.INSTITUTE).aggregate(
            institutes=Count("pk", filter=~Q(state=State.DELETED)),
            active=Count("pk", filter=Q(state=State.ACTIVE)),
            suspended=Count("pk", filter=Q(state=State.SUSPENDED)),
            members=Sum("snapshot__members", default=0),
            visits=Sum("snapshot__visits", default=0),
            figures_of=Min("snapshot__taken_at", filter=~Q(state=State.DELETED)),
        )
    return Summary(**found)


def institute_called(slug: str) -> Institute | None:
    """The institute with a short name, in any state but deleted."""
    with platform_scope():
        rows = Institute.objects.select_related("snapshot", "sender_check")
        return rows.exclude(state=State.DELETED).filter(slug=slug).first()


def institute_with_key(key: str) -> Institute | None:
    """The open institute with a site key."""
    with platform_scope():
        rows = Institute.objects.filter(kind=Kind.INSTITUTE, state=State.ACTIVE)
        return rows.filter(schema_name=key).first()


def runs_of(institute: Institute, count: int = 5) -> list[ProvisionRun]:
    """The newest runs that made an institute, or applied its bundle again."""
    with platform_scope():
        return list(ProvisionRun.objects.filter(slug=institute.slug)[:count])


def deeds_of(institute: Institute, count: int = 20) -> list[tuple[OperatorDeed, str]]:
    """What operators did to an institute, newest first, each with what it says."""
    with platform_scope():
        rows = list(OperatorDeed.objects.filter(institute=institute)[:count])
    return [(row, phrase(row.verb, {"team": "programme team"})) for row in rows]


def visits_of(institute: Institute | None = None) -> QuerySet[OperatorVisit]:
    """Stays of operators in one institute, or in all; to be read in the platform's scope."""
    rows = OperatorVisit.objects.select_related("institute")
    return rows if institute is None else rows.filter(institute=institute)


def domain_of(institute: Institute, domain_id: UUID) -> Domain | None:
    """An address of this institute; None for one of another."""
    with platform_scope():
        rows = Domain.objects.select_related("institute")
        return rows.filter(pk=domain_id, institute=institute).first()


def bundles() -> list[str]:
    """Names of the shipped bundles."""
    return shipped_names()


def run_with(run_id: UUID) -> ProvisionRun | None:
    """A provisioning run."""
    with platform_scope():
        return ProvisionRun.objects.filter(pk=run_id).first()


def last_runs(count: int = 5) -> list[ProvisionRun]:
    """The newest provisioning runs."""
    with platform_scope():
        return list(ProvisionRun.objects.all()[:count])


def mails_found(query: str) -> QuerySet[OutboxMail]:
    """Mails of the institute in force, newest first, without their bodies."""
    rows = OutboxMail.objects.defer("text", "html")
    if query:
        rows = rows.filter(
            Q(to_address__icontains=query)
            | Q(to_name__icontains=query)
            | Q(subject__icontains=query)
        )
    return rows.order_by("-created_at", "-id")
