"""What the build makes: fonts that are whole and small, a stylesheet that stays light."""

import gzip
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from tests.theming.seeds import BUNDLES, shipped
from theming import build
from theming.fonts import FACES, Face, first_files
from theming.stylesheet import stylesheet
from theming.tokens import PAIRINGS

NAMES = "Łukasz Żółć Siân Ŵyn Ŷ Ağaoğlu Țăran Őri Ðór Ñandú Çelik Œuvre Straße Novák – “ ” ’ … € £"


@pytest.fixture(scope="module")
def made() -> Path:
    """The folder with everything that the build made: `make test` builds before it tests."""
    assert (build.STATIC / "site.css").exists(), "nothing is built: run `make css`"
    return build.STATIC


@pytest.mark.parametrize("face", [face for faces in FACES.values() for face in faces], ids=str)
def test_a_face_writes_the_names_of_welsh_polish_turkish_and_romanian_members(
    face: Face, made: Path
) -> None:
    font = TTFont(made / "fonts" / face.target)
    letters = font.getBestCmap()
    assert [c for c in NAMES if c != " " and ord(c) not in letters] == []
    assert font["name"].getDebugName(1) == face.family
    assert re.match("copyright|©", font["name"].getDebugName(0) or "", re.IGNORECASE)


def test_every_pairing_has_at_most_two_files() -> None:
    assert set(FACES) == set(PAIRINGS)
    assert all(1 <= len(first_files(pairing)) <= 2 for pairing in PAIRINGS)


@pytest.mark.parametrize("bundle", BUNDLES)
def test_a_first_visit_costs_less_than_a_hundred_kilobytes(bundle: str, made: Path) -> None:
    import django_htmx

    scripts = Path(django_htmx.__file__).parent / "static" / "django_htmx" / "htmx-2.min.js"
    seeds = shipped(bundle)
    packed = [
        (made / "site.css").read_bytes(),
        stylesheet(seeds).encode(),
        scripts.read_bytes(),
        (build.STATIC / "site.js").read_bytes(),
    ]
    fonts = sum((made / "fonts" / face.target).stat().st_size for face in FACES[seeds.pairing])
    page = 16_000
    assert fonts + page + sum(len(gzip.compress(each)) for each in packed) < 100_000


def test_the_stylesheet_offers_layout_and_parts_but_no_colours_of_its_own(made: Path) -> None:
    css = (made / "site.css").read_text(encoding="utf-8")
    assert ".button" in css
    assert "grid-cols-2" in css
    assert "--color-" not in css
    assert "font-display:swap" in css
    assert "size-adjust" in css
    assert not re.search(r"url\([\"']?(?:https?:)?//|@import", css)


def test_a_site_without_a_brand_has_a_plain_look(made: Path) -> None:
    assert (made / "plain.css").read_text(encoding="utf-8").startswith(":root{")


def test_a_missing_font_stops_the_build_with_a_sentence() -> None:
    with pytest.raises(build.BuildFailed, match=r"Nothing\.ttf of font_nothing is not installed"):
        build.source_of(Face("Nothing", "font_nothing", "Nothing.ttf", "n.woff2", "400"))
