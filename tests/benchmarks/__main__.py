"""``python -m tests.benchmarks [name ...]``: measure and write docs/benchmarks.md."""

import os
import sys
from importlib import import_module
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
for root in (FOLDER.parents[1] / "platform", FOLDER.parents[1]):
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))


def main(names: list[str]) -> int:
    """Out: 0 when every promise is kept, else 1."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings.test"
    from tests.benchmarks import ground

    own_server = "DATABASE_URL" not in os.environ
    ground.choose_server()
    try:
        return _measured(names)
    finally:
        if own_server:
            ground.stop_server()


def _measured(names: list[str]) -> int:
    import django

    django.setup()
    from tests import servers
    from tests.benchmarks import report

    there = sorted(path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py"))
    missed = []
    with servers.running_redis(0) as redis:
        django.conf.settings.CACHES["default"]["LOCATION"] = redis
        for name in names or there:
            _say(f"measuring {name} …")
            section = import_module(f"tests.benchmarks.bench_{name}").measure()
            report.write(section)
            for row in section.comparisons:
                times = f"{row.before:.3f} s, {row.after:.3f} s"
                _say(f"  {row.what}: {row.ratio:.1f} times faster ({times})")
            for limit in section.limits:
                _say(f"  {limit.what}: {limit.value:.3g} {limit.unit}")
            missed += [] if section.is_met else [section.title]
    _say(f"written to {report.PAGE.relative_to(FOLDER.parents[1])}")
    if missed:
        _say(f"promises missed: {', '.join(missed)}")
    return 1 if missed else 0


def _say(sentence: str) -> None:
    sys.stdout.write(f"{sentence}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
