"""What there is of the place besides itself, should its machine burn: the backups of the nights, and the copy of the
books that goes on all the time."""

from dataclasses import dataclass
from datetime import timedelta

from device.contract.instant import Instant
from server.backups import sealing
from server.backups.note import BackupNote, read_note
from server.replica import note as replica_note
from server.replica.note import ReplicaNote
from server.site.folder import SiteFolder

STALE_AFTER = timedelta(hours=36)
"""A backup is made every night: an older last one has missed one."""

BEHIND_AFTER = timedelta(minutes=5)
"""It is behind for a second at every write; for longer when the copier or the store is away."""


@dataclass(frozen=True)
class Copies:
    """`sealed_since` is when the place got its backup key; None where it has none."""

    backup: BackupNote | None = None
    sealed_since: Instant | None = None
    wants_replica: bool = False
    replica: ReplicaNote | None = None

    def is_backup_overdue(self, now: Instant) -> bool:
        """Whether a night went by without a good backup; a place that has no key and no backup never had any set up."""
        since = self.backup.good_at if self.backup else self.sealed_since
        if self.backup and self.backup.fault:
            return True
        return since is not None and now - since > STALE_AFTER

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
    return Copies(read_note(site.folder), sealed_since, bool(site.settings.replica.url), replica)
