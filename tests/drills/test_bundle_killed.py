"""`kill -9` of the worker while it makes an institute from a bundle that an operator sent."""

import json
import shutil
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browser.site import Site, running_on
from tests.database import files_of, lent

pytestmark = pytest.mark.drill

SLUG = "upturn"
LONGEST = 240.0


@pytest.fixture
def site(peopled_name: str, redis_up: str, tmp_path: Path) -> Iterator[Site]:
    shutil.copytree(files_of(peopled_name), tmp_path / "files")
    with (
        lent(f"test_site_{time.monotonic_ns()}", source=peopled_name) as database_url,
        running_on(
            database_url, redis_url=redis_up, files=tmp_path / "files", folder=tmp_path,
            more={"DJANGO_SETTINGS_MODULE": "tests.drills.soon_settings"},
        ) as running,
    ):  # fmt: skip
        yield running


def inside(site: Site, call: str) -> Any:
    """The JSON that a function of `tests.drills.uploaded` prints inside the product."""
    return json.loads(site.inside(f"from tests.drills import uploaded; uploaded.{call}"))


@pytest.mark.parametrize("step", ["schema", "bundle"])
def test_a_killed_run_of_a_bundle_that_was_sent_leaves_nothing_and_is_begun_again(
    step: str, site: Site
) -> None:
    run = inside(site, f"send({SLUG!r})")
    until = time.monotonic() + LONGEST
    while (found := inside(site, f"seen({SLUG!r}, {run!r})"))["step"] != step:
        assert time.monotonic() < until, (found, site.log)
        assert found["outcome"] in {"waiting", "running"}, "it was over before the kill"
        time.sleep(0.02)
    site.end("worker", signal.SIGKILL)
    killed = time.monotonic()
    found = inside(site, f"seen({SLUG!r}, {run!r})")
    assert (found["outcome"], found["there"]) == ("running", False)
    site.start("worker")
    while (found := inside(site, f"seen({SLUG!r}, {run!r})"))["outcome"] != "done":
        assert found["outcome"] != "failed", found
        assert not found["there"], "a part of it is there"
        assert time.monotonic() < until, (found, site.log)
        time.sleep(0.5)
    print(  # noqa: T201
        f"bundle that was sent, killed at {step}: nothing left, begun again and whole "
        f"{time.monotonic() - killed:.0f} s after the kill (tasks are offered again after 45 s)"
    )
    whole = inside(site, "whole()")
    assert {name: found[name] for name in whole} == whole
