"""Settings are read once for many pages, and pages do not fall with the cache."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import cache, caches
from django.test import Client

from core.programme import queries
from core.programme.models import Programme
from core.programme.queries import current, words
from tenants.models import Institute

pytestmark = pytest.mark.django_db


def test_settings_are_read_from_the_database_once(django_assert_num_queries: Any) -> None:
    current()
    with django_assert_num_queries(0):
        current()


def test_changed_settings_are_seen_at_once() -> None:
    current()
    row = Programme.objects.get()
    row.tagline = "A new line"
    row.save()
    assert current().tagline == "A new line"


def test_a_page_asks_the_cache_once_and_hands_out_rows_of_ones_own(
    ciltuk: Institute, guided: Institute, inside: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    get = cache.get
    asked: list[str] = []

    def counted(key: str) -> Any:
        asked.append(key)
        return get(key)

    monkeypatch.setattr(cache, "get", counted)
    with queries.read_once():
        with inside(ciltuk):
            current().tagline = "changed by a careless page"
            assert current().tagline != "changed by a careless page"
            assert words()["request"].singular == "request"
            assert len(asked) == 1
        with inside(guided):
            assert words()["request"].singular == "proposal"
            row = Programme.objects.get()
            row.words_data = {**row.words_data, "request": {"singular": "plea", "plural": "pleas"}}
            row.save()
            assert words()["request"].singular == "plea"
    with inside(ciltuk):
        assert words()["request"].singular == "request"


def test_front_page_stands_without_redis(
    ciltuk: Institute, member_client: Callable[..., Client], settings: Any
) -> None:
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    }
    assert caches["default"] is not None
    answer = member_client(ciltuk).get("/")
    assert answer.status_code == 200
