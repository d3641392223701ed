"""Time can be held, and only with a zone."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from core.kernel.clock import frozen, now, today


def test_frozen_clock_stands_and_runs_on_afterwards() -> None:
    moment = datetime(2026, 3, 29, 0, 30, tzinfo=timezone(timedelta(hours=-1)))
    with frozen(moment):
        assert now() == moment
        assert now().tzinfo == UTC
        assert today().isoformat() == "2026-03-29"
    assert now() > moment


def test_naive_moment_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"), frozen(datetime(2026, 1, 1)):  # noqa: DTZ001
        pass
