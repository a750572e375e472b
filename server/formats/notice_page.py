"""The notice beside the reader as one page, A4 when it is printed. Pure."""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple


class NoticeRow(NamedTuple):
    """One kind of data, in words."""

    what: str
    purpose: str
    period: str
    basis: str


class DataNotice(NamedTuple):
    """All that stands on it, in `language`; a section has a heading and paragraphs."""

    language: str
    title: str
    place: str
    lead: str
    headings: tuple[str, str, str, str]
    rows: Sequence[NoticeRow]
    sections: Sequence[tuple[str, Sequence[str]]]
    foot: str


def page(notice: DataNotice, style: str) -> str:
    """The page; `style` is the element of its style sheet, a link or the sheet itself."""
    heads = "".join(f'<th scope="col">{escape(heading)}</th>' for heading in notice.headings)
    return "\n".join(
        (
            "<!doctype html>",
            f'<html lang="{escape(notice.language)}">',
            '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(notice.title)} · {escape(notice.place)}</title>",
            style,
            "</head>",
            '<body class="notice"><main>',
            f'<p class="place">{escape(notice.place)}</p>',
            f"<h1>{escape(notice.title)}</h1>",
            f'<p class="lead">{escape(notice.lead)}</p>',
            f"<table><thead><tr>{heads}</tr></thead><tbody>",
            *(_row(row) for row in notice.rows),
            "</tbody></table>",
            *(_section(*section) for section in notice.sections),
            f'<p class="foot">{escape(notice.foot)}</p>',
            "</main></body></html>\n",
        )
    )


def _row(row: NoticeRow) -> str:
    what, *rest = (escape(cell) for cell in row)
    return f'<tr><th scope="row">{what}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>'


def _section(heading: str, paragraphs: Sequence[str]) -> str:
    return f"<section><h2>{escape(heading)}</h2>{''.join(f'<p>{escape(each)}</p>' for each in paragraphs)}</section>"
