"""Places on the way out of the house: few at once, and nobody's alone."""

import threading

import pytest

from core.kernel import at_once


def test_places_are_shared_out_among_servers_and_institutes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(at_once, "PATIENCE", 0.0)
    places = at_once.Places()

    def may(*names: str) -> bool:
        with places.held(*names, together=3) as is_mine:
            return is_mine

    with places.held("at a", "of x", together=3), places.held("at b", "of x", together=3):
        assert not may("at c", "of x")
        assert may("at a", "of y")
        with places.held("at a", "of y", together=3):
            assert not may("at d", "of z")
    assert may("at d", "of x")


def test_whoever_finds_no_place_takes_the_next_that_is_free() -> None:
    places, inside, told = at_once.Places(), threading.Event(), []

    def next_one() -> None:
        inside.set()
        with places.held("at a", together=1) as is_mine:
            told.append(is_mine)

    waiting = threading.Thread(target=next_one)
    with places.held("at a", together=1):
        waiting.start()
        assert inside.wait(10)
    waiting.join()
    assert told == [True]
