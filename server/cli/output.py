"""How things are shown: a table for people, one JSON document for programs."""

import json
import unicodedata
from collections.abc import Sequence
from typing import Any

import click
import msgspec

GAP = "  "

Cell = str | int | float | None


def document(content: object, *, err: bool = False) -> None:
    """One JSON document on the standard output, or with `err` on the standard error, in one line.

    Moments are as in the contract, dates ISO texts.
    """
    builtins: Any = msgspec.to_builtins(content, enc_hook=_builtin)
    click.echo(json.dumps(builtins, ensure_ascii=False), err=err)


def _builtin(value: object) -> int | str:
    return int(value) if isinstance(value, int) else str(value)


def table(headings: Sequence[str], rows: Sequence[Sequence[Cell]], *, empty: str) -> None:
    """Columns as wide as they need, numbers to the right; where there are no rows, the line `empty`."""
    if not rows:
        click.echo(empty)
        return
    lines = [[plain("" if cell is None else str(cell)) for cell in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(headings, *lines, strict=True)]
    to_the_right = [all(isinstance(cell, int | float) for cell in column) for column in zip(*rows, strict=True)]
    for line in (headings, *lines):
        cells = (_padded(*each) for each in zip(line, widths, to_the_right, strict=True))
        click.echo(GAP.join(cells).rstrip())


def plain(text: str) -> str:
    """`text` without what could move a terminal's cursor or change its colours."""
    return "".join("�" if unicodedata.category(sign) in ("Cc", "Cs") else sign for sign in text)


def width(text: str) -> int:
    """Columns that a terminal gives to `text`."""
    signs = (sign for sign in text if unicodedata.category(sign) not in ("Mn", "Me", "Cf"))
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in signs)


def _padded(text: str, columns: int, to_the_right: bool) -> str:
    space = " " * (columns - width(text))
    return space + text if to_the_right else text + space
