"""A bundle written into the institute in force, as often as one likes. Interface: apply."""

from collections.abc import Sequence
from typing import Any

from django.db import connection

from core.kernel import audit
from core.matching.services import rebuild_listings
from core.profiles.models import Profile
from core.programme.models import Programme, Provided
from tenants.bundles.files import INSTITUTE
from tenants.bundles.format import Bundle
from tenants.bundles.keepers import KEEPERS, Keeper
from tenants.bundles.problems import BundleInvalid, Problem
from tenants.bundles.things import Changes, Thing, digest, things

Marks = dict[str, Provided]
TEXTS = ("faq", "legal_page", "guide")


def apply(bundle: Bundle) -> Changes:
    """`write` everything in a bundle. Call it within `tenant_context` and a transaction."""
    return write(things(bundle), bundle.name)


def write(given: Sequence[Thing], source: str) -> Changes:
    """Bring the institute in force to what is given, and tell what that changed.

    In: the things of a bundle in their order, and its name. Call it within `tenant_context` and a
    transaction. Applied again, it changes only values that changed in the bundle: what staff
    altered since stays until the bundle alters the same value, what staff deleted stays away until
    then too. What members wrote is never touched: a field or
    an option that stands in an answer is made inactive, not deleted. A text that staff rewrote is
    left to them when the bundle drops it. Raises BundleInvalid when a field would change its kind
    under answers that were given. Source: product, "Bundle".
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a bundle is applied inside a transaction")
    Programme.objects.select_for_update().first()  # one at a time
    provided: dict[str, Marks] = {kind: {} for kind in KEEPERS}
    for mark in Provided.objects.all():
        provided[mark.kind][mark.key] = mark
    wanted: dict[str, list[Thing]] = {kind: [] for kind in KEEPERS}
    for thing in given:
        wanted[thing.kind].append(thing)
    changes = Changes()
    for kind, keeper in KEEPERS.items():
        _write(keeper, keeper.rows(), wanted[kind], provided[kind], changes)
    for kind, keeper in reversed(KEEPERS.items()):
        keys = {thing.key for thing in wanted[kind]}
        gone = {key: mark for key, mark in provided[kind].items() if key not in keys}
        if gone:
            _retire(keeper, gone, changes)
    if changes:
        rebuild_listings()
        audit.record(
            "bundle.applied",
            thing=Programme.objects.get(),
            bundle=source,
            added=len(changes.added),
            changed=changes.changed,
            retired=changes.retired,
        )
    return changes


def _write(
    keeper: Keeper,
    rows: dict[str, Any],
    wanted: list[Thing],
    provided: Marks,
    changes: Changes,
) -> None:
    new: list[Thing] = []
    marks: list[Provided] = []
    for thing in wanted:
        row, mark = rows.get(thing.key), provided.get(thing.key)
        now = thing.digests()
        before = mark.digests if mark else {}
        names = [name for name in now if before.get(name) != now[name]]
        texts = thing.values if thing.kind in TEXTS else {}
        fresh = Provided(kind=thing.kind, key=thing.key, digests=now, texts=texts)
        if not names and not (keeper.restored and row is None):
            if mark and texts and not mark.texts:  # applied before texts were kept
                marks.append(fresh)
            continue
        marks.append(fresh)
        if row is None:
            new.append(thing)
            changes.added.append(thing.name)
            continue
        if mark is None:
            changes.added.append(thing.name)
        else:
            changes.changed.append(f"{thing.name}: {', '.join(names)}")
        _refuse_other_kind(thing, row)
        keeper.change(row, {name: thing.values[name] for name in names})
    if new:
        keeper.create(new)
    Provided.objects.bulk_create(
        marks,
        update_conflicts=True,
        unique_fields=["kind", "key"],
        update_fields=["digests", "texts"],
    )


def _retire(keeper: Keeper, gone: Marks, changes: Changes) -> None:
    rows = keeper.rows()
    for key, mark in gone.items():
        row = rows.get(key)
        name = Thing(mark.kind, key, {}).name
        if row is not None and _is_ours(row, mark):
            keeper.retire(row)
            changes.retired.append(name)
        mark.delete()


def _is_ours(row: Any, mark: Provided) -> bool:
    """Whether a text stands as the bundle left it; other things are always the bundle's."""
    if mark.kind not in TEXTS:
        return True
    return all(digest(getattr(row, name)) == mark.digests[name] for name in mark.digests)


def _refuse_other_kind(thing: Thing, row: Any) -> None:
    if thing.kind != "field" or row.kind == thing.values["kind"]:
        return
    people = Profile.objects.filter(answers__has_key=thing.key).count()
    if people:
        message = (
            f"{people} {'profile answers' if people == 1 else 'profiles answer'} this as "
            f"{row.kind}, so it cannot become {thing.values['kind']}: give the new field another "
            "key."
        )
        raise BundleInvalid([Problem(INSTITUTE, 0, f"fields.{thing.key}.kind", message)])
