"""What was acknowledged is there afterwards, and its mail goes out (trust, faults).

`kill -9` keeps the page cache: this shows nothing about a loss of power.
"""

import os
import signal
import time
import urllib.request
from collections import Counter

import pytest

from config.local import places, redis
from tests.browser.site import Site

pytestmark = pytest.mark.drill

MAILS = 60
# A mail that a dead worker had in its hands is offered again when its lease of five minutes ends.
LONGEST = 480.0
WRITE = """
from django.db import transaction
from core.kernel.outbox import queue
from tenants.context import platform_scope, tenant_context
from tenants.models import Institute
with platform_scope():
    institute = Institute.objects.get(slug="ciltuk")
with tenant_context(institute):
    for number in range({count}):
        with transaction.atomic():
            queue(kind="drill", to=("", f"{prefix}{{number}}@people.example"),
                  sender=("Drill", "drill@ciltuk.example"), subject="{prefix}", text="-", html="-")
"""


def write(site: Site, prefix: str, count: int = MAILS) -> None:
    """Acknowledge `count` mails: they are committed when this returns."""
    site.inside(WRITE.format(prefix=prefix, count=count))


def arrived(site: Site, prefix: str) -> Counter[str]:
    """How often each mail arrived."""
    return Counter(str(m["Message-ID"]) for m in list(site.inbox.mails) if m["Subject"] == prefix)


def wait_for(site: Site, prefix: str, count: int) -> float:
    """Seconds until `count` different mails are there. Raises AssertionError."""
    began = time.monotonic()
    while len(arrived(site, prefix)) < count:
        assert time.monotonic() - began < LONGEST, f"{len(arrived(site, prefix))} of {count}"
        time.sleep(0.2)
    return time.monotonic() - began


def report(what: str, site: Site, prefix: str, seconds: float) -> None:
    """Say what was measured."""
    counted = arrived(site, prefix)
    twice = sum(times - 1 for times in counted.values())
    print(f"{what}: {MAILS} acknowledged, 0 lost, {twice} twice, {seconds:.0f} s to recover")  # noqa: T201


def test_worker_killed_in_the_middle_loses_no_mail(site: Site) -> None:
    write(site, "worker")
    wait_for(site, "worker", 5)
    site.end("worker", signal.SIGKILL)
    assert len(arrived(site, "worker")) < MAILS
    site.start("worker")
    report("worker killed", site, "worker", wait_for(site, "worker", MAILS))


def test_redis_killed_while_mails_are_written_loses_no_mail(
    site: Site, redis_place: places.Redis
) -> None:
    pid = int((redis_place.data / "server.pid").read_text())
    os.kill(pid, signal.SIGKILL)
    write(site, "redis")
    redis.start(redis_place)
    report("Redis killed", site, "redis", wait_for(site, "redis", MAILS))


def test_mail_server_that_is_away_gets_every_mail_when_it_is_back(site: Site) -> None:
    site.inbox.away = True
    write(site, "smtp", 12)
    deadline = time.monotonic() + 60
    while site.inbox.refused < 12 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert site.inbox.refused >= 12
    assert not arrived(site, "smtp")
    site.inbox.away = False
    seconds = wait_for(site, "smtp", 12)
    print(f"mail server away: 12 acknowledged, 0 lost, {seconds:.0f} s to recover")  # noqa: T201


def test_line_cut_after_the_data_brings_each_mail_and_tells_of_each_copy(site: Site) -> None:
    """The sender cannot know that the mail was taken: it comes twice, under the same Message-ID."""
    site.inbox.cut.add("cut")
    write(site, "cut", 12)
    seconds = wait_for(site, "cut", 12)
    until = time.monotonic() + 120
    while sum(arrived(site, "cut").values()) < 24 and time.monotonic() < until:
        time.sleep(0.2)
    counted = arrived(site, "cut")
    print(  # noqa: T201
        f"line cut after DATA: 12 acknowledged, 0 lost, {sum(counted.values()) - 12} twice under "
        f"the same Message-ID, {seconds:.0f} s until each was there once"
    )
    assert set(counted.values()) == {2}


COUNT = """
from core.insights.models import Counting
from core.insights.tasks import count_figures
from tenants.context import platform_scope, tenant_context
from tenants.models import Institute
with platform_scope():
    institute = Institute.objects.get(slug="ciltuk")
with tenant_context(institute):
    {what}
"""


def test_mail_server_that_hangs_leaves_workers_for_other_work_and_pages_alone(site: Site) -> None:
    """It keeps everybody waiting for longer than we wait; each mail arrives once it is back."""
    site.inbox.slow = 45.0
    write(site, "hang", 12)
    until = time.monotonic() + 60
    while not site.inbox.held and time.monotonic() < until:
        time.sleep(0.1)
    assert site.inbox.held, site.log
    before = site.inside(COUNT.format(what="print(Counting.objects.values_list('at'))"))
    site.inside(COUNT.format(what="count_figures.delay()"))
    ordered, pages = time.monotonic(), []
    while site.inside(COUNT.format(what="print(Counting.objects.values_list('at'))")) == before:
        assert time.monotonic() - ordered < 90, "other work waits behind mails"
        began = time.monotonic()
        assert front(site) == 200
        pages.append(time.monotonic() - began)
        time.sleep(0.5)
    other_work = time.monotonic() - ordered
    assert not arrived(site, "hang")
    held, site.inbox.slow = site.inbox.held, 0.0
    seconds = wait_for(site, "hang", 12)
    twice = sum(times - 1 for times in arrived(site, "hang").values())
    print(  # noqa: T201
        f"mail server hangs: 12 acknowledged, 0 lost, {twice} twice, {held} tried meanwhile; other "
        f"work after {other_work:.0f} s, slowest page {max(pages):.1f} s, {seconds:.0f} s to "
        "recover"
    )
    assert held <= 6, "a server that hangs is left alone"
    assert twice == 0
    assert max(pages) < 5


def front(site: Site) -> int:
    """The status of an institute's front page."""
    asked = urllib.request.Request(
        f"http://127.0.0.1:{site.port}/", headers={"Host": f"ciltuk.localhost:{site.port}"}
    )
    with urllib.request.urlopen(asked, timeout=60) as answer:
        return int(answer.status)
