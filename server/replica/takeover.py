"""Another machine becomes the server: from the copy of the books, and the key from the safe."""

import re
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

from device.contract.instant import Instant
from server.errors import Refusal
from server.replica import litestream, sealed_place, term
from server.replica.target import Target, folder_of, newly_found, sites_in
from server.site.backup import SCRATCH, FolderOwner, check_place, look_for_damage, owner_of, put_into, refuse_filled
from server.site.folder import SiteFolder
from server.site.settings import FILE_NAME
from server.store import copies, database
from server.store.copies import Newest, SealedPlace
from server.store.database import open_database
from server.store.units.access_lists import LEAP

FAR = 2 * LEAP
"""So far access lists go on that the former server takes what units then say for nothing that it ever gave out."""


class TakenOver(NamedTuple):
    """The place as it is now; what was written after `through` by the former server is not in it."""

    site: SiteFolder
    term: int
    through: Instant
    newest: Newest
    is_claimed: bool


def take_over(
    url: str,
    folder: Path,
    key: Callable[[], str],
    *,
    site: str | None,
    access: Mapping[str, str],
    now: Instant,
) -> TakenOver:
    """A whole place in the empty `folder`, from the newest copy in the store at `url`; `key` asks for the private key.

    The term is raised and claimed in the store, so that the former server, should it come back, sees that and stops.
    Raises `Refusal`; nothing was made then.
    """
    refuse_filled(folder)
    folder.absolute().parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.absolute().parent, prefix=SCRATCH) as name:
        scratch = Path(name)
        target = newly_found(url, site or _only_site(url), access, scratch)
        newest = target.newest_term(1)
        copied = target.copied(newest) if newest else None
        if copied is None:
            raise Refusal("no_replica", where=target.shown, site=target.site)
        unpacked = _fetched(target, newest, key(), scratch)
        _settle(unpacked / FILE_NAME, url)
        check_place(Path(target.shown), unpacked)
        with open_database(unpacked / database.FILE_NAME) as db, db.writing():
            copies.begin_term(db, newest + 1, now)
            known = copies.newest(db)
        term.note_own(unpacked, newest + 1)
        owner = owner_of(folder)
        put_into(unpacked, folder, FAR)
    made = SiteFolder(folder)
    is_claimed = _claimed(made, target.address(newest + 1), access, owner)
    return TakenOver(made, newest + 1, copied.written_at, known, is_claimed)


def _claimed(made: SiteFolder, address: str, access: Mapping[str, str], owner: FolderOwner | None) -> bool:
    """Whether the store has a first copy under the new term now, by which the former server sees that it is over."""
    try:
        litestream.copy_once(made.database_path, address, access, owner)
    except Refusal:  # full, or read alone: the place is whole all the same, and `poincon replica run` tries on
        return False
    return True


def _only_site(url: str) -> str:
    """The place whose copy lies in a folder; raises `Refusal` where that does not say it."""
    folder = folder_of(url)
    if folder is None:
        raise Refusal("replica_of_which_site")
    if not folder.is_dir():
        raise Refusal("replica_folder_missing", folder=folder)
    found = sites_in(folder)
    if not found:
        raise Refusal("no_replica", where=folder, site="*")
    if len(found) > 1:
        raise Refusal("replica_of_which_site")
    return found[0]


def _fetched(target: Target, newest: int, key: str, scratch: Path) -> Path:
    books = scratch / database.FILE_NAME
    target.fetch(newest, books)
    look_for_damage(books, Path(target.shown))
    unpacked = scratch / "place"
    sealed_place.open_into(_sealed(books, target), key, unpacked)
    books.rename(unpacked / database.FILE_NAME)
    return unpacked


def _sealed(books: Path, target: Target) -> SealedPlace:
    with open_database(books) as db:
        sealed = copies.sealed_place(db)
    if sealed is None:
        raise Refusal("replica_without_secrets", where=target.shown)
    return sealed


def _settle(settings: Path, url: str) -> None:
    """The copy goes on where this machine found it: a stick may be called otherwise here."""
    text = settings.read_text("utf-8")
    quoted = url.replace("\\", "\\\\").replace('"', '\\"')
    line = re.compile(r'^(\[replica\][^\[]*?^url *= *)"[^"\n]*"', re.MULTILINE)
    changed = line.sub(lambda found: f'{found[1]}"{quoted}"', text, count=1)
    settings.write_text(changed, "utf-8")
