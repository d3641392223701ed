"""The same content-type and permission ids in every schema, by construction.

Django numbers them as they come, so two schemas with different histories would differ, and its
cache of content types, which all threads share, would hand one institute the ids of another.
Here a ledger in the shared schema gives each model and permission its id once and for ever, and
schemas are filled from the ledger. Source: trust, "The ContentType cache is shared by threads".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import md5
from typing import Any

from django.apps import apps
from django.contrib.auth import get_permission_codename
from django.db import transaction
from django.db.migrations import Migration
from django.db.migrations.operations import RenameModel
from django.db.models import Model
from django.db.models.options import Options
from psycopg import sql

from tenants.context import platform_scope, wrapper
from tenants.models import ContentTypeId, PermissionId

_LOCK = 0x17AC0001
_OTHER_IDS = """
SELECT EXISTS (SELECT id, app_label, model FROM {schema}.django_content_type
               EXCEPT SELECT id, app_label, model FROM tenants_contenttypeid)
    OR EXISTS (SELECT id, content_type_id, codename FROM {schema}.auth_permission
               EXCEPT SELECT id, content_type_id, codename FROM tenants_permissionid)
"""


@dataclass(frozen=True)
class Contents:
    """What every schema must hold: (id, app, model) and (id, name, content type, codename)."""

    types: Sequence[tuple[int, str, str]]
    permissions: Sequence[tuple[int, str, int, str]]
    last_type: int
    last_permission: int


def _models() -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Every model of the code in a stable order, with its permissions (codename, name)."""
    return sorted(
        (model._meta.app_label, str(model._meta.model_name), _permissions(model._meta))
        for model in apps.get_models()
    )


def _permissions(options: Options[Model]) -> list[tuple[str, str]]:
    usual = [
        (get_permission_codename(action, options), f"Can {action} {options.verbose_name_raw}")
        for action in options.default_permissions
    ]
    return usual + [(str(codename), str(name)) for codename, name in options.permissions]


def described() -> str:
    """The models and permissions of the code as text, for fingerprints."""
    return repr(_models())


def known_contents() -> Contents:
    """The ids of all models of the code; new ones are entered into the ledger first."""
    with platform_scope(), transaction.atomic():
        with wrapper().cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        types = {(row.app_label, row.model): row.id for row in ContentTypeId.objects.all()}
        permissions = {
            (row.content_type_id, row.codename): row.id for row in PermissionId.objects.all()
        }
        last_type = max(types.values(), default=0)
        last_permission = max(permissions.values(), default=0)
        wanted_types: list[tuple[int, str, str]] = []
        wanted_permissions: list[tuple[int, str, int, str]] = []
        for app_label, model, allowed in _models():
            if (app_label, model) not in types:
                last_type += 1
                types[app_label, model] = last_type
                ContentTypeId.objects.create(id=last_type, app_label=app_label, model=model)
            type_id = types[app_label, model]
            wanted_types.append((type_id, app_label, model))
            for codename, name in allowed:
                if (type_id, codename) not in permissions:
                    last_permission += 1
                    permissions[type_id, codename] = last_permission
                    PermissionId.objects.create(
                        id=last_permission, content_type_id=type_id, codename=codename, name=name
                    )
                wanted_permissions.append((permissions[type_id, codename], name, type_id, codename))
    return Contents(wanted_types, wanted_permissions, last_type, last_permission)


def renames(migrations: Iterable[Migration]) -> list[tuple[str, str, str]]:
    """(app, old model, new model) of every renamed model, in order."""
    return [
        (migration.app_label, operation.old_name_lower, operation.new_name_lower)
        for migration in migrations
        for operation in migration.operations
        if isinstance(operation, RenameModel)
    ]


def rename_known(renamed: Iterable[tuple[str, str, str]]) -> None:
    """Keep the ids of renamed models in the ledger."""
    with platform_scope(), transaction.atomic():
        for app_label, old, new in renamed:
            if not ContentTypeId.objects.filter(app_label=app_label, model=new).exists():
                ContentTypeId.objects.filter(app_label=app_label, model=old).update(model=new)


def rename_statements(renamed: Iterable[tuple[str, str, str]]) -> str:
    """The statements that follow a rename in one schema."""
    return "".join(
        _composed(
            "UPDATE django_content_type SET model = {} WHERE app_label = {} AND model = {};\n",
            new,
            app_label,
            old,
        )
        for app_label, old, new in renamed
    )


def first_statements(contents: Contents) -> str:
    """The statements that fill an empty schema."""
    return f"""
INSERT INTO django_content_type (id, app_label, model) VALUES {_rows(contents.types)};
INSERT INTO auth_permission (id, name, content_type_id, codename)
VALUES {_rows(contents.permissions)};
{_numbering(contents)}
"""  # noqa: S608 - every value is written as a literal


def _numbering(contents: Contents) -> str:
    return (
        "SELECT setval(pg_get_serial_sequence('django_content_type', 'id'), "
        f"{contents.last_type}), setval(pg_get_serial_sequence('auth_permission', 'id'), "
        f"{contents.last_permission});"
    )


def statements(contents: Contents) -> str:
    """The statements that fill one schema and fail when it holds other ids.

    A schema that has everything is recognised by one digest, so that an upgrade which brings no
    model costs next to nothing.
    """
    types = _rows(contents.types)
    permissions = _rows(contents.permissions)
    complete = f"""
(SELECT md5(string_agg(id || ':' || app_label || '.' || model, ',' ORDER BY id))
 FROM django_content_type WHERE id = ANY ('{_ids(contents.types)}'))
= '{_digest(contents.types)}'
AND (SELECT md5(string_agg(id || ':' || content_type_id || '.' || codename, ',' ORDER BY id))
     FROM auth_permission WHERE id = ANY ('{_ids(contents.permissions)}'))
= '{_digest((row[0], row[2], row[3]) for row in contents.permissions)}'"""  # noqa: S608
    return f"""
DO $contents$ BEGIN
IF NOT coalesce({complete}, false) THEN
INSERT INTO django_content_type (id, app_label, model) VALUES {types} ON CONFLICT DO NOTHING;
INSERT INTO auth_permission (id, name, content_type_id, codename) VALUES {permissions}
ON CONFLICT DO NOTHING;
IF NOT coalesce({complete}, false) THEN
RAISE EXCEPTION 'content types or permissions have other ids here than elsewhere';
END IF;
END IF;
END $contents$;
{_numbering(contents)}
"""  # noqa: S608 - every value is written as a literal


def schemas_with_other_ids(schema_names: Sequence[str]) -> set[str]:
    """Those of the schemas that hold an id which the ledger gives to something else."""
    odd: set[str] = set()
    with platform_scope(), wrapper().cursor() as cursor:
        for name in schema_names:
            cursor.execute(_composed(_OTHER_IDS, schema=sql.Identifier(name)))
            if cursor.fetchone()[0]:
                odd.add(name)
    return odd


def _ids(rows: Iterable[tuple[Any, ...]]) -> str:
    return "{" + ",".join(str(row[0]) for row in rows) + "}"


def _digest(rows: Iterable[tuple[Any, ...]]) -> str:
    text = ",".join(f"{key}:{first}.{second}" for key, first, second in sorted(rows))
    return md5(text.encode(), usedforsecurity=False).hexdigest()


def _rows(rows: Sequence[tuple[object, ...]]) -> str:
    return ", ".join("(" + ", ".join(_literal(value) for value in row) + ")" for row in rows)


def _literal(value: object) -> str:
    return sql.Literal(value).as_string(None)


def _composed(template: str, *values: object, **names: sql.Identifier) -> str:
    return sql.SQL(template).format(*map(sql.Literal, values), **names).as_string(None)
