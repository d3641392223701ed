"""A new institute with the settings of another: tables copied row by row, people never.

Copied are the tables of `CLONED` and the files that they name, in the transaction in which the new
institute is made: whole or not at all.
"""

from collections.abc import Sequence

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import OperationalError, connection, transaction
from django.db.models import Model
from psycopg import sql

from core.help.models import Faq, LegalPage
from core.matching.models import Criterion
from core.privacy.models import Purpose
from core.profiles.models import Field, Option, Section
from core.programme.models import Edition, Programme, Provided
from core.resources.models import Guide, Picture, Video
from tenants import deeds, services
from tenants.context import platform_scope, tenant_context
from tenants.deeds import Operator
from tenants.errors import DeedRefused, ProvisionFailed, TenancyError
from tenants.models import Institute, Kind, State
from tenants.storage import forget_files
from tenants.upgrade import missing_in
from theming.models import Brand, BrandRevision

# Each after what it needs.
CLONED: Sequence[type[Model]] = (
    Programme, Edition, Provided, Brand, BrandRevision, Section, Field, Option, Criterion, Faq,
    LegalPage, Guide, Picture, Video, Purpose,
)  # fmt: skip
_PATIENCE = "5s"


def clone(source: Institute, *, slug: str, name: str, by: Operator) -> Institute:
    """Make an institute with the settings, texts and look of another one.

    Out: the new one, active, without a single person. Raises NameRefused, NameTaken, DeedRefused
    for a source that has no settings to give, and ProvisionFailed; nothing is left then.
    """
    name = " ".join(name.split())
    if not name or len(name) > 200:
        raise DeedRefused("Enter a name of at most 200 characters.")
    if source.kind != Kind.INSTITUTE or source.state not in {State.ACTIVE, State.SUSPENDED}:
        raise DeedRefused(f"{source.name} has no settings that could be copied.")
    lacking = missing_in([source.schema_name])[source.schema_name]
    if lacking is None or lacking:
        raise DeedRefused(f"{source.name} is behind: run 'manage.py migrate_institutes' first.")
    schema_name = services.reserve_schema_name()

    def fill(made: Institute) -> None:
        _copy_rows(source.schema_name, made.schema_name)
        _copy_files(source, made)
        # Versions of legal pages begin anew there: nobody is asked about one that is not there.
        Programme.objects.update(organisation_name=name, organisation_article="", asked_data={})
        deeds.record("operator.cloned", made, by=by, source=source.slug)

    try:
        with platform_scope(), transaction.atomic():
            made = services.create_institute(
                slug=slug, name=name, bundle=source.bundle, schema_name=schema_name, fill=fill
            )
            deeds.record("operator.cloned_from", source, by=by, made=slug)
    except TenancyError:
        raise
    except Exception as problem:
        forget_files(schema_name)
        raise ProvisionFailed(
            f"{slug!r} was not made, and nothing of it is left: {problem}"
        ) from problem
    return made


def _copy_rows(source: str, target: str) -> None:
    tables = [model._meta.db_table for model in CLONED]
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{_PATIENCE}'")
        try:
            _run(
                cursor,
                sql.SQL("LOCK TABLE {} IN SHARE MODE").format(
                    sql.SQL(", ").join(sql.Identifier(source, table) for table in tables)
                ),
            )
        except OperationalError:
            raise DeedRefused("Its settings are being changed: try again in a moment.") from None
        for table in reversed(tables):
            _run(cursor, sql.SQL("DELETE FROM {}").format(sql.Identifier(target, table)))
        for model in CLONED:
            columns = sql.SQL(", ").join(
                sql.Identifier(str(field.column))
                for field in model._meta.concrete_fields
                if not getattr(field, "generated", False)
            )
            _run(
                cursor,
                sql.SQL("INSERT INTO {} ({}) SELECT {} FROM {}").format(
                    sql.Identifier(target, model._meta.db_table),
                    columns,
                    columns,
                    sql.Identifier(source, model._meta.db_table),
                ),
            )


def _run(cursor: object, statement: sql.Composed) -> None:
    cursor.execute(statement.as_string(None))  # type: ignore[attr-defined]


def _copy_files(source: Institute, made: Institute) -> None:
    names = [name for name in Brand.objects.values_list("logo", flat=True) if name]
    names += [name for name in Picture.objects.values_list("stored_as", flat=True) if name]
    for name in names:
        with tenant_context(source):
            try:
                with default_storage.open(name) as file:
                    body = file.read()
            except FileNotFoundError:  # lost there already: the copy misses it too
                continue
        with tenant_context(made):
            default_storage.save(name, ContentFile(body))
