"""Members as a table: exported, and imported after a dry run that names each faulty line."""

from functools import partial
from typing import NamedTuple

from flask import Blueprint, Response, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from server.accounts.work import Work
from server.errors import Refusal
from server.formats import csv_cells
from server.formats.member_list import (
    COLUMNS,
    FIELDS,
    Field,
    LineFault,
    ListedMember,
    MemberList,
    read_members,
)
from server.people import member_import
from server.people.member_import import (
    Double,
    Imported,
    RefusedLine,
    add_each,
    doubles,
    fingerprint,
    last_import,
    shared_addresses,
    to_add,
)
from server.store.database import Database
from server.store.people import badge_keys, badges, members
from server.web.access import open_to_admins, the_operator
from server.web.bodies import takes_files
from server.web.language import told
from server.web.numbers import form_number
from server.web.operator_actions import ActionOutcome, carry_out, redirect_to, tell, tell_fault
from server.web.place import the_place
from server.web.reading import the_books
from server.web.texts import gettext as _
from server.web.texts import ngettext

pages = Blueprint("member_lists", __name__, url_prefix="/members")


class ListFault(NamedTuple):
    """A line of the file, 0 for all of it, and what is wrong with it in plain words."""

    line: int
    text: str


class Preview(NamedTuple):
    """What would be done with a file: read, compared with who is there, tried on the books."""

    people: MemberList
    also: frozenset[int]
    """The lines of doubles that are to be added all the same."""
    doubles: list[Double]
    shared: list[str]
    refused: list[RefusedLine] = []  # noqa: RUF012 - a default of a tuple is never changed

    @property
    def rows(self) -> list[ListedMember]:
        """Those who would be added."""
        return to_add(self.people.rows, self.doubles, self.also)

    @property
    def faults(self) -> list[ListFault]:
        """Each line that is wrong, in order; in the language of the page."""
        refused = [ListFault(line, told(refusal)) for line, refusal in self.refused]
        return sorted([*map(_in_words, self.people.faults), *refused])

    @property
    def fingerprint(self) -> str:
        """What tells it from any other, whichever doubles are asked for."""
        return fingerprint(self.people.rows, self.doubles)


class _NotKept(Exception):
    """Ends a transaction of which nothing is to be kept."""

    def __init__(self, preview: Preview) -> None:
        super().__init__("nothing is kept")
        self.preview = preview


@pages.get("/export.csv")
@open_to_admins
def export() -> Response:
    """Everybody, as a spreadsheet reads it."""
    db, present = the_books(), the_place().site_keys().present
    known = badge_keys.every(db)
    held: dict[int, list[tuple[str, str]]] = {}
    for badge in badges.every(db):
        if badge.ended_at is None:
            version = badge_keys.version_of(known, badge.credential, present)
            held.setdefault(badge.member, []).append((badge.credential, _keys_in_words(version)))
    rows = [
        (
            *(each.id, each.name, each.email, each.role),
            " ".join(credential for credential, _keys in held.get(each.id, ())),
            ", ".join(keys for _credential, keys in held.get(each.id, ())),
            each.notes,
        )
        for each in members.every(db)
    ]
    answer = Response(csv_cells.written(("id", *COLUMNS), rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment; filename=members.csv"
    return answer


@pages.get("/import")
@open_to_admins
def choose_file() -> str:
    """Which file? And the last list that came in, to be taken back."""
    return render_template("import.html", columns=COLUMNS, preview=None, last=last_import(the_books()))


@pages.post("/import")
@open_to_admins
@takes_files
def import_members() -> Answer:
    """First a dry run, which shows what would be added and each line that cannot be; then the same for good."""
    file = request.files.get("file")
    content = file.read() if file else b""
    text = csv_cells.decoded(content) if file else request.form.get("text", "")
    kind = csv_cells.workbook(content)
    people = MemberList([], [LineFault(1, kind, "")], []) if kind else _people(text, _chosen())
    also = frozenset(int(line) for line in request.form.getlist("also") if line.isdecimal() and len(line) < 7)
    shown = request.form.get("shown", "")
    preview = _tried(people, also)
    if request.form.get("for_good") == "yes" and shown == preview.fingerprint and not preview.faults and preview.rows:
        try:
            return _added(people, also, shown)
        except _NotKept as changed:  # by somebody else, in between
            preview = changed.preview
    has_changed = bool(shown) and request.form.get("for_good") == "yes"
    page = render_template("import.html", preview=preview, text=text, has_changed=has_changed, fields=FIELDS)
    return make_response(page, 422 if preview.faults else 409 if has_changed else 200)


@pages.post("/import/undo")
@open_to_admins
def undo_import() -> Answer:
    """Takes a whole list back, while nobody of it has been used."""
    try:
        count = carry_out("member.import_undo", _undo, change=form_number("change") or 0).result.people
    except Refusal as refusal:
        tell_fault(told(refusal))
        return redirect_to(url_for("member_lists.choose_file"))
    tell(ngettext("%(num)d imported member was taken out.", "%(num)d imported members were taken out.", count))
    return redirect_to(url_for("member_lists.choose_file"))


def _undo(work: Work, *, change: int) -> ActionOutcome[Imported]:
    undone = member_import.undo(work.db, change)
    return ActionOutcome(undone, before={"count": undone.people, "first": undone.first, "last": undone.last})


def _added(people: MemberList, also: frozenset[int], shown: str) -> Answer:
    """Adds them; raises `_NotKept` where the books are not any more as they were shown."""
    done = carry_out("member.import", _add, people=people, also=also, shown=shown)
    undo = url_for("member_lists.undo_import")
    text = ngettext("%(num)d member added.", "%(num)d members added.", done.result.people)
    tell(text, undo=undo, fields={"change": done.change})
    return redirect_to(url_for("members.directory_page"))


def _add(work: Work, *, people: MemberList, also: frozenset[int], shown: str) -> ActionOutcome[Imported]:
    preview = _looked_at(work.db, people, also)
    added, refused = add_each(work.db, preview.rows, now=work.now, allow_uid=work.settings.badges.allow_uid)
    if refused or preview.fingerprint != shown:
        raise _NotKept(preview._replace(refused=refused))
    return ActionOutcome(added, after={"count": added.people, "first": added.first, "last": added.last})


def _people(text: str, chosen: list[Field] | None) -> MemberList:
    try:
        return read_members(csv_cells.read(text), chosen)
    except ValueError as error:
        return MemberList([], [LineFault(1, "unreadable", str(error))], [])


def _chosen() -> list[Field] | None:
    """What somebody said that the columns are."""
    said = request.form.getlist("column")
    return [next((field for field in FIELDS if field == each), "") for each in said] if said else None


def _tried(people: MemberList, also: frozenset[int]) -> Preview:
    """The books are asked what they would refuse; nothing is kept."""
    try:
        the_place().writer.order(partial(_try, people=people, also=also), the_operator().name)
    except _NotKept as run:
        return run.preview
    raise AssertionError("a dry run keeps nothing")


def _try(work: Work, *, people: MemberList, also: frozenset[int]) -> None:
    preview = _looked_at(work.db, people, also)
    _, refused = add_each(work.db, preview.rows, now=work.now, allow_uid=work.settings.badges.allow_uid)
    raise _NotKept(preview._replace(refused=refused))


def _looked_at(db: Database, people: MemberList, also: frozenset[int]) -> Preview:
    return Preview(people, also, doubles(db, people.rows), shared_addresses(db, people.rows))


def _keys_in_words(version: int | None) -> str:
    """What of a badge's keys stands beside its number; `member_list.HAS_KEYS` understands it."""
    if version is None:
        return _("copyable")
    return _("with keys (version %(version)s)", version=version) if version else _("blank")


def _in_words(fault: LineFault) -> ListFault:
    text = {
        "no_heading": _("no column has the name: choose it below, or write “name” above it"),
        "heading": _(
            "the letters of the column “%(heading)s” were lost: save the file as CSV UTF-8, or say below what it is",
            heading=fault.text,
        ),
        "unreadable": _("this is no table: %(error)s", error=fault.text),
        "excel": _("this is an Excel workbook: save it as CSV (File, Save as, CSV UTF-8)"),
        "opendocument": _("this is a LibreOffice spreadsheet: save it as CSV (File, Save as, CSV)"),
        "too_many": _("%(count)s lines: too many at once", count=fault.text),
        "no_name": _("the name is missing"),
        "role": _("“%(role)s” is no role: member or concierge", role=fault.text),
        "twice": _("in this file already: %(what)s", what=fault.text),
        "keys": _("%(badge)s: its number and what the table says of its keys do not go together", badge=fault.text),
    }[fault.trouble]
    return ListFault(0 if fault.trouble in ("excel", "opendocument", "unreadable") else fault.line, text)
