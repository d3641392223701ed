"""What there is: institutes by name, archives by key."""

from typing import BinaryIO
from uuid import UUID

from tenants.backups import files
from tenants.context import platform_scope
from tenants.errors import DeedRefused
from tenants.keeping import Backup
from tenants.models import Institute, State


def institute_called(slug: str) -> Institute:
    """The institute with a short name. Raises DeedRefused when there is none."""
    with platform_scope():
        found = Institute.objects.exclude(state=State.DELETED).filter(slug=slug).first()
    if found is None:
        raise DeedRefused(f"There is no institute {slug!r}.")
    return found


def opened(backup_id: UUID) -> BinaryIO:
    """The archive of a kept backup. Raises DeedRefused when it is not there."""
    with platform_scope():
        found = Backup.objects.filter(pk=backup_id).first()
    if found is None:
        raise DeedRefused("There is no such backup.")
    try:
        return files.open_archive(found.stored_as)
    except FileNotFoundError:
        raise DeedRefused("The storage has lost this archive.") from None
