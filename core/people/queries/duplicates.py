"""Accounts that are perhaps of one person, found in one statement."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from core.accounts.models import Person

REASONS = {"name": "same name", "address": "addresses much alike", "phone": "same telephone"}
# Names, addresses without dots and tags, and the last nine digits of telephone numbers. Within a
# group of alike ones the oldest account stands beside each of the others, so that a group of a
# thousand makes a thousand pairs and not a million.
_PAIRS = """
WITH open_accounts AS (
    SELECT id, first_name, last_name, email, phone FROM accounts_person
    WHERE is_active AND support_key IS NULL
), signs AS (
    SELECT 'name' AS kind, id,
        lower(regexp_replace(btrim(first_name || ' ' || last_name), '\\s+', ' ', 'g')) AS sign
    FROM open_accounts WHERE first_name <> '' AND last_name <> ''
    UNION ALL
    SELECT 'address', id,
        translate(split_part(split_part(lower(email), '@', 1), '+', 1), '._-', '')
    FROM open_accounts
    UNION ALL
    SELECT 'phone', id, right(regexp_replace(phone, '\\D', '', 'g'), 9)
    FROM open_accounts WHERE phone <> ''
), grouped AS (
    SELECT kind, id, first_value(id) OVER (PARTITION BY kind, sign ORDER BY id) AS oldest
    FROM signs WHERE length(sign) >= CASE kind WHEN 'address' THEN 6 WHEN 'phone' THEN 7 ELSE 4 END
), pairs AS (
    SELECT oldest AS one, id AS other, array_agg(kind ORDER BY kind DESC) AS kinds
    FROM grouped WHERE id <> oldest GROUP BY oldest, id
)
SELECT one, other, kinds FROM pairs
WHERE NOT EXISTS (
    SELECT 1 FROM accounts_keptapart AS apart
    WHERE apart.one_id = least(pairs.one, pairs.other)
      AND apart.other_id = greatest(pairs.one, pairs.other)
)
ORDER BY cardinality(kinds) DESC, kinds DESC, one, other
LIMIT %s OFFSET %s
"""


@dataclass(frozen=True)
class Pair:
    """Two accounts that are alike, and in what."""

    one: Person
    other: Person
    reasons: list[str]


def likely_pairs(*, limit: int, offset: int = 0) -> list[Pair]:
    """The likeliest first; two queries, however many there are."""
    with connection.cursor() as cursor:
        cursor.execute(_PAIRS, [limit, offset])
        rows: list[tuple[UUID, UUID, list[str]]] = cursor.fetchall()
    people = Person.objects.in_bulk({key for one, other, _ in rows for key in (one, other)})
    return [
        Pair(people[one], people[other], [REASONS[kind] for kind in kinds])
        for one, other, kinds in rows
        if one in people and other in people
    ]
