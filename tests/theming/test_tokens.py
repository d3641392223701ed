"""Whatever an institute chooses, everybody can read it."""

import pytest
from hypothesis import example, given, settings

from tests.theming.seeds import ANY_SEEDS, BUNDLES, shipped
from theming.tokens import PAIRS, Seeds, SeedsRefused, contrast, palette, reach


def too_faint(seeds: Seeds) -> list[str]:
    chosen = palette(seeds)
    return [
        f"{scheme}: {text} on {ground}: {contrast(colours[text], colours[ground]):.2f}"
        for scheme, colours in (("light", chosen.light), ("dark", chosen.dark))
        for text, ground, ratio in PAIRS
        if contrast(colours[text], colours[ground]) < ratio
    ]


@pytest.mark.parametrize("bundle", BUNDLES)
def test_shipped_brand_paints_both_schemes_every_pair_meets_its_ratio(bundle: str) -> None:
    assert too_faint(shipped(bundle)) == []


@given(ANY_SEEDS)
@example(Seeds(accent="#ffff00", second="#ffffff", hero="routes", masthead="solid"))
@example(Seeds(accent="#000000", second="#000000", hero="links", masthead="dark"))
@example(Seeds(accent="#ffffff", second="#808080", hero="path"))
@example(Seeds(accent="#777777", second="#777777", hero="routes", masthead="solid"))
@settings(max_examples=60, deadline=None)
def test_any_brand_paints_both_schemes_every_pair_meets_its_ratio(seeds: Seeds) -> None:
    assert too_faint(seeds) == []


def test_staff_choose_a_pale_accent_are_told_what_is_used_instead() -> None:
    chosen = palette(Seeds(accent="#ffd84d", second="#22543d"))
    assert chosen.light["accent"] != "#ffd84d"
    assert len(chosen.changes) == 1
    assert "#ffd84d" in chosen.changes[0]
    assert chosen.light["accent"] in chosen.changes[0]


def test_staff_choose_strong_colours_nothing_is_changed() -> None:
    chosen = palette(Seeds(accent="#12406F", second="#22543d"))
    assert chosen.changes == ()
    assert chosen.light["accent"] == "#12406f"


def test_five_brands_side_by_side_differ_in_colour_face_and_layout() -> None:
    brands = [shipped(bundle) for bundle in BUNDLES]
    for trait in ("accent", "pairing", "hero", "masthead"):
        assert len({getattr(brand, trait) for brand in brands}) == len(brands), trait


@pytest.mark.parametrize(
    ("data", "key"),
    [
        ({"accent": "red"}, "accent"),
        ({"accent": "#12345"}, "accent"),
        ({"accent": "#123456;}body{display:none"}, "accent"),
        ({"accent": "#123456\n"}, "accent"),
        ({"accent": 123456}, "accent"),
        ({"pairing": 'x";}*{display:none}'}, "pairing"),
        ({"radius": "9px"}, "radius"),
        ({"hero": ["routes"]}, "hero"),
        ({"css": "body{}"}, "css"),
    ],
)
def test_staff_write_something_else_than_a_seed_it_is_refused_by_key(
    data: dict[str, object], key: str
) -> None:
    with pytest.raises(SeedsRefused) as refused:
        Seeds.read(data)
    assert list(refused.value.problems) == [key]


def test_seeds_go_to_data_and_back_unchanged() -> None:
    seeds = shipped("guided")
    assert Seeds.read(seeds.data()) == seeds


def test_nothing_reads_on_black_and_white_at_once_is_an_error() -> None:
    with pytest.raises(ValueError, match="reads on"):
        reach("#808080", ("#000000", "#ffffff"), 7.0, darker=True)
