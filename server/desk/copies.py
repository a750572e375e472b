"""What there is of the place besides itself, should its machine burn: the backups of the nights, and the copy of the
books that goes on all the time."""

from dataclasses import dataclass
from datetime import timedelta

from device.contract.instant import Instant
from server.backups import sealing
from server.backups.carried import carried_at, lies_beside_books
from server.backups.note import BackupNote, read_note
from server.replica import note as replica_note
from server.replica.note import ReplicaNote
from server.site.folder import SiteFolder

STALE_AFTER = timedelta(hours=36)
"""A backup is made every night: an older last one has missed one."""

CARRIED_FOR = timedelta(days=30)
"""So long a backup that somebody took elsewhere is fresh enough to start again from."""

BEHIND_AFTER = timedelta(minutes=5)
"""It is behind for a second at every write; for longer when the copier or the store is away."""


@dataclass(frozen=True)
class Copies:
    """`sealed_since` is when the place got its backup key; None where it has none.

    `beside_books`: the backups lie on the disk of the books; `carried_at` is when somebody last took one elsewhere.
    """

    backup: BackupNote | None = None
    sealed_since: Instant | None = None
    wants_replica: bool = False
    replica: ReplicaNote | None = None
    beside_books: bool = False
    carried_at: Instant | None = None

    def is_backup_overdue(self, now: Instant) -> bool:
        """Whether a night went by without a good backup; a place that has no key and no backup never had any set up."""
        since = self.backup.good_at if self.backup else self.sealed_since
        if self.backup and self.backup.fault:
            return True
        return since is not None and now - since > STALE_AFTER

    def are_all_here(self, now: Instant) -> bool:
        """Whether all that there is of the place goes with its disk."""
        if not self.beside_books or self.wants_replica:
            return False
        return self.carried_at is None or now - self.carried_at > CARRIED_FOR

    def is_replica_behind(self, now: Instant) -> bool:
        """Whether the copy is away or has not had everything for too long."""
        if not self.wants_replica:
            return False
        note = self.replica
        if note is None or note.unverified:
            return True
        return now - (note.current_at or note.began_at) > BEHIND_AFTER or (note.fault == "away" and note.term > 0)


def read_copies(site: SiteFolder) -> Copies:
    """What is known now."""
    key = site.secrets_folder / sealing.PUBLIC_KEY
    sealed_since = Instant.of_epoch_ms(int(key.stat().st_mtime * 1000)) if key.exists() else None
    replica = replica_note.read_note(site.folder)
    backup = read_note(site.folder)
    return Copies(
        backup,
        sealed_since,
        wants_replica=bool(site.settings.replica.url),
        replica=replica,
        beside_books=lies_beside_books(backup, site.folder),
        carried_at=carried_at(site.folder),
    )
