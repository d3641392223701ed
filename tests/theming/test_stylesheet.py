"""A stylesheet holds custom properties and nothing that anybody typed."""

import re

import pytest
from hypothesis import given, settings

from tests.theming.seeds import ANY_SEEDS, BUNDLES, shipped
from theming.stylesheet import digest, stylesheet
from theming.tokens import Seeds

SHAPE = re.compile(
    r":root\{color-scheme:light dark;(--[a-z-]+:[^;{}]*;)+\}\n"
    r"@media \(prefers-color-scheme:dark\)\{:root\{(--[a-z-]+:#[0-9a-f]{6};)+\}\}\n"
    r"@media print\{:root\{color-scheme:light;(--[a-z-]+:#[0-9a-f]{6};)+\}\}\n"
)


@given(ANY_SEEDS)
@settings(max_examples=25, deadline=None)
def test_any_brand_makes_a_stylesheet_of_plain_properties_only(seeds: Seeds) -> None:
    assert SHAPE.fullmatch(stylesheet(seeds, logo="/brand/logo/0a1b.svg"))


@pytest.mark.parametrize(
    "logo",
    [
        "/x.svg);}body{display:none", "//evil.example/x.svg", "javascript:alert(1)", "/a b",
        '/x.svg"', "/x.svg\\29", "https://evil.example/x.svg", "/x.svg\n",
    ],
)  # fmt: skip
def test_a_logo_address_with_tricks_is_refused(logo: str) -> None:
    with pytest.raises(ValueError, match="not a path"):
        stylesheet(Seeds(), logo=logo)


def test_same_seeds_make_the_same_digest_and_any_change_another() -> None:
    first = digest(stylesheet(shipped("ciltuk")))
    assert first == digest(stylesheet(shipped("ciltuk")))
    assert re.fullmatch(r"[0-9a-f]{20}", first)
    assert len({digest(stylesheet(shipped(bundle))) for bundle in BUNDLES}) == len(BUNDLES)


@pytest.mark.parametrize("bundle", BUNDLES)
def test_shipped_stylesheet_stays_small(bundle: str) -> None:
    assert len(stylesheet(shipped(bundle)).encode()) < 4_000
