"""Whose turn it is: of all servers that a place ever had, the one with the highest term keeps the books.

The term is a number in the books; a hidden file says that this very folder has begun it, since books are also copied. A
server that sees a copy of a higher term is not the one any more: it stops, notes that, and does not start again.
"""

from contextlib import suppress
from pathlib import Path

from device.contract.instant import Instant
from server.errors import Refusal
from server.replica.target import Target, target_of
from server.site.folder import SiteFolder
from server.site.whole_file import write_whole
from server.store import copies
from server.store.database import open_database

OWN, FOLLOWED = ".term", ".followed"


def own_term(site: SiteFolder) -> int | None:
    """The term that this folder has begun, if it has."""
    with suppress(OSError, ValueError):
        return int((site.folder / OWN).read_text("ascii"))
    return None


def note_own(folder: Path, term: int) -> None:
    """This folder has begun the term."""
    write_whole(folder / OWN, f"{term}\n".encode(), 0o600)


def claim(site: SiteFolder, target: Target, now: Instant) -> int:
    """The term that this folder copies under: its own, or a new one above all that there are, for books that were
    restored or never copied. Raises `Refusal` where the store is away, or another server has followed.
    """
    refuse_followed(site)
    own = own_term(site)
    with open_database(site.database_path) as db:
        term = copies.term(db)
        if own is not None and own == term:
            note_followed(site, target)
            return term
        term = max(term, target.newest_term(max(term, 1))) + 1
        with db.writing():
            copies.begin_term(db, term, now)
    note_own(site.folder, term)
    return term


def note_followed(site: SiteFolder, target: Target) -> None:
    """Looks whether another server has taken over, and notes it; raises `Refusal` where one has, or it is away."""
    own = own_term(site)
    newest = target.newest_term(own + 1) if own is not None else 0
    if own is not None and newest > own:
        write_whole(site.folder / FOLLOWED, f"{newest}\n".encode(), 0o600)
        refuse_followed(site)


def refuse_followed(site: SiteFolder) -> None:
    """Raises `Refusal` where another server was seen to have taken over."""
    with suppress(FileNotFoundError):
        term = (site.folder / FOLLOWED).read_text("ascii").strip()
        raise Refusal("server_followed", folder=site.folder.absolute(), term=term)


def must_be_the_one(site: SiteFolder) -> None:
    """Raises `Refusal` where another server has taken over, as far as can be seen: a store may be away."""
    refuse_followed(site)
    target = target_of(site)
    if target is None:
        return
    try:
        note_followed(site, target)
    except Refusal as refused:
        if refused.code == "server_followed":
            raise
