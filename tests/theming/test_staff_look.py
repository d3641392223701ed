"""The steps of colour that the staff site is drawn in can be read in every brand."""

import pytest

from theming.staff import steps
from theming.tokens import Seeds, contrast, palette

SEEDS = [
    Seeds(),
    Seeds(accent="#f5d000", second="#00e0ff"),
    Seeds(accent="#101010", second="#303030"),
    Seeds(accent="#d4145a", second="#2e3192"),
]


@pytest.mark.parametrize("seeds", SEEDS)
def test_ink_reads_on_the_grounds_of_light_and_dark_pages(seeds: Seeds) -> None:
    found = steps(palette(seeds))
    base, primary, font = found["base"], found["primary"], found["font"]
    for ink in (primary["600"], primary["700"], *(font[f"{n}-light"] for n in _INKS)):
        for ground in ("#ffffff", base["50"], base["100"]):
            assert contrast(ink, ground) >= 4.5
    for ink in (primary["500"], primary["300"], *(font[f"{n}-dark"] for n in _INKS)):
        assert contrast(ink, base["900"]) >= 4.5
    assert contrast("#ffffff", primary["600"]) >= 4.5


_INKS = ("subtle", "default", "important")
