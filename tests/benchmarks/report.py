"""The common harness of benchmarks: what was measured, and the page that tells it.

A benchmark is a module ``tests/benchmarks/bench_<name>.py`` with ``measure() -> Section``.
``python -m tests.benchmarks`` runs all of them, ``python -m tests.benchmarks <name>`` one; the
sections of the others stay as they are.
"""

import os
import platform
import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from django.db import connection

from core.kernel.clock import now
from tenants.context import platform_scope

PAGE = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.md"
_HEAD = """# Benchmarks

Written by `make bench`: ratios of one run, on one machine, against one PostgreSQL server that keeps
its word (`fsync` on). Absolute times are of that machine; the ratios are what the product promises.
"""
_SECTION = re.compile(r"<!-- begin (?P<name>\w+) -->\n.*?<!-- end (?P=name) -->\n", re.DOTALL)


@dataclass(frozen=True)
class Comparison:
    """Two ways of doing one thing. Times are in seconds; `target` is the least ratio promised."""

    what: str
    before: float
    after: float
    target: float | None = None

    @property
    def ratio(self) -> float:
        """How many times faster the second way is."""
        return self.before / self.after

    @property
    def is_met(self) -> bool:
        """Whether the promise is kept, when there is one."""
        return self.target is None or self.ratio >= self.target


@dataclass(frozen=True)
class Limit:
    """One figure with the most (or, `at_least`, the least) that is promised."""

    what: str
    value: float
    limit: float
    unit: str
    at_least: bool = False

    @property
    def is_met(self) -> bool:
        """Whether the promise is kept."""
        return self.value >= self.limit if self.at_least else self.value <= self.limit


@dataclass(frozen=True)
class Section:
    """What one benchmark found. `before` and `after` name the two ways that it compares."""

    name: str
    title: str
    before: str
    after: str
    comparisons: Sequence[Comparison] = ()
    limits: Sequence[Limit] = ()
    notes: Sequence[str] = field(default_factory=list)

    @property
    def is_met(self) -> bool:
        """Whether every promise is kept."""
        kept = [row.is_met for row in self.comparisons] + [row.is_met for row in self.limits]
        return all(kept)


def seconds(work: Callable[[], object]) -> float:
    """How long the work takes."""
    started = perf_counter()
    work()
    return perf_counter() - started


def median(times: Sequence[float]) -> float:
    """The middle one."""
    return statistics.median(times)


def write(section: Section) -> None:
    """Put a section on the page, in place of the one of the same name."""
    page = PAGE.read_text() if PAGE.exists() else _HEAD
    text = f"<!-- begin {section.name} -->\n{_written(section)}<!-- end {section.name} -->\n"
    there = next((m for m in _SECTION.finditer(page) if m["name"] == section.name), None)
    if there is None:
        page = f"{page.rstrip()}\n\n{text}"
    else:
        page = page[: there.start()] + text + page[there.end() :]
    PAGE.write_text(page)


def _written(section: Section) -> str:
    lines = [f"## {section.title}", "", f"{now():%d %B %Y}. {machine()}.", ""]
    if section.comparisons:
        head = f"| | {section.before} | {section.after} | ratio | promised |"
        rows = [_comparison(row) for row in section.comparisons]
        lines += [head, "|---|---|---|---|---|", *rows, ""]
    if section.limits:
        rows = [_limit(row) for row in section.limits]
        lines += ["| | measured | promised |", "|---|---|---|", *rows, ""]
    lines += [f"- {note}" for note in section.notes]
    return "\n".join(lines).rstrip() + "\n"


def _comparison(row: Comparison) -> str:
    promise = "" if row.target is None else f"{row.target:g}{_verdict(row.is_met)}"
    times = f"{_time(row.before)} | {_time(row.after)}"
    return f"| {row.what} | {times} | {row.ratio:.1f} | {promise} |"


def _limit(row: Limit) -> str:
    bound = "at least" if row.at_least else "at most"
    promise = f"{bound} {row.limit:g} {row.unit}{_verdict(row.is_met)}"
    return f"| {row.what} | {row.value:.3g} {row.unit} | {promise} |"


def _verdict(is_met: bool) -> str:
    return "" if is_met else " (missed)"


def _time(value: float) -> str:
    return f"{value:.2f} s" if value >= 1 else f"{value * 1000:.1f} ms"


def machine() -> str:
    """The machine in one line: cores, memory, Python and PostgreSQL."""
    with platform_scope(), connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = str(cursor.fetchone()[0]).split()[0]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{os.cpu_count()} cores ({_processor()}), {memory:.0f} GiB, "
        f"Python {platform.python_version()}, PostgreSQL {server}"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine()
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
