"""Full-text search by PostgreSQL over texts as people read them.

The texts are handed over in the institute's words, so that "proposal" is found where the stored
text says {{ request }}. They are the institute's own, a few hundred at most.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

MOST_FOUND = 50


@dataclass(frozen=True)
class Text:
    """A text that can be found, without markup."""

    title: str
    body: str


@dataclass(frozen=True)
class Hit:
    """Which text of those handed over was found (its position), how well, and the place in it."""

    position: int
    rank: float
    excerpt: str


def hits(query: str, texts: Sequence[Text]) -> list[Hit]:
    """The texts with all words of a query, or else those with some of them; best first.

    Beginnings of words count ("pass" finds "password"), titles count more than bodies. One query
    to the database; none for a query or a list that is empty.
    """
    if not query or not texts:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL,
            {
                "query": query,
                "titles": [one.title for one in texts],
                "bodies": [one.body for one in texts],
                "most": MOST_FOUND,
            },
        )
        return [Hit(int(n) - 1, float(rank), excerpt) for n, rank, excerpt in cursor.fetchall()]


_SQL = r"""
with asked as (
    select nullif(
        plainto_tsquery('english', regexp_replace(%(query)s, 'e-mail', 'email', 'gi'))::text, ''
    ) as lexemes
),
wanted as (
    select
        regexp_replace(lexemes, '([^\s'']{2})''(?=\s|$)', '\1'':*', 'g')::tsquery as all_of,
        replace(
            regexp_replace(lexemes, '([^\s'']{2})''(?=\s|$)', '\1'':*', 'g'), ' & ', ' | '
        )::tsquery as any_of
    from asked
    where lexemes is not null
),
texts as (
    select
        n,
        body,
        setweight(
            to_tsvector('english', regexp_replace(title, 'e-mail', 'email', 'gi')), 'A'
        )
        || setweight(
            to_tsvector('english', regexp_replace(body, 'e-mail', 'email', 'gi')), 'D'
        ) as tokens
    from unnest(%(titles)s::text[], %(bodies)s::text[]) with ordinality as t (title, body, n)
),
found as (
    select n, body, any_of, tokens @@ all_of as whole, ts_rank(tokens, any_of) as rank
    from texts, wanted
    where tokens @@ any_of
)
select
    n,
    rank,
    ts_headline(
        'english', body, any_of, 'MinWords=12, MaxWords=28, StartSel="", StopSel="", MaxFragments=1'
    )
from found
where whole or not exists (select from found where whole)
order by rank desc, n
limit %(most)s
"""
