"""A living institute and a bundle: what differs, what applying would do, applying, rolling back.

Applying keeps what staff changed since, as provisioning does, unless the operator wants the site
to be exactly as the file says. Either way it is one transaction, told in the institute's own audit
trail, and the settings as they stood are kept for a way back.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.urls import get_urlconf, set_urlconf

from core.kernel.clock import now
from core.programme.models import Programme, Provided
from core.resources.models import Picture
from tenants import cache, deeds, upgrade
from tenants.bundles.appliable import appliable
from tenants.bundles.applying import write
from tenants.bundles.differing import Difference, compared
from tenants.bundles.format import Bundle
from tenants.bundles.reading import load
from tenants.bundles.taking import taken
from tenants.bundles.things import Thing, things
from tenants.bundles.writing import as_zip, files_of
from tenants.context import platform_scope, tenant_context
from tenants.deeds import Operator
from tenants.errors import DeedRefused
from tenants.keeping import BundleRevision
from tenants.models import Institute, Kind, State
from tenants.unpacking import unpacked
from theming.models import Brand

Seen = TypeVar("Seen")
MOST_TOLD = 200


@dataclass
class Outlook:
    """What applying would do (`changes`), and what would still differ from the file (`kept`)."""

    changes: list[Difference] = field(default_factory=list)
    kept: list[Difference] = field(default_factory=list)


@contextmanager
def opened(path: Path) -> Iterator[Bundle]:
    """A bundle from a folder or a zip. Raises BundleInvalid and what unpacking refuses."""
    if path.is_dir():
        yield load(path)
        return
    with opened_zip(path.read_bytes(), path.name) as bundle:
        yield bundle


@contextmanager
def opened_zip(content: bytes, file_name: str) -> Iterator[Bundle]:
    """A bundle from a zip. Raises BundleInvalid with every problem."""
    with unpacked(content, file_name) as folder:
        yield load(folder)


def refuse_odd(institute: Institute, bundle: Bundle | None = None) -> None:
    """Raises DeedRefused for a site that has no settings, and for the bundle of another one."""
    if institute.kind != Kind.INSTITUTE or institute.state not in (State.ACTIVE, State.SUSPENDED):
        raise DeedRefused(f"{institute.name} has no settings of its own now.")
    if bundle is None:
        return
    theirs = bundle.institute.identity.slug
    if theirs != institute.slug and bundle.name != institute.bundle:
        raise DeedRefused(
            f"This bundle describes {theirs!r}, not {institute.slug!r}: change the slug in it if "
            "it is meant for this institute."
        )


def rehearse(
    institute: Institute,
    given: Bundle,
    *,
    exactly: bool = False,
    look: Callable[[], Seen] | None = None,
) -> tuple[Outlook, Seen | None]:
    """Apply a bundle and undo it; out: what it would do, and what `look` saw meanwhile.

    Members see nothing of it. Errors: as `apply_to`.
    """
    refuse_odd(institute, given)
    seen = None
    with _at_home(institute), cache.apart(), transaction.atomic():
        upgrade.no_upgrade_meanwhile()
        before = _standing(institute)
        there = _files()
        try:
            _write(institute, things(given), given.name, exactly=exactly)
            after = things(taken(institute))
            if look is not None:
                seen = look()
        finally:
            for name in _files() - there if not connection.needs_rollback else ():
                default_storage.delete(name)
            transaction.set_rollback(True)
    return Outlook(compared(before, after), compared(after, things(given))), seen


def apply_to(
    institute: Institute, bundle: Bundle, *, by: Operator, source: str, exactly: bool = False
) -> BundleRevision | None:
    """Apply a bundle; out: the settings as they stood, None when nothing changed.

    Raises DeedRefused for another institute's bundle, BundleInvalid when a field would change its
    kind under answers, UpgradeRefused during an upgrade; then nothing was changed.
    """
    refuse_odd(institute, bundle)

    def work() -> None:
        _write(institute, things(bundle), bundle.name, exactly=exactly)

    return _kept(institute, work, by=by, source=source, verb="operator.applied_bundle")


def roll_back(revision: BundleRevision, *, by: Operator) -> BundleRevision | None:
    """Put the settings back as a revision kept them; out: as they stood until now.

    What members wrote is not touched. Raises DeedRefused and UpgradeRefused.
    """
    institute = revision.institute
    refuse_odd(institute)
    former = [Thing(one["kind"], one["key"], one["values"]) for one in revision.things]

    def work() -> None:
        _write(institute, former, revision.source, exactly=True)
        _mark([(one["kind"], one["key"], one["digests"]) for one in revision.marks])
        with platform_scope():
            BundleRevision.objects.filter(pk=revision.pk).update(
                rolled_back_at=now(), rolled_back_by=by.full_name
            )

    source = f"Roll back to {revision.at:%d %B %Y, %H:%M} UTC"
    return _kept(institute, work, by=by, source=source, verb="operator.rolled_back_bundle")


def revisions_of(institute: Institute) -> list[BundleRevision]:
    """The kept states, newest first, without their contents."""
    with platform_scope():
        return list(
            BundleRevision.objects.filter(institute=institute).defer("content", "things", "marks")
        )


def revision_of(institute: Institute, revision_id: UUID) -> BundleRevision | None:
    """One kept state of this institute."""
    with platform_scope():
        found = BundleRevision.objects.filter(institute=institute, pk=revision_id)
        return found.select_related("institute").first()


def differences_to(institute: Institute, revision: BundleRevision) -> list[Difference]:
    """What rolling back to a kept state would change."""
    former = [Thing(one["kind"], one["key"], one["values"]) for one in revision.things]
    with tenant_context(institute), transaction.atomic():
        return compared(things(taken(institute)), former)


def exported(institute: Institute) -> dict[str, bytes]:
    """The settings in force as a bundle's files. Raises DeedRefused."""
    return export(institute)[0]


def export(institute: Institute) -> tuple[dict[str, bytes], list[str]]:
    """The same, and a sentence for each setting that no bundle may say and that is left out."""
    refuse_odd(institute)
    with tenant_context(institute), transaction.atomic():
        bundle, told = appliable(taken(institute))
        return files_of(bundle), told


def _kept(
    institute: Institute, work: Callable[[], None], *, by: Operator, source: str, verb: str
) -> BundleRevision | None:
    """Do the work in one transaction, and keep what stood before."""
    with _at_home(institute), transaction.atomic():
        upgrade.no_upgrade_meanwhile()
        before, files = _standing(institute), files_of(taken(institute))
        marks = [
            {"kind": one.kind, "key": one.key, "digests": one.digests}
            for one in Provided.objects.order_by("kind", "key")
        ]
        work()
        changes = compared(before, things(taken(institute)))
        if not changes:
            return None
        told = [f"{one.thing}: {one.value or one.what}" for one in changes[:MOST_TOLD]]
        with platform_scope():
            kept = BundleRevision.objects.create(
                institute=institute,
                operator_name=by.full_name,
                source=source[:200],
                summary=told,
                things=[{"kind": one.kind, "key": one.key, "values": one.values} for one in before],
                marks=marks,
                content=as_zip(files, institute.slug),
            )
        deeds.record(verb, institute, by=by, source=source, changes=told, revision=str(kept.pk))
    return kept


@contextmanager
def _at_home(institute: Institute) -> Iterator[None]:
    """The institute in force, and its addresses: the stylesheet names them."""
    before = get_urlconf()
    set_urlconf(settings.ROOT_URLCONF)
    try:
        with tenant_context(institute):
            yield
    finally:
        set_urlconf(before)


def _standing(institute: Institute) -> list[Thing]:
    """The settings in force; nobody else applies or chooses a look until the transaction ends."""
    Programme.objects.select_for_update().first()
    Brand.objects.select_for_update().first()
    return things(taken(institute))


def _write(institute: Institute, given: list[Thing], source: str, *, exactly: bool) -> None:
    """Apply things; `exactly`: as though everything that stands had come from a bundle before."""
    if exactly:
        _mark([(one.kind, one.key, one.digests()) for one in things(taken(institute))])
    write(given, source)


def _mark(marks: list[tuple[str, str, dict[str, Any]]]) -> None:
    Provided.objects.all().delete()
    Provided.objects.bulk_create(
        Provided(kind=kind, key=key, digests=digests) for kind, key, digests in marks
    )


def _files() -> set[str]:
    """The files that settings stand in."""
    try:
        logos = default_storage.listdir("brand")[1]
    except FileNotFoundError:
        logos = []
    pictures = Picture.objects.values_list("stored_as", flat=True)
    return {*(f"brand/{name}" for name in logos), *pictures}
