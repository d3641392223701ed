"""What a schema looks like, as one digest: equal digests are equal structures."""

from tenants.context import schema_scope, wrapper

_PARTS = """
SELECT 'column', c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull::text,
       a.attidentity::text, a.attgenerated::text, coalesce(pg_get_expr(d.adbin, d.adrelid), ''),
       coalesce(co.collname::text, '')
FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
LEFT JOIN pg_collation co ON co.oid = a.attcollation
WHERE c.relnamespace = %(schema)s AND c.relkind IN ('r', 'p', 'v', 'm')
UNION ALL
SELECT 'constraint', r.relname, o.conname, o.contype::text, o.condeferrable::text,
       o.condeferred::text, o.convalidated::text, pg_get_constraintdef(o.oid), ''
FROM pg_constraint o LEFT JOIN pg_class r ON r.oid = o.conrelid
WHERE o.connamespace = %(schema)s
UNION ALL
SELECT 'index', t.relname, i.relname, replace(pg_get_indexdef(i.oid), %(name)s || '.', ''),
       x.indisvalid::text, x.indisunique::text, '', '', ''
FROM pg_index x
JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
WHERE i.relnamespace = %(schema)s
UNION ALL
SELECT 'relation', c.relname, c.relkind::text, c.relpersistence::text, '', '', '', '', ''
FROM pg_class c WHERE c.relnamespace = %(schema)s AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
UNION ALL
SELECT 'trigger', c.relname, t.tgname, replace(pg_get_triggerdef(t.oid), %(name)s || '.', ''),
       '', '', '', '', ''
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = %(schema)s AND NOT t.tgisinternal
UNION ALL
SELECT 'function', p.proname, replace(pg_get_functiondef(p.oid), %(name)s || '.', ''),
       '', '', '', '', '', ''
FROM pg_proc p WHERE p.pronamespace = %(schema)s AND p.prokind IN ('f', 'p')
"""


def catalogue(schema_name: str) -> list[tuple[str, ...]]:
    """Every column, constraint, index, sequence, trigger and function of a schema, sorted."""
    with schema_scope(schema_name), wrapper().cursor() as cursor:
        cursor.execute(
            "SELECT oid::bigint FROM pg_catalog.pg_namespace WHERE nspname = %s", [schema_name]
        )
        oid = cursor.fetchone()
        cursor.execute(_PARTS, {"schema": oid[0] if oid else 0, "name": schema_name})
        return sorted(cursor.fetchall())
