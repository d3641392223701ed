"""The last thing that broke in each institute, for operators.

Kept are the name of the error, the place in the code and the page or task: never a message, an
address or a value, which could be about somebody. Writing it down must not break anything itself,
and a storm of errors costs one write a second in each process.
"""

import logging
import sys
from threading import Lock
from time import monotonic
from traceback import extract_tb
from types import TracebackType
from typing import Any
from uuid import UUID

from celery.signals import task_failure
from django.conf import settings
from django.core.signals import got_request_exception
from django.db import Error as DatabaseError
from django.db import transaction
from django.http import HttpRequest

from core.kernel.clock import now
from core.kernel.ids import new_id
from tenants.context import current_institute, platform_scope, wrapper
from tenants.errors import TaskRefused
from tenants.models import Institute
from tenants.standing import Fault, FaultKind

log = logging.getLogger(__name__)
SECONDS = 1.0
_last: dict[tuple[str, str], float] = {}
_lock = Lock()


def note(institute: Institute, kind: FaultKind, *, what: str, where: str = "") -> None:
    """Write the newest fault of a kind over the older one. Never raises."""
    if not _may_write(str(institute.pk), kind):
        return
    values = [new_id(), institute.pk, kind.value, _short(what), _short(where), now()]
    try:
        with platform_scope(), transaction.atomic(), wrapper().cursor() as cursor:
            cursor.execute(
                f"INSERT INTO {Fault._meta.db_table}"  # noqa: S608 - a name of ours
                ' (id, institute_id, kind, what, "where", at, count)'
                " VALUES (%s, %s, %s, %s, %s, %s, 1)"
                " ON CONFLICT (institute_id, kind) DO UPDATE SET what = excluded.what,"
                f' "where" = excluded."where", at = excluded.at, count = {Fault._meta.db_table}'
                ".count + 1",
                values,
            )
    except DatabaseError:
        log.warning("a fault of %s could not be written down", institute.slug)


def forget(institute: Institute, kind: FaultKind) -> None:
    """Take a fault back that is gone."""
    with platform_scope():
        Fault.objects.filter(institute=institute, kind=kind).delete()


def forget_pace() -> None:
    """Write the next fault whenever the last was: for tests."""
    with _lock:
        _last.clear()


def _may_write(key: str, kind: FaultKind) -> bool:
    with _lock:
        if monotonic() - _last.get((key, kind), -SECONDS) < SECONDS:
            return False
        _last[(key, kind)] = monotonic()
        return True


def place_of(trace: TracebackType | None) -> str:
    """The last line of our own code in a traceback, or the very last line; no values."""
    frames = extract_tb(trace) if trace is not None else []
    root = str(settings.ROOT)
    own = [
        each for each in frames if each.filename.startswith(root) and ".venv" not in each.filename
    ]
    for frame in reversed(own or frames):
        return f"{frame.filename.removeprefix(root).lstrip('/')}:{frame.lineno}"
    return ""


def _short(text: str) -> str:
    return text.replace("\x00", "").strip()[:200]


def note_page(sender: Any, request: HttpRequest | None = None, **_: Any) -> None:
    """Django's signal: a page raised what nobody caught."""
    institute = current_institute()
    kind, _value, trace = sys.exc_info()
    if institute is None or kind is None:
        return
    match = getattr(request, "resolver_match", None)
    page = f"{match.view_name} " if match is not None else ""
    note(institute, FaultKind.PAGE, what=kind.__name__, where=f"{page}{place_of(trace)}")


def note_task(
    sender: Any = None,
    exception: BaseException | None = None,
    **_: Any,
) -> None:
    """Celery's signal: a task raised. The institute is the one that its header names."""
    from tenants.celery import header_of

    header = header_of(getattr(sender, "request", None))
    if exception is None or header is None:
        return
    with platform_scope():
        institute = Institute.objects.filter(pk=header).first() if _is_key(header) else None
    if institute is None:
        return
    refused = isinstance(exception, TaskRefused)
    kind = FaultKind.REFUSED if refused else FaultKind.TASK
    what = str(exception) if refused else type(exception).__name__
    trace = exception.__traceback__
    place = "" if refused else f" {place_of(trace)}"
    note(institute, kind, what=what, where=f"{getattr(sender, 'name', '')}{place}")


def _is_key(header: str) -> bool:
    try:
        UUID(header)
    except ValueError:
        return False
    return True


def listen() -> None:
    """Connect the two signals, once a process."""
    got_request_exception.connect(note_page, dispatch_uid="tenants.faults")
    task_failure.connect(note_task, dispatch_uid="tenants.faults")
