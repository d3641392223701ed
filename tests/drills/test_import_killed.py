"""`kill -9` of the worker in the middle of an import: nothing is half, and it is begun again."""

import json
import signal
import time
from typing import Any

import pytest

from tests.browser.site import Site

pytestmark = pytest.mark.drill

SLUG, PEOPLE = "ciltuk", 20_000
LONGEST = 420.0


def inside(site: Site, call: str) -> Any:
    """The JSON that a function of `tests.drills.imports` prints inside the product."""
    return json.loads(site.inside(f"from tests.drills import imports; imports.{call}"))


def test_import_killed_half_way_leaves_nothing_and_ends_whole(site: Site) -> None:
    job = inside(site, f"order({SLUG!r}, {PEOPLE})")
    until = time.monotonic() + LONGEST
    while not (found := inside(site, f"seen({SLUG!r}, {job!r})"))["done"]:
        assert time.monotonic() < until, (found, site.log)
        time.sleep(0.2)
    site.end("worker", signal.SIGKILL)
    killed = time.monotonic()
    found = inside(site, f"seen({SLUG!r}, {job!r})")
    assert 0 < found["done"] < found["total"], "it was over before the kill"
    assert (found["people"], found["import"]) == (0, "checked")
    site.start("worker")
    while (after := inside(site, f"seen({SLUG!r}, {job!r})"))["state"] != "done":
        assert after["people"] == 0, "a part of it is there"
        assert time.monotonic() < until, (after, site.log)
        time.sleep(1)
    print(  # noqa: T201
        f"import of {PEOPLE} killed at {found['done']}: nothing left, begun again and whole "
        f"{time.monotonic() - killed:.0f} s after the kill, attempt {after['attempts']}"
    )
    assert (after["people"], after["import"]) == (PEOPLE, "done")
    assert after["message"] == f"{PEOPLE:,} new, 0 changed."
