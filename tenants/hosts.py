"""Host name → institute, exactly, with a small memory in each process.

What is remembered is at most `HOST_MEMORY_SECONDS` old (5 unless set), and forgotten at once in
the process that changes it; so a suspended institute is closed everywhere within that time.
Only hits are remembered: strangers' host names cannot fill the memory.
"""

from dataclasses import dataclass
from threading import Lock
from time import monotonic
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q, QuerySet

from core.kernel.clock import now
from tenants.context import platform_scope
from tenants.models import Domain, Institute

_ROOM = 4096
_FIELDS = [field.attname for field in Institute._meta.concrete_fields]


@dataclass(frozen=True)
class _Remembered:
    values: tuple[Any, ...]
    until: float


class _Memory:
    """Bounded and locked; holds plain values, so threads never share a model instance."""

    def __init__(self) -> None:
        self._rows: dict[str, _Remembered] = {}
        self._lock = Lock()

    def get(self, key: str) -> tuple[Any, ...] | None:
        row = self._rows.get(key)
        return row.values if row and row.until > monotonic() else None

    def put(self, key: str, values: tuple[Any, ...]) -> None:
        seconds = float(getattr(settings, "HOST_MEMORY_SECONDS", 5))
        if seconds <= 0:
            return
        with self._lock:
            if len(self._rows) >= _ROOM:
                self._rows.clear()
            self._rows[key] = _Remembered(values, monotonic() + seconds)

    def clear(self) -> None:
        with self._lock:
            self._rows.clear()


_institutes = _Memory()
_primaries = _Memory()


def institute_of(host: str) -> Institute | None:
    """The institute that is served at exactly this host, in any state; None when there is none.

    In: an ASCII lower-case host without port.
    """
    values = _row_of(host)
    return None if values is None else Institute.from_db(DEFAULT_DB_ALIAS, _FIELDS, values[1:])


def leads_on(host: str) -> bool:
    """Whether this host is a former address, which leads to the primary one for a while."""
    values = _row_of(host)
    return values is not None and bool(values[0])


def _row_of(host: str) -> tuple[Any, ...] | None:
    """Whether the host leads on, then the values of its institute."""
    values = _institutes.get(host)
    if values is None:
        with platform_scope():
            found = served(Domain.objects.filter(domain=host)).select_related("institute").first()
        if found is None:
            return None
        own = (getattr(found.institute, field) for field in _FIELDS)
        values = (found.leads_on_until is not None, *own)
        _institutes.put(host, values)
    return values


def served(domains: QuerySet[Domain]) -> QuerySet[Domain]:
    """Those that are proved, and not left behind for longer than they lead on."""
    return domains.filter(
        Q(leads_on_until=None) | Q(leads_on_until__gt=now()), proved_at__isnull=False
    )


def primary_host(institute: Institute) -> str:
    """The stored primary host. Raises Domain.DoesNotExist when the institute has none."""
    key = str(institute.pk)
    values = _primaries.get(key)
    if values is None:
        with platform_scope():
            values = (Domain.objects.get(institute_id=institute.pk, is_primary=True).domain,)
        _primaries.put(key, values)
    return str(values[0])


def forget_hosts() -> None:
    """Forget everything in this process: called whenever an institute or a domain changes."""
    _institutes.clear()
    _primaries.clear()
