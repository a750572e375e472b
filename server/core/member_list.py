"""A list of members as a table: read with every fault named by its line, before anything is written. Pure."""

from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

COLUMNS = ("name", "email", "role", "badge", "notes")
"""In the order of the export; only the name is needed, and any order is read."""

HEADINGS: Mapping[str, str] = {
    "name": "name",
    "nom": "name",
    "email": "email",
    "e-mail": "email",
    "courriel": "email",
    "mail": "email",
    "role": "role",
    "rôle": "role",
    "badge": "badge",
    "notes": "notes",
    "note": "notes",
    "remarques": "notes",
}
"""What a heading may be called. Others, such as the number of an export, are not read."""

ROLES: Mapping[str, Literal["member", "concierge"]] = {
    "": "member",
    "member": "member",
    "membre": "member",
    "concierge": "concierge",
}

MOST_LINES = 5_000
"""A file is written in one transaction, and doors' events wait for it: about half a second."""

Trouble = Literal["unreadable", "no_heading", "too_many", "no_name", "role", "twice"]


class Row(NamedTuple):
    """One person to be added; `line` is the number of their line in the file, the headings being line 1."""

    line: int
    name: str
    email: str
    role: Literal["member", "concierge"]
    badge: str
    notes: str


class LineFault(NamedTuple):
    """What is wrong in a line; `text` is what stands there."""

    line: int
    trouble: Trouble
    text: str


class MemberList(NamedTuple):
    """What could be read, and what could not."""

    rows: list[Row]
    faults: list[LineFault]


def read_members(table: Sequence[Sequence[str]]) -> MemberList:
    """The people in `table`, whose first row has the headings."""
    headings = [HEADINGS.get(cell.casefold(), "") for cell in table[0]] if table else []
    if "name" not in headings:
        return MemberList([], [LineFault(1, "no_heading", " ".join(table[0] if table else []))])
    if len(table) > MOST_LINES:
        return MemberList([], [LineFault(MOST_LINES, "too_many", str(len(table)))])
    rows: list[Row] = []
    faults: list[LineFault] = []
    seen: dict[str, int] = {}
    for line, cells in enumerate(table[1:], 2):
        fields = {heading: cell for heading, cell in zip(headings, cells, strict=False) if heading}
        if not any(cells):
            continue
        found = _row(line, fields, seen)
        (faults if isinstance(found, LineFault) else rows).append(found)  # type: ignore[arg-type]
    return MemberList(rows, faults)


def _row(line: int, fields: Mapping[str, str], seen: dict[str, int]) -> Row | LineFault:
    name, email, badge = (fields.get(key, "") for key in ("name", "email", "badge"))
    if not name:
        return LineFault(line, "no_name", "")
    role = ROLES.get(fields.get("role", "").casefold())
    if role is None:
        return LineFault(line, "role", fields["role"])
    for once in filter(None, (email.casefold(), badge.casefold())):
        if once in seen:
            return LineFault(line, "twice", f"{once} ({seen[once]})")
        seen[once] = line
    return Row(line, name, email, role, badge, fields.get("notes", ""))
