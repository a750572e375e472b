"""A place that comes back from its backup, as it may be used now: what was past its time since then is gone."""

from pathlib import Path
from typing import BinaryIO

from device.contract.instant import Instant
from server.accounts.accounts import Accounts
from server.accounts.work import Work
from server.backups.backup import restore_from
from server.retention.nightly import purge_restored
from server.site.folder import SiteFolder
from server.site.rules_in_force import house_of
from server.store.database import open_database


def bring_back(content: BinaryIO, file: Path, folder: Path, key: str | None, *, now: Instant, by: str) -> SiteFolder:
    """The place of an open backup in the empty `folder`, for `by`, who is written beside what is removed.

    `file` and `key` are those of `restore`. Raises `Refusal`.
    """
    restore_from(content, file, folder, key)
    made = SiteFolder(folder)
    with open_database(made.database_path) as db:
        house = house_of(db, made.settings)
        work = Work(db=db, house=house, settings=made.settings, accounts=Accounts(db, house), now=now, operator=by)
        purge_restored(work)
    return made
