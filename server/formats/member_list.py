"""A list of members as a table: read with every fault named by its line, before anything is written. Pure.

Which column is what is guessed from its heading, and may be chosen instead.
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, get_args

COLUMNS = ("name", "email", "role", "badge", "badge_keys", "notes")
"""In the order of the export; only the name is needed, and any order is read."""

Field = Literal["", "full_name", "name", "first_name", "email", "phone", "role", "badge", "badge_keys", "notes"]
"""What a column is; "" for one that is not read. A full name wins over its parts, where there is one on a line; a
telephone goes into the notes: there is no other place for it. What stands of the keys of badges is only compared: a
table gives nobody keys.
"""
FIELDS: tuple[Field, ...] = get_args(Field)
NAMES: frozenset[Field] = frozenset({"full_name", "name", "first_name"})
"""The columns that can name somebody."""
REPEATED: frozenset[Field] = frozenset({"", "phone", "notes"})
"""What several columns may be; of the others the first one counts."""

_SURNAMES = "nom de famille|last name|lastname|surname|family name"
_HEADINGS: tuple[tuple[Field, str], ...] = (
    ("full_name", "nom complet|nom et prenom|nom prenom|prenom nom|prenom et nom|full name|fullname|display name"),
    ("full_name", "nom affiche|first and last name|first name last name|last name first name|given name family name"),
    ("name", "name|nom|nom usuel|nom d usage|membre|adherent"),
    ("name", _SURNAMES),
    ("first_name", "prenom|prenoms|first name|firstname|given name|forename"),
    ("email", "email|e mail|mail|mel|courriel|couriel|adresse e mail|adresse email|adresse mail|adresse courriel"),
    ("email", "adresse mel|adresse electronique|courrier electronique|adresse de messagerie|email address"),
    ("email", "e mail address|mail address|e mail 1 value|e mail 1"),
    ("phone", "tel|telephone|portable|mobile|tel portable|telephone portable|tel mobile|telephone mobile|phone"),
    ("phone", "numero de telephone|n de telephone|n tel|phone number|mobile phone|gsm|tel fixe|phone 1 value"),
    ("role", "role"),
    ("badge", "badge|badges|carte"),
    ("badge_keys", "badge keys|keys of badges|cles du badge|cles des badges"),
    ("notes", "notes|note|remarque|remarques|commentaire|commentaires|comment|comments"),
)
HEADINGS: Mapping[str, Field] = {heading: field for field, headings in _HEADINGS for heading in headings.split("|")}
"""What a heading may be called, without its case, accents and signs; an ending in brackets is left out."""
SURNAMES = frozenset(_SURNAMES.split("|"))
"""Beside one of these and a first name, as Google writes them, “Name” is the full name."""
_LOST = re.compile(r"[^\x20-\x7e]+|\?+")

ROLES: Mapping[str, Literal["member", "concierge"]] = {
    "": "member",
    "member": "member",
    "membre": "member",
    "concierge": "concierge",
}

HAS_KEYS: Mapping[str, bool] = {
    "with keys": True,
    "avec cle": True,
    "blank": True,
    "vierge": True,
    "copyable": False,
    "copiable": False,
}
"""What may stand of a badge's keys, and whether its number then begins with the kind of badge that has some."""

MOST_LINES = 5_000
"""A file is written in one transaction, and doors' events wait for it: about half a second."""

Trouble = Literal[
    "unreadable", "excel", "opendocument", "no_heading", "heading", "too_many", "no_name", "role", "twice", "keys"
]


class ListedMember(NamedTuple):
    """One person to be added; `line` is the number of their line in the file."""

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


class Column(NamedTuple):
    """A column of the file: its heading, what it is taken for, and the first thing that stands in it."""

    heading: str
    field: Field
    example: str


class MemberList(NamedTuple):
    """What could be read, what could not, and what each column was taken for."""

    rows: list[ListedMember]
    faults: list[LineFault]
    columns: list[Column]

    @property
    def ignored(self) -> list[Column]:
        """The columns that have something in them and are not read."""
        return [column for column in self.columns if not column.field and column.example]


def read_members(table: Sequence[Sequence[str]], chosen: Sequence[Field] | None = None) -> MemberList:
    """The people in `table`, whose first row with anything in it has the headings; `chosen` is what its columns are."""
    first = next((nth for nth, cells in enumerate(table) if any(cells)), None)
    if first is None:
        return MemberList([], [LineFault(1, "no_heading", "")], [])
    lines = [(nth, cells) for nth, cells in enumerate(table[first + 1 :], first + 2) if any(cells)]
    columns = _columns(table[first], [cells for _, cells in lines], chosen)
    fields = [column.field for column in columns]
    if chosen is None and (broken := next(filter(_is_broken, table[first]), None)):
        return MemberList([], [LineFault(first + 1, "heading", broken)], columns)
    if not NAMES & set(fields):
        return MemberList([], [LineFault(first + 1, "no_heading", " ".join(table[first]))], columns)
    if len(lines) > MOST_LINES:
        return MemberList([], [LineFault(MOST_LINES, "too_many", str(len(lines)))], columns)
    rows: list[ListedMember] = []
    faults: list[LineFault] = []
    seen: dict[str, int] = {}
    for line, cells in lines:
        found = _row(line, _by_field(fields, cells), seen)
        if isinstance(found, LineFault):
            faults.append(found)
        else:
            rows.append(found)
    return MemberList(rows, faults, columns)


def _columns(headings: Sequence[str], lines: Sequence[Sequence[str]], chosen: Sequence[Field] | None) -> list[Column]:
    columns: list[Column] = []
    guessed = _guessed([_plain(heading) for heading in headings])
    for nth, heading in enumerate(headings):
        field = chosen[nth] if chosen is not None and nth < len(chosen) else guessed[nth]
        if field not in REPEATED and any(column.field == field for column in columns):
            field = ""
        example = next((cells[nth] for cells in lines if nth < len(cells) and cells[nth]), "")
        columns.append(Column(heading, field, example))
    return columns


def _guessed(headings: Sequence[str]) -> list[Field]:
    fields = [HEADINGS.get(heading, "") for heading in headings]
    if "first_name" in fields and SURNAMES.intersection(headings):
        return [
            "full_name" if heading in ("name", "nom") else field
            for heading, field in zip(headings, fields, strict=True)
        ]
    return fields


def _is_broken(heading: str) -> bool:
    """Whether letters of a known heading were lost on the way: `Pr?nom`, or `PrÃ©nom` with two signs for one letter."""
    bare = heading.strip().casefold()
    lost = sum(map(len, _LOST.findall(bare)))
    if _plain(heading) in HEADINGS or not 0 < lost <= len(bare) // 2:
        return False
    around = (re.sub("[^a-z0-9]+", " ", part) for part in _LOST.split(bare))
    known = re.compile(f"[a-z ]{{0,{lost}}}".join(around))
    return any(known.fullmatch(each) for each in HEADINGS)


def _plain(heading: str) -> str:
    """`Adresse e-mail (perso)` as `adresse e mail`."""
    bare = re.sub(r"\(.*?\)|\[.*?\]|[*:]", " ", heading)
    decomposed = unicodedata.normalize("NFKD", bare.casefold())
    letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    return " ".join(re.sub(r"[^\w]+|_", " ", letters).split())


def _by_field(fields: Sequence[Field], cells: Sequence[str]) -> dict[Field, str]:
    found: dict[Field, str] = {}
    notes: list[str] = []
    for field, cell in zip(fields, cells, strict=False):
        if field in ("notes", "phone"):
            notes += [f"Tél. {cell}" if field == "phone" else cell] if cell else []
        elif field:
            found[field] = cell
    return found | {"notes": "\n".join(notes)}


def _row(line: int, fields: Mapping[Field, str], seen: dict[str, int]) -> ListedMember | LineFault:
    parts = " ".join(filter(None, (fields.get("first_name", ""), fields.get("name", ""))))
    name = fields.get("full_name") or parts
    if not name:
        return LineFault(line, "no_name", "")
    role = ROLES.get(fields.get("role", "").casefold())
    if role is None:
        return LineFault(line, "role", fields["role"])
    for badge in fields.get("badge", "").casefold().split():
        if badge in seen:
            return LineFault(line, "twice", f"{badge} ({seen[badge]})")
        seen[badge] = line
    if doubted := _doubted(fields.get("badge", ""), fields.get("badge_keys", "")):
        return LineFault(line, "keys", doubted)
    return ListedMember(line, name, fields.get("email", ""), role, fields.get("badge", ""), fields.get("notes", ""))


def _doubted(badges: str, keys: str) -> str:
    """The first badge whose number says another thing of its keys than the column does; "" where none does.

    One with keys that is named by its ID alone would be let in on that ID. Words that are none of ours say nothing.
    """
    for badge, words in zip(badges.split(), keys.split(","), strict=False):
        has_keys = HAS_KEYS.get(_plain(words))
        if has_keys is not None and has_keys is badge.casefold().startswith("uid:"):
            return badge
    return ""
