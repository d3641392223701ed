"""PDFs: what they say, whether they are tagged, and that no text breaks one."""

import io
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from pypdf import PdfReader

from core.kernel import pdf, ports
from core.programme.queries import current

pytestmark = pytest.mark.django_db

MANY_SCRIPTS = "Łódź · Ελλάδα · Київ · 目标 · かな · 한국어 · हिन्दी · ไทย · ❤️ 👩🏽‍🚀"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A template that prints what it is given."""
    source = (
        '#import "base.typ": *\n#show: paper\n= Texts\n#for one in data.texts { paragraphs(one) }'
    )
    found = pdf.source_of
    monkeypatch.setattr(pdf, "source_of", lambda name: source if name == "t" else found(name))

    def make(*texts: str, title: str = "Things said") -> PdfReader:
        made = pdf.typeset("t", {"title": title, "texts": list(texts)})
        return PdfReader(io.BytesIO(made))

    return make


def _said(document: PdfReader) -> str:
    return " ".join(page.extract_text() for page in document.pages)


def _metadata(document: PdfReader) -> str:
    root: Any = document.trailer["/Root"]
    return str(root["/Metadata"].get_data().decode())


def _tags(document: PdfReader) -> set[str]:
    found: set[str] = set()

    def walk(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for one in node:
                walk(one)
        elif isinstance(node, dict):
            if "/S" in node:
                found.add(str(node["/S"]))
            if "/K" in node:
                walk(node["/K"])

    root: Any = document.trailer["/Root"]
    walk(root["/StructTreeRoot"])
    return found


def test_a_pdf_is_tagged_titled_and_in_the_language_and_name_of_the_programme(typed: Any) -> None:
    document = typed("Hello there.", title="Goals of Ama")
    root: Any = document.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert document.metadata.title == "Goals of Ama"
    assert document.metadata.author == current().programme_name
    assert {"/H1", "/P"} <= _tags(document)
    assert "pdfuaid:part>1<" in _metadata(document)
    assert "Hello there." in _said(document)


def test_a_pdf_names_the_product_nowhere(typed: Any) -> None:
    document = typed("Hello there.")
    everything = _said(document) + str(document.metadata)
    everything += _metadata(document)
    assert "ithaca" not in everything.lower()


def test_scripts_of_the_world_and_emoji_are_read_back_as_they_were_written(typed: Any) -> None:
    said = _said(typed(MANY_SCRIPTS))
    for word in ("Łódź", "Ελλ", "Київ", "目标", "かな", "한국어"):
        assert word in said


@pytest.mark.parametrize(
    "text",
    [
        "control \x00\x07\x1b signs",
        "lone \ud83d half",
        "no font has \u13a0 \uf8ff \U0001d518",
        "a keycap 1\ufe0f\u20e3 and \u200d\ufe0f alone",
        "bidi \u202e turned \u2066 round",
        "e\u0301" * 50 + "\u0628\u0915\u094d",
        "x" * 10_000,
        "",
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_no_text_breaks_a_pdf_or_costs_its_tags(typed: Any, text: str) -> None:
    document = typed(text, "The end.")
    assert "The end." in _said(document)
    assert "pdfuaid" in _metadata(document)


def test_markup_in_what_a_person_wrote_is_printed_and_not_obeyed(typed: Any) -> None:
    wicked = '#read("/etc/passwd") = Heading *b* $x$ #panic() <b>b</b> "); #import "@preview/x:1"'
    assert "/etc/passwd" in _said(typed(wicked))


def test_a_word_without_end_stays_on_the_paper(typed: Any) -> None:
    assert len(typed("w" * 10_000).pages) > 1


def test_a_pdf_that_takes_too_long_is_given_up(typed: Any) -> None:
    with pytest.raises(pdf.NotTypeset):
        pdf.typeset("t", {"title": "Long", "texts": ["word " * 2_000_000]}, seconds=1)


def test_an_unknown_template_is_refused() -> None:
    for name in ("nothing", "../base", "Base", ""):
        with pytest.raises(LookupError):
            pdf.typeset(name, {"title": "x"})


def test_a_logo_that_cannot_be_drawn_costs_only_itself(
    typed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = replace(ports.paper_look(), mark="<svg")
    monkeypatch.setattr(pdf, "paper_look", lambda: look)
    assert "Hello" in _said(typed("Hello"))


def test_templates_of_the_house_fetch_nothing() -> None:
    templates = [
        path for app in apps.get_app_configs() for path in Path(app.path).glob("typeset/*.typ")
    ]
    assert templates
    for path in templates:
        imported = set(re.findall(r'#?(?:import|include)\s+"([^"]+)"', path.read_text()))
        assert imported <= {"base.typ"}, path
