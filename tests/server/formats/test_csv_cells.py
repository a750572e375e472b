"""Tables as they go to spreadsheets and come back from them, in whatever these save."""

from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.formats.csv_cells import BYTE_ORDER_MARK, Cell, Figure, decoded, read, workbook, written

CELLS = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=20).map(str.strip)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1))
def test_what_is_written_is_read_as_it_was(rows: list[list[str]]) -> None:
    rows = [[cell if not cell.startswith("'") else "x" for cell in row] for row in rows]
    assert read(written(("a;b", "c", "d"), rows).removeprefix(BYTE_ORDER_MARK))[1:-1] == rows


@pytest.mark.parametrize("cell", ["=1+1", "+33 4", "-5", "@name", "\tx"])
def test_no_cell_runs_as_a_formula(cell: str) -> None:
    assert f"\r\n'{cell}\r\n" in written(("a",), [(cell,)])


@pytest.mark.parametrize(
    "cell, text",
    [(Figure(-1234.5), "-1234,50"), (Figure(2), "2,00"), (-5, "-5"), (1.5, "1.5"), (None, ""), ("a\nb", '"a\nb"')],
)
def test_a_figure_has_a_comma_and_two_decimals_and_no_number_is_quoted(cell: Cell, text: str) -> None:
    assert written(("a", "b"), [(cell, "")]) == f"{BYTE_ORDER_MARK}a;b\r\n{text};\r\n"


@pytest.mark.parametrize("cell", ["'tis", "a=b", "'", ""])
def test_only_what_was_put_before_a_formula_sign_is_taken_off(cell: str) -> None:
    assert read(f"{cell};x") == [[cell, "x"]]
    assert read("'=1;'+2") == [["=1", "+2"]]


ALINE = "Aline Élodie;Noël"


@pytest.mark.parametrize(
    "content, text",
    [
        ("é".encode(), "é"),
        ("\ufeffé".encode(), "é"),
        ("é".encode("cp1252"), "é"),
        (ALINE.encode("cp1252"), ALINE),
        (ALINE.encode("mac-roman"), ALINE),
        ("ÉLODIE".encode("cp1252"), "ÉLODIE"),
        (f"\ufeff{ALINE}".encode("utf-16-le"), ALINE),
        (f"\ufeff{ALINE}".encode("utf-16-be"), ALINE),
        (ALINE.encode("utf-16-le"), ALINE),
        (ALINE.encode("utf-16-be"), ALINE),
        ("ab—".encode("utf-16-le"), "ab—"),
        (b"\x00a \x14", "\x00a \x14"),
        (b"", ""),
    ],
)
def test_files_of_old_and_new_spreadsheets_are_read(content: bytes, text: str) -> None:
    assert decoded(content) == text


@pytest.mark.parametrize(
    "content, kind",
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "excel"),
        (b"PK\x03\x04 [Content_Types].xml", "excel"),
        (b"PK\x03\x04 mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "opendocument"),
        (b"PK\x03\x04" + b" " * 184 + b"opendocument", "opendocument"),
        (b"PK\x03\x04" + b" " * 185 + b"opendocument", "excel"),
        (b"Nom;opendocument", None),
        (b"", None),
    ],
)
def test_a_spreadsheet_itself_is_no_table(content: bytes, kind: Literal["excel", "opendocument"] | None) -> None:
    assert workbook(content) == kind


@pytest.mark.parametrize("line", ["a,b;c;d", "a;b\tc\td\te", "a\tb"])
def test_the_separator_is_what_the_first_line_has_most_of(line: str) -> None:
    assert len(read(line)[0]) == max(map(line.count, ";,\t")) + 1


@pytest.mark.parametrize(
    "text, rows",
    [
        ("", [[]]),
        ("\n;;\n a ; b\rc;d", [[], ["", "", ""], ["a", "b"], ["c", "d"]]),
        ('"sep=|"\r\na|b;c', [[], ["a", "b;c"]]),
        ("SEP=,;\na,b", [[], ["a", "b"]]),
        ("a;b\nsep=,", [["a", "b"], ["sep=,"]]),
    ],
)
def test_a_table_may_say_its_separator_and_have_empty_lines(text: str, rows: list[list[str]]) -> None:
    assert read(text) == rows


def test_what_is_no_table_is_said_so() -> None:
    with pytest.raises(ValueError, match="field larger than field limit"):
        read('"' + "x" * 200_000)
