"""Settings are read once for many pages, and pages do not fall with the cache."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.cache import caches
from django.test import Client

from core.programme.models import Programme
from core.programme.queries import current
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


def test_front_page_stands_without_redis(
    ciltuk: Institute, member_client: Callable[..., Client], settings: Any
) -> None:
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}
    }
    assert caches["default"] is not None
    answer = member_client(ciltuk).get("/")
    assert answer.status_code == 200
