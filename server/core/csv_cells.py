"""Tables as spreadsheets read and write them: UTF-8 with its mark, semicolons, no cell that runs as a formula. Pure."""

import csv
from collections.abc import Iterable, Sequence

BYTE_ORDER_MARK = "\ufeff"
"""Without it, Excel takes UTF-8 for the code page of the machine."""

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins with one of these would be worked out by the spreadsheet (OWASP, CSV injection)."""

DOUBLE = '"'

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
    """The text of a file from a spreadsheet: UTF-8, or else the code page that French Windows saves in."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def read(text: str) -> list[list[str]]:
    """The rows of a table, cells trimmed, separated by what its first line has most of; empty lines are empty rows.

    Raises `ValueError` for what is no table, such as a picture.
    """
    first = text.partition("\n")[0]
    separator = max(";,\t", key=first.count)
    lines = (f"{line}\n" for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"))
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
