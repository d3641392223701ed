"""How long files and reports of people are kept."""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import transaction

from core.kernel.clock import now
from core.people.models import Export, Import, ImportState

FILE_KEPT = timedelta(days=7)
REPORT_KEPT = timedelta(days=60)
EXPORT_KEPT = timedelta(days=1)


def clear_out() -> int:
    """Remove uploaded files after a week, reports after two months, exports after a day.

    Without its report an import cannot be taken back any more. Out: how many files went.
    """
    at = now()
    with transaction.atomic():
        idle = Import.objects.filter(
            made_at__lt=at - FILE_KEPT, state__in=(ImportState.UPLOADED, ImportState.CHECKED)
        ).select_for_update(skip_locked=True)
        done = Import.objects.filter(made_at__lt=at - FILE_KEPT).exclude(stored_as="")
        done = done.select_for_update(skip_locked=True)
        files = list(done.values_list("stored_as", flat=True))
        exports = Export.objects.filter(made_at__lt=at - EXPORT_KEPT)
        files += [stored for stored in exports.values_list("stored_as", flat=True) if stored]
        idle.delete()
        done.update(stored_as="")
        exports.delete()
        Import.objects.filter(made_at__lt=at - REPORT_KEPT).delete()
        transaction.on_commit(lambda: _remove(files), robust=True)
    return len(files)


def _remove(files: list[str]) -> None:
    for stored in files:
        default_storage.delete(stored)
