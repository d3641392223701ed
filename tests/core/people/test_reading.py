"""Files of people come in every shape; what is wrong with them is said in words (product F4)."""

import pytest
from django.test import Client

from core.people.models import Import
from tests.core.people.conftest import checked, table, upload

pytestmark = pytest.mark.django_db
PLAIN = table(
    "E-mail;First name;Surname;Role;Company",
    "zoe@people.example;Zoë;Müller;mentor;Köln AG",
    "ben@people.example;Ben;Ash;mentee;",
)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "The submitted file is empty"),
        (b" \n\n", "The file is empty."),
        (b"PK\x03\x04" + bytes(200), "This is an Excel workbook or a ZIP file."),
        (bytes(range(256)) * 40, "This is not a text file."),
        (b'"Email,Name\na@people.example,Ana\n', "cannot be read"),
    ],
)
def test_file_that_is_no_table_is_refused_in_words(
    staff: Client, content: bytes, sentence: str
) -> None:
    answer = upload(staff, content)
    assert answer.status_code == 422
    found = answer.content.decode()
    assert sentence in found or "The file is empty." in found
    assert not Import.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_letters_and_delimiter_are_found(staff: Client, encoding: str, delimiter: str) -> None:
    content = PLAIN.decode().replace(";", delimiter).encode(encoding)
    source = checked(staff, content)
    assert source.counts == {"new": 2}
    assert source.rows.first().name == "Zoë Müller"  # type: ignore[union-attr]


@pytest.mark.usefixtures("every_kind")
def test_nought_bytes_anywhere_are_told_or_left_out(staff: Client) -> None:
    source = checked(
        staff,
        table(
            "Odd\x00one,Email,Name,Role,Grade,One line",
            "x,a@people.example,Ana Day,mentor,sec\x00ond,",
            "x,b@people.example,Ben Day,mentor,second,ti\x00de",
            "x\x00,c@people.example,Cy Day,mentor,second,tide",
            "x,d\x00@people.example,Dee Day,mentor,second,tide",
        ),
    )
    assert source.counts == {"new": 1, "refused": 3}
    said = [": ".join(problem) for row in source.rows.all() for problem in row.problems]
    assert "Grade: “sec ond” is not one of the answers in the list." in said
