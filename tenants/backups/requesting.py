"""Asking a worker to back up or restore: what the operators' console calls."""

from django.db import transaction

from tenants import services
from tenants.backups.making import refuse_odd
from tenants.backups.runs import asked
from tenants.backups.tasks import run_for_operators
from tenants.context import platform_scope
from tenants.deeds import Operator
from tenants.errors import NameTaken
from tenants.keeping import Backup, PlatformRun, RunKind
from tenants.models import Institute


def request_backup(institute: Institute, *, by: Operator, reason: str = "") -> PlatformRun:
    """Ask a worker to back up an institute; out: the row that shows its progress.

    Raises DeedRefused at once for what cannot be backed up.
    """
    refuse_odd(institute)
    return _sent(RunKind.BACKUP, institute.slug, by, {"reason": reason[:200]})


def request_restore(
    backup: Backup, *, by: Operator, slug: str = "", name: str = "", opens: bool = False
) -> PlatformRun:
    """Ask a worker to restore a kept backup, in its place or as `slug`; out: its row.

    Raises NameRefused and NameTaken at once.
    """
    slug = slug or (backup.institute.slug if backup.institute else backup.slug)
    with platform_scope():
        there = Institute.objects.filter(slug=slug).first()
    if there is None:
        services.checked_names(slug)
    elif there.pk != backup.institute_id:
        raise NameTaken(f"There is an institute {slug!r} already: choose another short name.")
    about = {"backup": str(backup.pk), "name": name, "opens": opens}
    return _sent(RunKind.RESTORE, slug, by, about)


def _sent(kind: RunKind, slug: str, by: Operator, about: dict[str, object]) -> PlatformRun:
    with platform_scope(), transaction.atomic():
        run = asked(kind, slug, by=by, about=about)
        transaction.on_commit(lambda: run_for_operators.delay(str(run.pk)))
    return run
