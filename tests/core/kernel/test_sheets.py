"""A downloaded table must not run anything in a spreadsheet."""

import csv
from datetime import UTC, datetime
from io import StringIO

import pytest

from core.kernel.sheets import csv_file, safe_cell


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+44 20 0000",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =cmd|' /C calc'!A0",
        "＝1+1",
        "\x00=1+1",
    ],
)
def test_a_text_that_looks_like_a_formula_is_shown_as_text(text: str) -> None:
    assert str(safe_cell(text)).startswith("'")


@pytest.mark.parametrize("value", ["Ada", "a=b", "", 12, -12, 1.5])
def test_everything_else_stays_as_it_is(value: object) -> None:
    assert safe_cell(value) == value


def test_dates_yes_and_nothing_are_written_plainly() -> None:
    assert safe_cell(datetime(2026, 3, 1, 9, tzinfo=UTC)) == "2026-03-01T09:00:00+00:00"
    assert safe_cell(True) == "yes"
    assert safe_cell(None) == ""


def test_a_file_keeps_its_cells_apart_whatever_they_hold() -> None:
    response = csv_file("members", ["Name", "Note"], [['He said "no"', "a,b\nc"], ["=1", 3]])
    text = response.content.decode("utf-8-sig")
    assert list(csv.reader(StringIO(text))) == [
        ["Name", "Note"],
        ['He said "no"', "a,b\nc"],
        ["'=1", "3"],
    ]
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="members.csv"'
