"""A copy fetched on trial: whether a whole place could be made from it, if its server burned tonight."""

import tempfile
from pathlib import Path

from device.contract.instant import Instant
from server.errors import Refusal
from server.replica.target import Target
from server.site.backup import SCRATCH, look_for_damage
from server.site.folder import SiteFolder
from server.site.rules_in_force import house_of
from server.store import copies, database
from server.store.database import open_database
from server.verify.verify import verify


def try_copy(site: SiteFolder, target: Target, term: int, now: Instant) -> None:
    """Fetches the books, reads all their pages, recomputes them from their sources, and looks for the sealed settings
    and secrets; raises `Refusal` where anything is wrong with them.
    """
    with tempfile.TemporaryDirectory(dir=site.folder, prefix=SCRATCH) as scratch:
        books = Path(scratch) / database.FILE_NAME
        target.fetch(term, books)
        look_for_damage(books, Path(target.shown))
        with open_database(books) as db:
            if differences := verify(db, house_of(db, site.settings), now):
                raise Refusal("books_disagree", count=len(differences))
            if copies.sealed_digest(db) is None:
                raise Refusal("replica_without_secrets", where=target.shown)
