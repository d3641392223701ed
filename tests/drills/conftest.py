"""A running product for each drill: it is broken on purpose."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.local import places, redis
from tests.browser.site import Site, running


@pytest.fixture(autouse=True, scope="session")
def _quiet() -> None:
    """The mail server of the drills keeps its talk to itself: figures are printed."""
    logging.getLogger("mail.log").setLevel(logging.WARNING)


@pytest.fixture
def redis_place(tmp_path: Path) -> places.Redis:
    """A durable Redis that a drill may kill."""
    return places.Redis(data=tmp_path / "redis", socket=tmp_path / "r.sock", durable=True)


@pytest.fixture
def redis_up(redis_place: places.Redis) -> Iterator[str]:
    """The address of a Redis that runs."""
    redis.start(redis_place)
    yield redis_place.url()
    redis.stop(redis_place)


@pytest.fixture
def site(peopled_name: str, tmp_path: Path, redis_place: places.Redis) -> Iterator[Site]:
    """The running product."""
    redis.start(redis_place)
    try:
        with running(database=peopled_name, redis_url=redis_place.url(), folder=tmp_path) as site:
            yield site
    finally:
        redis.stop(redis_place)
