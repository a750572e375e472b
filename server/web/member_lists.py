"""Members as a table: exported, and imported after a dry run that names each faulty line."""

from typing import NamedTuple

from flask import Blueprint, Response, make_response, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from device.contract.instant import Instant
from server.core import csv_cells
from server.core.member_list import COLUMNS, LineFault, MemberList, Row, read_members
from server.store import badges, directory, members
from server.store.database import Books
from server.store.refusal import Refusal
from server.web.access import open_to_admins
from server.web.bodies import takes_files
from server.web.catalogue import gettext as _
from server.web.deeds import Did, do, redirect_to, tell
from server.web.language import told
from server.web.place import the_place
from server.web.reading import the_books

pages = Blueprint("member_lists", __name__, url_prefix="/members")


class Fault(NamedTuple):
    """A line of the file, and what is wrong with it in plain words."""

    line: int
    text: str


class _DryRun(Exception):
    """Ends a transaction that was only tried: nothing of it is kept."""

    def __init__(self, refused: list[tuple[int, Refusal]]) -> None:
        super().__init__("dry run")
        self.refused = refused

    def in_words(self) -> list[Fault]:
        """Each refusal with its line."""
        return [Fault(line, told(refusal)) for line, refusal in self.refused]


@pages.get("/export.csv")
@open_to_admins
def export() -> Response:
    """Everybody, as a spreadsheet reads it."""
    books = the_books()
    held: dict[int, list[str]] = {}
    for badge in badges.every(books):
        if badge.ended_at is None:
            held.setdefault(badge.member, []).append(badge.credential)
    rows = [
        (each.id, each.name, each.email, each.role, " ".join(held.get(each.id, ())), each.notes)
        for each in members.every(books)
    ]
    answer = Response(csv_cells.written(("id", *COLUMNS), rows), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = "attachment; filename=members.csv"
    return answer


@pages.get("/import")
@open_to_admins
def choose_file() -> str:
    """Which file?"""
    return render_template("import.html", columns=COLUMNS, text="", people=None, faults=[])


@pages.post("/import")
@open_to_admins
@takes_files
def import_members() -> Answer:
    """First a dry run, which shows what would be added and each line that cannot be; then the same for good."""
    file = request.files.get("file")
    text = csv_cells.decoded(file.read()) if file else request.form.get("text", "")
    people = _people(text)
    for_good = request.form.get("for_good") == "yes"
    faults = [*map(_in_words, people.faults), *_tried(people)] if not for_good else []
    if for_good:
        try:
            count = _added(people)
        except _DryRun as failed:
            faults, for_good = failed.in_words(), False
    if not for_good:
        page = render_template("import.html", columns=COLUMNS, text=text, people=people.rows, faults=sorted(faults))
        return make_response(page, 422 if faults else 200)
    tell(_("%(count)s membres ajoutés.", count=count))
    return redirect_to(url_for("members.directory_page"))


def _people(text: str) -> MemberList:
    try:
        return read_members(csv_cells.read(text))
    except ValueError as error:
        return MemberList([], [LineFault(1, "unreadable", str(error))])


def _tried(people: MemberList) -> list[Fault]:
    """What the books would refuse; they are asked, and nothing is kept."""

    def work(books: Books, now: Instant) -> None:
        raise _DryRun(_add_each(books, people.rows, now))

    try:
        the_place().writer.order(work)
    except _DryRun as run:
        return run.in_words()
    raise AssertionError("a dry run keeps nothing")


def _added(people: MemberList) -> int:
    def work(books: Books, now: Instant, operator: str) -> Did[int]:
        refused = _add_each(books, people.rows, now)
        if refused or people.faults:  # the books changed since the dry run
            raise _DryRun(refused)
        return Did(len(people.rows), after={"count": len(people.rows)})

    return do("member.import", work).result


def _add_each(books: Books, rows: list[Row], now: Instant) -> list[tuple[int, Refusal]]:
    """Adds them in the transaction that is open; what was refused, by line."""
    known = directory.by_email(books)
    refused: list[tuple[int, Refusal]] = []
    for row in rows:
        try:
            if row.email.casefold() in known:
                raise Refusal("{email} is member {id} already", email=row.email, id=known[row.email.casefold()])
            added = members.add(books, row.name, email=row.email, role=row.role, now=now)
            if row.notes:
                members.edit(books, added.id, notes=row.notes)
            for credential in row.badge.split():
                badges.assign(books, added.id, credential, now=now)
        except Refusal as refusal:
            refused.append((row.line, refusal))
    return refused


def _in_words(fault: LineFault) -> Fault:
    text = {
        "no_heading": _("la première ligne doit nommer les colonnes, dont « name » ou « nom »"),
        "unreadable": _("ce n'est pas un tableau : %(error)s", error=fault.text),
        "too_many": _("%(count)s lignes : trop pour une fois", count=fault.text),
        "no_name": _("le nom manque"),
        "role": _("« %(role)s » n'est pas un rôle : membre ou concierge", role=fault.text),
        "twice": _("déjà dans ce fichier : %(what)s", what=fault.text),
    }[fault.trouble]
    return Fault(fault.line, text)
