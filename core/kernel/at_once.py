"""How many of our threads may wait for other servers at once.

A page that asks another server holds its thread until that one answers. Threads are few and belong
to all institutes: a server that hangs must not take them from the others' pages. Every process
counts for itself. Source: product A6, trust "one institute's trouble stays its own".
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 2.0
"""Seconds. Who cannot go at once waits as long for a place, unless those before wait longer."""

_Held = tuple[tuple[str, ...], float]


class Places:
    """The places of a process: `together` at once, and nobody's alone.

    Those who share a name (the server that is asked, the institute that asks) leave one place to
    the others.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._out: list[_Held] = []

    @contextmanager
    def held(self, *names: str, together: int) -> Iterator[bool]:
        """Hold a place for the block. Out: False, and no place, where none became free in time."""
        mine = self._taken(names, together)
        try:
            yield mine is not None
        finally:
            if mine is not None:
                with self._changed:
                    self._out.remove(mine)
                    self._changed.notify_all()

    def _taken(self, names: tuple[str, ...], together: int) -> _Held | None:
        until = time.monotonic() + PATIENCE
        with self._changed:
            while ahead := self._ahead(names, together):
                # Whoever was kept for so long will be followed by others who are kept as long.
                left = min(until, max(ahead) + PATIENCE) - time.monotonic()
                if left <= 0:
                    return None
                self._changed.wait(left)
            mine = (names, time.monotonic())
            self._out.append(mine)
            return mine

    def _ahead(self, names: tuple[str, ...], together: int) -> list[float]:
        """When those went of whom one has to come back first; empty when there is a place."""
        for name in names:
            same = [at for theirs, at in self._out if name in theirs]
            if len(same) >= max(1, together - 1):
                return same
        return [at for _, at in self._out] if len(self._out) >= together else []
