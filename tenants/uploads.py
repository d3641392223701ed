"""Bundles that operators send: kept, checked, shown, provisioned, forgotten."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from django.db import transaction

from core.kernel.clock import now
from tenants import services
from tenants.bundles.format import Bundle
from tenants.bundles.problems import BundleInvalid, Problem
from tenants.bundles.reading import load
from tenants.bundles.things import things
from tenants.context import platform_scope
from tenants.deeds import Operator
from tenants.models import Outcome, ProvisionRun
from tenants.provision import provision
from tenants.standing import UploadedBundle
from tenants.unpacking import bundle_name, unpacked

KEPT = timedelta(days=1)
_NAMES = {
    "section": ("profile section", "profile sections"),
    "field": ("profile question", "profile questions"),
    "option": ("choice", "choices"),
    "criterion": ("matching criterion", "matching criteria"),
    "canvas": ("canvas", "canvases"),
    "survey": ("survey", "surveys"),
    "faq": ("help text", "help texts"),
    "legal_page": ("legal page", "legal pages"),
    "guide": ("guide", "guides"),
    "guide_picture": ("picture", "pictures"),
}


@dataclass(frozen=True)
class Preview:
    """What provisioning a bundle would make."""

    bundle: Bundle
    contents: list[str]


def keep(content: bytes, file_name: str, *, by: Operator) -> UploadedBundle:
    """Check a zip and keep it. Raises BundleInvalid with every problem, and keeps nothing."""
    with unpacked(content, file_name) as folder:
        load(folder)
    with platform_scope():
        return UploadedBundle.objects.create(
            file_name=file_name[:200], content=content, operator_name=by.full_name
        )


def found(upload_id: UUID) -> UploadedBundle | None:
    """A bundle that was sent within the last day."""
    with platform_scope():
        return UploadedBundle.objects.filter(pk=upload_id, uploaded_at__gt=now() - KEPT).first()


def preview(upload: UploadedBundle) -> Preview:
    """What would be made. Raises BundleInvalid when the product reads bundles otherwise by now."""
    with _opened(upload) as folder:
        bundle = load(folder)
    counts = Counter(thing.kind for thing in things(bundle))
    return Preview(
        bundle,
        [
            f"{number} {_NAMES[kind][number != 1]}"
            for kind, number in counts.items()
            if kind in _NAMES
        ],
    )


def request(upload: UploadedBundle, *, slug: str, domains: Sequence[str] = ()) -> ProvisionRun:
    """Ask a worker to provision it; out: the row that shows the progress.

    Raises NameRefused and NameTaken at once, before the worker is asked.
    """
    from tenants.tasks import provision_upload as task

    services.checked_names(slug, domains)
    with platform_scope(), transaction.atomic():
        run = ProvisionRun.objects.create(slug=slug, bundle=bundle_name(upload.file_name))
        transaction.on_commit(lambda: task.delay(str(upload.pk), slug, list(domains), str(run.pk)))
    return run


def provision_upload(upload_id: UUID, *, slug: str, domains: Sequence[str], run_id: UUID) -> None:
    """Make the institute; the zip is forgotten when it is there. Errors: as `provision`."""
    upload = found(upload_id)
    if upload is None:
        with platform_scope():
            if ProvisionRun.objects.filter(pk=run_id, outcome=Outcome.DONE).exists():
                return  # a worker was lost after its work: the task came twice
        sentence = "The bundle is no longer here: send it again."
        with platform_scope():
            ProvisionRun.objects.filter(pk=run_id).update(
                outcome=Outcome.FAILED, message=sentence, ended_at=now()
            )
        raise BundleInvalid([Problem(str(upload_id), 0, "", sentence)])
    with _opened(upload) as folder:
        provision(folder, slug=slug, domains=domains, run_id=run_id)
    with platform_scope():
        UploadedBundle.objects.filter(pk=upload_id).delete()


def forget_old() -> int:
    """Forget what was sent more than a day ago; out: how many."""
    with platform_scope():
        gone, _ = UploadedBundle.objects.filter(uploaded_at__lte=now() - KEPT).delete()
    return gone


@contextmanager
def _opened(upload: UploadedBundle) -> Iterator[Path]:
    with unpacked(bytes(upload.content), upload.file_name) as folder:
        yield folder
