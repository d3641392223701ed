"""Templates and the CSS of the parts never name a colour; the product names itself nowhere."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
CSS_COLOUR = re.compile(
    r"#[0-9a-fA-F]{3,8}\b(?!\w)|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\(|"
    r"(?<![\w-])(?:white|red|green|blue|yellow|orange|purple|gr[ae]y|pink|navy|teal|silver)(?![\w-])",
)
TEMPLATE_COLOUR = re.compile(
    r"\sstyle=\"[^\"]*(?:#[0-9a-fA-F]{3,8}\b|rgba?\()|"
    r"\b(?:bg|text|border|ring|fill|stroke|from|to|via|divide|outline|accent|decoration)-"
    r"(?:slate|gray|zinc|neutral|stone|red|orange|amber|yellow|lime|green|emerald|teal|cyan|sky|blue|"
    r"indigo|violet|purple|fuchsia|pink|rose|white|black)\b|"
    r"(?<![\w-])(?:rounded|font-(?:sans|serif|mono)|shadow)-?\w*(?=[\s\"])",
)
# What mail programs need inline is filled in from the palette; a mask counts black as "drawn".
ALLOWED = re.compile(r"linear-gradient\(90deg, transparent \d+%, black \d+%\)|color-mix\(")


def templates() -> list[Path]:
    found = [
        path
        for folder in (ROOT / "theming", ROOT / "core")
        for path in folder.glob("**/templates/**/*")
        if path.suffix in {".html", ".txt"} and "insights" not in path.parts
    ]
    assert len(found) > 30
    return found


def named_in_css(text: str) -> list[str]:
    plain = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    return CSS_COLOUR.findall(ALLOWED.sub("", plain))


def named_in_template(text: str) -> list[str]:
    classes = " ".join(re.findall(r'(?:class|style)="[^"]*"', text))
    return TEMPLATE_COLOUR.findall(f" {classes} ")


@pytest.mark.parametrize("sheet", sorted((ROOT / "theming" / "assets").glob("*.css")), ids=str)
def test_a_part_of_the_stylesheet_names_no_colour(sheet: Path) -> None:
    assert named_in_css(sheet.read_text(encoding="utf-8")) == []


def test_no_template_names_a_colour_a_face_or_a_corner() -> None:
    guilty = {
        str(path.relative_to(ROOT)): found
        for path in templates()
        if (found := named_in_template(path.read_text(encoding="utf-8")))
    }
    assert guilty == {}


def test_no_template_holds_a_script_a_style_or_the_name_of_the_product() -> None:
    inline = re.compile(r"<style|<script(?![^>]*\ssrc=)|\son\w+=|javascript:", re.IGNORECASE)
    guilty = [
        str(path.relative_to(ROOT))
        for path in templates()
        if inline.search(text := path.read_text(encoding="utf-8")) or "ithaca" in text.lower()
    ]
    assert guilty == []


def test_only_mails_carry_inline_styles() -> None:
    guilty = [
        str(path.relative_to(ROOT))
        for path in templates()
        if " style=" in path.read_text(encoding="utf-8") and path.name != "mail.html"
    ]
    assert guilty == []


@pytest.mark.parametrize(
    "text",
    [".a{color:#fff}", ".a{color:red}", ".a{background:rgb(1 2 3)}", ".a{fill:oklch(1 0 0)}"],
)
def test_guard_of_the_stylesheet_meets_a_planted_colour_and_finds_it(text: str) -> None:
    assert named_in_css(text)


@pytest.mark.parametrize(
    "text",
    ['<p class="bg-red-500">', '<p class="mt-4 text-white">', '<p class="rounded-lg">',
     '<p style="color:#fff">', '<p class="a font-serif b">'],
)  # fmt: skip
def test_guard_of_templates_meets_a_planted_colour_and_finds_it(text: str) -> None:
    assert named_in_template(text)
