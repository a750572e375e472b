"""Tables as spreadsheets read and write them: UTF-8 with its mark, semicolons, no cell that runs as a formula. Pure."""

import csv
import re
from collections.abc import Iterable, Sequence
from typing import Literal

from server.formats.code_page import decoded_from_code_page

BYTE_ORDER_MARK = "\ufeff"
"""Without it, Excel takes UTF-8 for the code page of the machine."""

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins with one of these would be worked out by the spreadsheet (OWASP, CSV injection)."""

DOUBLE = '"'

_SEPARATOR = re.compile(r'\s*"?sep=(.)"?[;,\t ]*', re.IGNORECASE)
"""What Excel writes and reads before a table."""

Cell = str | int | float | None


class Figure(float):
    """A number that is written with two decimals and a comma, negative ones too: it is no text, and runs nothing."""

    def __str__(self) -> str:
        return f"{self:.2f}".replace(".", ",")


def written(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The text of a table."""
    lines = (";".join(map(_quoted, row)) + "\r\n" for row in (headings, *rows))
    return BYTE_ORDER_MARK + "".join(lines)


def decoded(content: bytes) -> str:
    """The text of a file from a spreadsheet: UTF-8, UTF-16 (Excel's “Unicode Text”), or an old code page."""
    for mark, encoding in (("\ufeff".encode("utf-16-le"), "utf-16"), ("\ufeff".encode("utf-16-be"), "utf-16")):
        if content.startswith(mark):
            return content.decode(encoding, "replace")
    for nth, encoding in enumerate(("utf-16-be", "utf-16-le")):
        if content and content[nth::2].count(0) * 4 > len(content):  # every other byte of Latin letters is zero
            return content.decode(encoding, "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return decoded_from_code_page(content)


def workbook(content: bytes) -> Literal["excel", "opendocument"] | None:
    """Which kind of spreadsheet this is where it is one itself, and no table that was saved out of it."""
    if content.startswith(b"\xd0\xcf\x11\xe0"):  # the compound file of Excel before 2007
        return "excel"
    if content.startswith(b"PK\x03\x04"):
        return "opendocument" if b"opendocument" in content[:200] else "excel"
    return None


def read(text: str) -> list[list[str]]:
    """The rows of a table, cells trimmed, empty lines as empty rows.

    Separated by what a line `sep=;` before it says, or what its first line has most of. Raises `ValueError` for what is
    no table, such as a picture.
    """
    all_lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    first = next((nth for nth, line in enumerate(all_lines) if line.strip(' \t;,"')), 0)
    told = _SEPARATOR.fullmatch(all_lines[first])
    separator = told[1] if told else max(";,\t", key=all_lines[first].count)
    if told:
        all_lines[first] = ""
    lines = (f"{line}\n" for line in all_lines)
    try:
        return [[_plain(cell.strip()) for cell in row] for row in csv.reader(lines, delimiter=separator)]
    except csv.Error as error:
        raise ValueError(str(error)) from None


def _quoted(cell: Cell) -> str:
    text = "" if cell is None else str(cell)
    if isinstance(cell, str) and text.startswith(FORMULA_SIGNS):
        text = f"'{text}"
    return f'"{text.replace(DOUBLE, DOUBLE * 2)}"' if any(sign in text for sign in ';"\r\n') else text


def _plain(cell: str) -> str:
    """Takes off what `written` put before a formula sign, so that what was exported comes back as it was."""
    return cell[1:] if cell[:1] == "'" and cell[1:2] in FORMULA_SIGNS else cell
