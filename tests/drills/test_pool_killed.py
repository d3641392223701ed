"""`kill -9` of the worker while a match of the whole pool is published: all pairs or none."""

import json
import signal
import time
from typing import Any

import pytest

from tests.browser.site import Site

pytestmark = pytest.mark.drill

SLUG, MENTEES = "ciltuk", 400
LONGEST = 420.0


def inside(site: Site, call: str) -> Any:
    """The JSON that a function of `tests.drills.pools` prints inside the product."""
    return json.loads(site.inside(f"from tests.drills import pools; pools.{call}"))


def test_publication_killed_half_way_leaves_no_pair_and_ends_whole(site: Site) -> None:
    job = inside(site, f"order({SLUG!r}, {MENTEES})")
    until = time.monotonic() + LONGEST
    while not (found := inside(site, f"seen({SLUG!r}, {job!r})"))["done"]:
        assert time.monotonic() < until, (found, site.log)
        time.sleep(0.2)
    site.end("worker", signal.SIGKILL)
    killed = time.monotonic()
    found = inside(site, f"seen({SLUG!r}, {job!r})")
    assert 0 < found["done"] < found["total"], "it was over before the kill"
    assert (found["pairs"], found["mails"]) == (0, 0)
    site.start("worker")
    while (after := inside(site, f"seen({SLUG!r}, {job!r})"))["state"] != "done":
        assert (after["pairs"], after["mails"]) == (0, 0), "a part of it is there"
        assert after["state"] != "failed", after["message"]
        assert time.monotonic() < until, (after, site.log)
        time.sleep(1)
    print(  # noqa: T201
        f"publication of {after['drafted']} pairs killed at {found['done']}: nothing left, begun "
        f"again and whole {time.monotonic() - killed:.0f} s after the kill, "
        f"attempt {after['attempts']}"
    )
    assert after["pool"] == "published"
    assert after["pairs"] == after["drafted"] >= MENTEES
    assert after["mails"] >= MENTEES
    assert after["unlike"] == after["mails"], "somebody is told twice"
