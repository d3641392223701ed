"""Finding texts by words, with PostgreSQL."""

import pytest
from pytest_django import DjangoAssertNumQueries

from core.kernel.fulltext import Text, hits

pytestmark = pytest.mark.django_db

LEAVE = Text("How do I leave?", "Write to us. Your password is forgotten by then.")
PASSWORD = Text("I have forgotten my password", "Choose the link beside the form.")
MEETING = Text("How do we arrange a meeting?", "Write to each other about the G-STAR.")
MAIL = Text("How do I change my e-mail address?", "Open Edit Account.")
ALL = [LEAVE, PASSWORD, MEETING, MAIL]


def found(query: str) -> list[Text]:
    return [ALL[hit.position] for hit in hits(query, ALL)]


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("forgotten passwords", [PASSWORD, LEAVE]),
        ("write star", [MEETING]),
        ("How do I arrange a MEETING?", [MEETING]),
        ("meetings arranged", [MEETING]),
        ("pass", [PASSWORD, LEAVE]),
        ("email", [MAIL]),
        ("e-mail", [MAIL]),
        ("E-Mail address", [MAIL]),
        ("g-star", [MEETING]),
        ("gstar password", [PASSWORD, LEAVE]),
        ("zeppelin", []),
        ("how do I", []),
        (" ?! & | ' \" \\ :* <->", []),
        ("o'clock' & (forgotten", [PASSWORD, LEAVE]),
        ("", []),
    ],
)
def test_member_finds_what_fits_best_first(query: str, wanted: list[Text]) -> None:
    assert found(query) == wanted


@pytest.mark.parametrize("query", ["a.b/c?d&e'f:*|g", "'" * 50, "\\' | '", "é" * 100, "👩‍🔧 -- ;"])
def test_no_query_is_too_odd(query: str) -> None:
    assert isinstance(hits(query, ALL), list)


def test_excerpt_shows_the_place() -> None:
    long = Text(
        "A long text", f"{'Nothing here. ' * 200}The lighthouse stands. {'Nor here. ' * 200}"
    )
    (hit,) = hits("lighthouse", [long])
    assert "lighthouse" in hit.excerpt
    assert len(hit.excerpt) < 300


def test_search_costs_one_query_and_none_without_words(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    hits("password", ALL)
    with django_assert_num_queries(1):
        hits("password", ALL)
    with django_assert_num_queries(0):
        hits("", ALL)
        hits("password", [])
